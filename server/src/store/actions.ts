import type { Action, ActionStatus } from "@pullcord/sdk/protocol";
import { sql, type SqlBool } from "kysely";
import { one, statement } from "./statement.js";
import type { Tables } from "./tables.js";
import type { Reader, Transaction } from "./transaction.js";

type ActionRow = Tables["actions"];

/** Not run yet. Written out, not bound: only then do both databases see that the index `actions_unstarted` covers it. */
const isUnstarted = sql<SqlBool>`status in ('held', 'waiting', 'approved')`;

const insert = statement<ActionRow, never>((db, value) =>
  db.insertInto("actions").values({
    id: value("id"),
    run_id: value("run_id"),
    agent: value("agent"),
    digest: value("digest"),
    status: value("status"),
    effect: value("effect"),
    external_id: value("external_id"),
    proposed_at: value("proposed_at"),
    body: value("body"),
  }),
);

const update = statement<{ id: string; status: string; effect: string | null; body: string }, never>((db, value) =>
  db
    .updateTable("actions")
    .set({ status: value("status"), effect: value("effect"), body: value("body") })
    .where("id", "=", value("id")),
);

const byId = statement<{ id: string }, Pick<ActionRow, "body">>((db, value) =>
  db.selectFrom("actions").select("body").where("id", "=", value("id")),
);

/** Asked by a person and not run yet: what a repeated proposal may join. */
const asked = statement<{ run_id: string; digest: string }, Pick<ActionRow, "body">>((db, value) =>
  db
    .selectFrom("actions")
    .select("body")
    .where("run_id", "=", value("run_id"))
    .where(isUnstarted)
    .where("digest", "=", value("digest"))
    .limit(one),
);

export async function insertAction(tx: Transaction, action: Action): Promise<void> {
  await tx.all(insert, {
    id: action.id,
    run_id: action.runId,
    agent: action.agent,
    digest: action.digest,
    status: action.state.status,
    effect: action.decision?.effect ?? null,
    external_id: action.proposed.externalId ?? null,
    proposed_at: action.proposedAt,
    body: JSON.stringify(action),
  });
}

export async function updateAction(tx: Transaction, action: Action): Promise<void> {
  await tx.all(update, {
    id: action.id,
    status: action.state.status,
    effect: action.decision?.effect ?? null,
    body: JSON.stringify(action),
  });
}

export async function findAction(reader: Reader, id: string): Promise<Action | undefined> {
  const row = await reader.first(byId, { id });
  return row && actionOf(row);
}

export async function findAskedAction(reader: Reader, runId: string, digest: string): Promise<Action | undefined> {
  const row = await reader.first(asked, { run_id: runId, digest });
  return row && actionOf(row);
}

/** Actions of a run in these statuses, oldest first. */
export async function listUnstartedActions(
  reader: Reader,
  runId: string,
  statuses: readonly Extract<ActionStatus, "held" | "waiting" | "approved">[],
): Promise<Action[]> {
  const rows = await reader.query((db) =>
    db
      .selectFrom("actions")
      .select("body")
      .where("run_id", "=", runId)
      .where(isUnstarted)
      .where("status", "in", [...statuses]),
  );
  // Sorted here: asked for an order, SQLite would walk the index of all of the run's actions instead.
  return rows.map(actionOf).sort((a, b) => a.proposedAt - b.proposedAt || (a.id < b.id ? -1 : 1));
}

/** Newest first. */
export async function listActions(
  reader: Reader,
  filter: {
    readonly runId: string;
    readonly externalId?: string | undefined;
    readonly cursor?: { readonly proposedAt: number; readonly id: string } | undefined;
    readonly limit: number;
  },
): Promise<Action[]> {
  const { cursor } = filter;
  const rows = await reader.query((db) => {
    let query = db.selectFrom("actions").select("body").where("run_id", "=", filter.runId);
    if (filter.externalId !== undefined) query = query.where("external_id", "=", filter.externalId);
    if (cursor) {
      query = query.where((is) =>
        is.or([is("proposed_at", "<", cursor.proposedAt), is.and([is("proposed_at", "=", cursor.proposedAt), is("id", "<", cursor.id)])]),
      );
    }
    return query.orderBy("proposed_at", "desc").orderBy("id", "desc").limit(filter.limit);
  });
  return rows.map(actionOf);
}

/** Decisions that were asked or denied or allowed, by UTC day, for the break-glass rate (B6). */
export async function countDecisionsByDay(reader: Reader, from: number, to: number): Promise<{ day: number; decisions: number }[]> {
  const dayMs = 86_400_000;
  const rows = await reader.query((db) =>
    db
      .selectFrom("actions")
      .select((is) => [is("proposed_at", "-", is("proposed_at", "%", dayMs)).as("day"), is.fn.countAll<number>().as("decisions")])
      .where("proposed_at", ">=", from)
      .where("proposed_at", "<", to)
      .groupBy((is) => is("proposed_at", "-", is("proposed_at", "%", dayMs))),
  );
  return rows.map((row) => ({ day: row.day, decisions: row.decisions }));
}

function actionOf(row: Pick<ActionRow, "body">): Action {
  return JSON.parse(row.body) as Action;
}
