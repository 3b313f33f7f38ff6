import { hash } from "node:crypto";
import { PullcordError, type Person, type Session } from "@pullcord/sdk/protocol";
import { appendEntry } from "../store/audit.js";
import { endSession, findPerson, insertPerson, insertSession, insertSignInCode, useSignInCode } from "../store/people.js";
import type { Command } from "./context.js";

/** How long a one-time sign-in code is good, in milliseconds. */
const codeLifeMs = 10 * 60_000;
const sessionLifeMs = { console: 30 * 24 * 3_600_000, cli: 90 * 24 * 3_600_000 } as const;

/** The first person: whoever starts the server. */
const owner: Person = { id: "owner", name: "Owner", role: "admin" };

/** Begins every CLI session token. */
const sessionTokenPrefix = "pcs_";

export interface OpenedSession {
  readonly session: Session;
  readonly token: string;
}

/** Makes a one-time sign-in code for a person. Only its hash is kept. */
export const makeSignInCode: Command<{ readonly personId: string }, { code: string; expiresAt: number }> = async (
  { tx, now, actor, outside },
  { personId },
) => {
  const code = outside.newSecret();
  const expiresAt = now + codeLifeMs;
  await insertSignInCode(tx, { codeHash: hash("sha256", code), personId, expiresAt });
  await appendEntry(tx, { type: "sign_in_link.made", at: now, actor, body: { person: personId, expiresAt } });
  return { code, expiresAt };
};

/** Signs a person in with a code: once, within its life. */
export const signIn: Command<{ readonly code: string; readonly kind: Session["kind"] }, OpenedSession> = async (
  context,
  { code, kind },
) => {
  const { tx, now } = context;
  const personId = await useSignInCode(tx, hash("sha256", code), now);
  const person = personId === undefined ? undefined : await findPerson(tx, personId);
  if (!person) {
    const text = "This sign-in link was used or has expired. Make a new one with: npx pullcord sign-in";
    throw new PullcordError("unauthenticated", "bad_code", text, { field: "/code" });
  }
  return openSession(context, { person, kind });
};

/** Opens a session for a person who is known otherwise: the owner of a same-user server, at its start. */
export const openSession: Command<{ readonly person: Person; readonly kind: Session["kind"] }, OpenedSession> = async (
  { tx, now, outside },
  { person, kind },
) => {
  const token = `${sessionTokenPrefix}${outside.newSecret()}`;
  const session: Session = { person, kind, requestToken: outside.newSecret(), expiresAt: now + sessionLifeMs[kind] };
  await insertSession(tx, { session, tokenHash: hash("sha256", token) }, now);
  await appendEntry(tx, {
    type: "person.signed_in",
    at: now,
    actor: { kind: "person", id: person.id, via: kind },
    body: { session: kind },
  });
  return { session, token };
};

export const signOut: Command<{ readonly tokenHash: string }, void> = async ({ tx, now, actor }, { tokenHash }) => {
  await endSession(tx, tokenHash, now);
  await appendEntry(tx, { type: "person.signed_out", at: now, actor, body: {} });
};

export const ensureOwner: Command<void, Person> = async ({ tx, now, actor }) => {
  const known = await findPerson(tx, owner.id);
  if (known) return known;
  await insertPerson(tx, owner, now);
  await appendEntry(tx, { type: "person.added", at: now, actor, body: { ...owner } });
  return owner;
};
