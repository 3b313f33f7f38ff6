import type { PolicyDifference } from "@pullcord/sdk/protocol";
import { statement } from "./statement.js";
import type { Tables } from "./tables.js";
import type { Reader, Transaction } from "./transaction.js";

/** The shadow policy, kept over a restart. */
export interface StoredShadow {
  readonly text: string;
  readonly since: number;
}

const key = "policy_shadow";
/** Most differences of one shadow that are read at a time; the newest. */
const mostRead = 10_000;

const insert = statement<Tables["shadow_decisions"], never>((db, value) =>
  db
    .insertInto("shadow_decisions")
    .values({ action_id: value("action_id"), version: value("version"), at: value("at"), body: value("body") })
    .onConflict((conflict) => conflict.column("action_id").doNothing()),
);
const forget = statement<{ before: number }, never>((db, value) => db.deleteFrom("shadow_decisions").where("at", "<", value("before")));
const setMeta = statement<Tables["meta"], never>((db, value) =>
  db
    .insertInto("meta")
    .values({ key: value("key"), value: value("value") })
    .onConflict((conflict) => conflict.column("key").doUpdateSet({ value: value("value") })),
);
const clearMeta = statement<{ key: string }, never>((db, value) => db.deleteFrom("meta").where("key", "=", value("key")));
const meta = statement<{ key: string }, { value: string }>((db, value) =>
  db.selectFrom("meta").select("value").where("key", "=", value("key")),
);
const decidedSince = statement<{ since: number }, { count: number }>((db, value) =>
  db
    .selectFrom("decided_facts")
    .select((is) => is.fn.countAll<number>().as("count"))
    .where("at", ">=", value("since")),
);

export async function saveShadow(tx: Transaction, shadow: StoredShadow | null): Promise<void> {
  await (shadow === null ? tx.all(clearMeta, { key }) : tx.all(setMeta, { key, value: JSON.stringify(shadow) }));
}

export async function findShadow(reader: Reader): Promise<StoredShadow | null> {
  const row = await reader.first(meta, { key });
  return row ? (JSON.parse(row.value) as StoredShadow) : null;
}

/** Keeps that the shadow would have decided otherwise. */
export async function insertShadowDecision(tx: Transaction, version: string, difference: PolicyDifference): Promise<void> {
  const [actionId = ""] = difference.actionIds;
  await tx.all(insert, { action_id: actionId, version, at: difference.lastAt, body: JSON.stringify(difference) });
}

export async function listShadowDecisions(reader: Reader, version: string): Promise<readonly PolicyDifference[]> {
  const rows = await reader.query((db) =>
    db.selectFrom("shadow_decisions").select("body").where("version", "=", version).orderBy("at", "desc").limit(mostRead),
  );
  return rows.map(({ body }) => JSON.parse(body) as PolicyDifference);
}

/** Lets go of what a shadow would have decided otherwise before then. */
export async function forgetShadowDecisions(tx: Transaction, before: number): Promise<void> {
  await tx.all(forget, { before });
}

/** How many actions were decided since. */
export async function countDecidedSince(reader: Reader, since: number): Promise<number> {
  return (await reader.first(decidedSince, { since }))?.count ?? 0;
}
