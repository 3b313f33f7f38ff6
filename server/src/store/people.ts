import type { Person, Role, Session } from "@pullcord/sdk/protocol";
import { statement } from "./statement.js";
import type { Tables } from "./tables.js";
import type { Reader, Transaction } from "./transaction.js";

const insertPersonRow = statement<Tables["people"], never>((db, value) =>
  db.insertInto("people").values({ id: value("id"), name: value("name"), role: value("role"), created_at: value("created_at") }),
);
const personById = statement<{ id: string }, Tables["people"]>((db, value) =>
  db.selectFrom("people").selectAll().where("id", "=", value("id")),
);

export async function insertPerson(tx: Transaction, person: Person, at: number): Promise<void> {
  await tx.all(insertPersonRow, { id: person.id, name: person.name, role: person.role, created_at: at });
}

export async function findPerson(reader: Reader, id: string): Promise<Person | undefined> {
  const row = await reader.first(personById, { id });
  return row && { id: row.id, name: row.name, role: row.role as Role };
}

const insertCode = statement<Tables["sign_in_codes"], never>((db, value) =>
  db.insertInto("sign_in_codes").values({
    code_hash: value("code_hash"),
    person_id: value("person_id"),
    expires_at: value("expires_at"),
    used_at: value("used_at"),
  }),
);
/** Compare and set: a code signs in once. */
const useCode = statement<{ code_hash: string; now: number }, { person_id: string }>((db, value) =>
  db
    .updateTable("sign_in_codes")
    .set({ used_at: value("now") })
    .where("code_hash", "=", value("code_hash"))
    .where("used_at", "is", null)
    .where("expires_at", ">", value("now"))
    .returning("person_id"),
);

export async function insertSignInCode(tx: Transaction, code: { codeHash: string; personId: string; expiresAt: number }): Promise<void> {
  await tx.all(insertCode, { code_hash: code.codeHash, person_id: code.personId, expires_at: code.expiresAt, used_at: null });
}

/** The person a code signs in; undefined when it is unknown, used or expired. */
export async function useSignInCode(tx: Transaction, codeHash: string, now: number): Promise<string | undefined> {
  return (await tx.first(useCode, { code_hash: codeHash, now }))?.person_id;
}

const insertSessionRow = statement<Tables["sessions"], never>((db, value) =>
  db.insertInto("sessions").values({
    token_hash: value("token_hash"),
    person_id: value("person_id"),
    kind: value("kind"),
    request_token: value("request_token"),
    created_at: value("created_at"),
    expires_at: value("expires_at"),
    ended_at: value("ended_at"),
  }),
);
const openSession = statement<{ token_hash: string; now: number }, Tables["sessions"] & { name: string; role: string }>((db, value) =>
  db
    .selectFrom("sessions")
    .innerJoin("people", "people.id", "sessions.person_id")
    .selectAll("sessions")
    .select(["people.name", "people.role"])
    .where("token_hash", "=", value("token_hash"))
    .where("ended_at", "is", null)
    .where("expires_at", ">", value("now")),
);
const endSessionRow = statement<{ token_hash: string; at: number }, never>((db, value) =>
  db
    .updateTable("sessions")
    .set({ ended_at: value("at") })
    .where("token_hash", "=", value("token_hash")),
);

export async function insertSession(
  tx: Transaction,
  { session, tokenHash }: { readonly session: Session; readonly tokenHash: string },
  at: number,
): Promise<void> {
  await tx.all(insertSessionRow, {
    token_hash: tokenHash,
    person_id: session.person.id,
    kind: session.kind,
    request_token: session.requestToken,
    created_at: at,
    expires_at: session.expiresAt,
    ended_at: null,
  });
}

export async function findSession(reader: Reader, tokenHash: string, now: number): Promise<Session | undefined> {
  const row = await reader.first(openSession, { token_hash: tokenHash, now });
  return (
    row && {
      person: { id: row.person_id, name: row.name, role: row.role as Role },
      kind: row.kind as Session["kind"],
      requestToken: row.request_token,
      expiresAt: row.expires_at,
    }
  );
}

export async function endSession(tx: Transaction, tokenHash: string, at: number): Promise<void> {
  await tx.all(endSessionRow, { token_hash: tokenHash, at });
}
