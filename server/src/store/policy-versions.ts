import type { Actor, PolicyVersion } from "@pullcord/sdk/protocol";
import { one, statement } from "./statement.js";
import type { Tables } from "./tables.js";
import type { Reader, Transaction } from "./transaction.js";

type Row = Tables["policy_versions"];

const insert = statement<Row, never>((db, value) =>
  db.insertInto("policy_versions").values({
    id: value("id"),
    version: value("version"),
    at: value("at"),
    actor: value("actor"),
    reason: value("reason"),
    body: value("body"),
  }),
);
const newest = statement<Record<string, never>, Pick<Row, "version">>((db) =>
  db.selectFrom("policy_versions").select("version").orderBy("at", "desc").orderBy("id", "desc").limit(one),
);
const textOf = statement<{ version: string }, Pick<Row, "body">>((db, value) =>
  db.selectFrom("policy_versions").select("body").where("version", "=", value("version")).orderBy("at", "desc").limit(one),
);

export async function insertPolicyVersion(
  tx: Transaction,
  id: string,
  { version, at, by, reason, text }: PolicyVersion & { readonly text: string },
): Promise<void> {
  await tx.all(insert, { id, version, at, actor: JSON.stringify(by), reason: reason ?? null, body: text });
}

export async function newestPolicyVersion(reader: Reader): Promise<string | null> {
  return (await reader.first(newest, {}))?.version ?? null;
}

export async function findPolicyText(reader: Reader, version: string): Promise<string | null> {
  return (await reader.first(textOf, { version }))?.body ?? null;
}

/** The newest first. */
export async function listPolicyVersions(
  reader: Reader,
  { cursor, limit }: { readonly cursor: { readonly at: number; readonly id: string } | undefined; readonly limit: number },
): Promise<readonly (PolicyVersion & { readonly id: string })[]> {
  const rows = await reader.query((db) => {
    let query = db.selectFrom("policy_versions").select(["id", "version", "at", "actor", "reason"]);
    if (cursor)
      query = query.where((is) => is.or([is("at", "<", cursor.at), is.and([is("at", "=", cursor.at), is("id", "<", cursor.id)])]));
    return query.orderBy("at", "desc").orderBy("id", "desc").limit(limit);
  });
  return rows.map(({ id, version, at, actor, reason }) => ({
    id,
    version,
    at,
    by: JSON.parse(actor) as Actor,
    ...(reason === null ? {} : { reason }),
  }));
}

const lastBefore = statement<{ before: number }, Pick<Row, "id" | "at">>((db, value) =>
  db
    .selectFrom("policy_versions")
    .select(["id", "at"])
    .where("at", "<", value("before"))
    .orderBy("at", "desc")
    .orderBy("id", "desc")
    .limit(one),
);
const forget = statement<{ before: number; kept: string }, Pick<Row, "id">>((db, value) =>
  db.deleteFrom("policy_versions").where("at", "<=", value("before")).where("id", "!=", value("kept")).returning("id"),
);

/** Whether any policy had been replaced by then. */
export async function hasReplacedBefore(reader: Reader, before: number): Promise<boolean> {
  const last = await reader.first(lastBefore, { before });
  return last !== undefined && (await reader.first(lastBefore, { before: last.at })) !== undefined;
}

/** Forgets what had been replaced by then; the policy that was in force at that moment stays. @returns how many */
export async function forgetPolicyVersions(tx: Transaction, before: number): Promise<number> {
  const last = await tx.first(lastBefore, { before });
  return last === undefined ? 0 : (await tx.all(forget, { before: last.at, kept: last.id })).length;
}
