import type { Action } from "@pullcord/sdk/protocol";
import type { RecordedAction, RecordedFacts } from "../domain/recorded.js";
import { one, statement } from "./statement.js";
import type { Tables } from "./tables.js";
import type { Reader, Transaction } from "./transaction.js";

const insert = statement<Tables["decided_facts"], never>((db, value) =>
  db.insertInto("decided_facts").values({ action_id: value("action_id"), at: value("at"), body: value("body") }),
);

/** Keeps what a decision can be decided again from. */
export async function saveDecidedFacts(
  tx: Transaction,
  actionId: string,
  { facts, at }: { readonly facts: RecordedFacts; readonly at: number },
) {
  await tx.all(insert, { action_id: actionId, at, body: JSON.stringify(facts) });
}

const ofAction = statement<{ id: string }, { action: string; facts: string }>((db, value) =>
  db
    .selectFrom("decided_facts")
    .innerJoin("actions", "actions.id", "decided_facts.action_id")
    .select(["actions.body as action", "decided_facts.body as facts"])
    .where("actions.id", "=", value("id")),
);

/** One decided action; undefined where nothing was kept of it. */
export async function findDecided(reader: Reader, actionId: string): Promise<RecordedAction | undefined> {
  const row = await reader.first(ofAction, { id: actionId });
  return row && recordedOf(row);
}

function recordedOf({ action, facts }: { readonly action: string; readonly facts: string }): RecordedAction | undefined {
  const decided = JSON.parse(action) as Action;
  const { decision } = decided;
  return decision ? { action: { ...decided, decision }, recorded: JSON.parse(facts) as RecordedFacts } : undefined;
}

/** Where a page of history ended. */
export interface HistoryCursor {
  readonly at: number;
  readonly id: string;
}

/** Decided actions with what they were decided from, the newest first. */
export async function listDecided(
  reader: Reader,
  { before, limit }: { readonly before: HistoryCursor | null; readonly limit: number },
): Promise<{ readonly items: readonly RecordedAction[]; readonly next: HistoryCursor | null }> {
  const rows = await reader.query((db) => {
    let query = db
      .selectFrom("decided_facts")
      .innerJoin("actions", "actions.id", "decided_facts.action_id")
      .select(["decided_facts.at as at", "actions.id as id", "actions.body as action", "decided_facts.body as facts"]);
    if (before)
      query = query.where((is) =>
        is.or([
          is("decided_facts.at", "<", before.at),
          is.and([is("decided_facts.at", "=", before.at), is("decided_facts.action_id", "<", before.id)]),
        ]),
      );
    return query.orderBy("decided_facts.at", "desc").orderBy("decided_facts.action_id", "desc").limit(limit);
  });
  const last = rows.at(-1);
  const items = rows.map(recordedOf).filter((one) => one !== undefined);
  return { items, next: rows.length === limit && last ? { at: last.at, id: last.id } : null };
}

const oldest = statement<Record<string, never>, { at: number }>((db) =>
  db.selectFrom("decided_facts").select("at").orderBy("at").limit(one),
);
const nthNewest = statement<{ after: number }, { at: number }>((db, value) =>
  db.selectFrom("decided_facts").select("at").orderBy("at", "desc").offset(value("after")).limit(one),
);
const forget = statement<{ before: number; limit: number }, { action_id: string }>((db, value) =>
  db
    .deleteFrom("decided_facts")
    .where("action_id", "in", (of) =>
      of.selectFrom("decided_facts").select("action_id").where("at", "<", value("before")).orderBy("at").limit(value("limit")),
    )
    .returning("action_id"),
);

/** When the oldest decision was made that anything is kept of; null without any. */
export async function oldestDecided(reader: Reader): Promise<number | null> {
  return (await reader.first(oldest, {}))?.at ?? null;
}

/** When that decision was made that so many newer ones follow; null where there are not so many. */
export async function decidedBefore(reader: Reader, newer: number): Promise<number | null> {
  return (await reader.first(nthNewest, { after: newer }))?.at ?? null;
}

/** Forgets the oldest, at most `limit`. @returns how many */
export async function forgetDecidedFacts(tx: Transaction, wanted: { readonly before: number; readonly limit: number }): Promise<number> {
  return (await tx.all(forget, { ...wanted })).length;
}
