import type { ApprovalStatus, Plan } from "@pullcord/sdk/protocol";
import { statement } from "./statement.js";
import type { Tables } from "./tables.js";
import type { Reader, Transaction } from "./transaction.js";

type Row = Tables["plans"];
type Body = Pick<Row, "body">;

const insert = statement<Row, never>((db, value) =>
  db.insertInto("plans").values({
    id: value("id"),
    run_id: value("run_id"),
    status: value("status"),
    created_at: value("created_at"),
    expires_at: value("expires_at"),
    holds_until: value("holds_until"),
    ended_at: value("ended_at"),
    body: value("body"),
  }),
);

/** Compare and set: the first answer holds (I5). */
const update = statement<Omit<Row, "run_id" | "created_at"> & { from: string }, { id: string }>((db, value) =>
  db
    .updateTable("plans")
    .set({
      status: value("status"),
      expires_at: value("expires_at"),
      holds_until: value("holds_until"),
      ended_at: value("ended_at"),
      body: value("body"),
    })
    .where("id", "=", value("id"))
    .where("status", "=", value("from"))
    .where("ended_at", "is", null)
    .returning("id"),
);

const byId = statement<{ id: string }, Body>((db, value) => db.selectFrom("plans").select("body").where("id", "=", value("id")));

const openOfRun = statement<{ run_id: string }, Body>((db, value) =>
  db
    .selectFrom("plans")
    .select("body")
    .where("run_id", "=", value("run_id"))
    .where("status", "in", ["pending", "approved"])
    .where("ended_at", "is", null)
    .orderBy("created_at")
    .orderBy("id"),
);

const unanswered = statement<{ now: number; limit: number }, Body>((db, value) =>
  db
    .selectFrom("plans")
    .select("body")
    .where("ended_at", "is", null)
    .where("status", "=", "pending")
    .where("expires_at", "<=", value("now"))
    .limit(value("limit")),
);

const held = statement<{ now: number; limit: number }, Body>((db, value) =>
  db
    .selectFrom("plans")
    .select("body")
    .where("ended_at", "is", null)
    .where("status", "=", "approved")
    .where("holds_until", "<=", value("now"))
    .limit(value("limit")),
);

export async function insertPlan(tx: Transaction, plan: Plan): Promise<void> {
  await tx.all(insert, { ...row(plan), run_id: plan.runId, created_at: plan.createdAt });
}

/** False when it is not in this state any more: somebody was first. */
export async function updatePlan(tx: Transaction, plan: Plan, from: ApprovalStatus = plan.status): Promise<boolean> {
  return (await tx.first(update, { ...row(plan), from })) !== undefined;
}

export async function findPlan(reader: Reader, id: string): Promise<Plan | undefined> {
  const found = await reader.first(byId, { id });
  return found && planOf(found);
}

/** What waits for a person or grants something, the oldest first: at most one of each. */
export async function openPlans(reader: Reader, runId: string): Promise<readonly Plan[]> {
  return (await reader.all(openOfRun, { run_id: runId })).map(planOf);
}

/** The plan that grants its steps now. */
export async function approvedPlan(reader: Reader, runId: string, now: number): Promise<Plan | null> {
  const open = await openPlans(reader, runId);
  return open.find(({ status, holdsUntil }) => status === "approved" && now < (holdsUntil ?? 0)) ?? null;
}

/** Plans whose time is up, answered or not. */
export async function duePlans(reader: Reader, { now, limit }: { readonly now: number; readonly limit: number }): Promise<readonly Plan[]> {
  return [...(await reader.all(unanswered, { now, limit })), ...(await reader.all(held, { now, limit }))].map(planOf);
}

/** Gives back to a run's unanswered plan the time that the run was held. */
export async function deferPlanExpiry(tx: Transaction, runId: string, byMs: number): Promise<void> {
  for (const plan of await openPlans(tx, runId)) {
    if (plan.status === "pending") await updatePlan(tx, { ...plan, expiresAt: plan.expiresAt + byMs });
  }
}

export async function countPendingPlans(reader: Reader): Promise<number> {
  const [counted] = await reader.query((db) =>
    db
      .selectFrom("plans")
      .select((is) => is.fn.countAll<number>().as("plans"))
      .where("ended_at", "is", null)
      .where("status", "=", "pending"),
  );
  return counted?.plans ?? 0;
}

export interface PlanFilter {
  readonly status?: ApprovalStatus | undefined;
  readonly run?: string | undefined;
  readonly cursor?: { readonly createdAt: number; readonly id: string } | undefined;
  readonly limit: number;
}

/** Newest first. */
export async function listPlans(reader: Reader, { status, run, cursor, limit }: PlanFilter): Promise<readonly Plan[]> {
  const rows = await reader.query((db) => {
    let query = db.selectFrom("plans").select("body");
    if (status) query = query.where("status", "=", status);
    if (run) query = query.where("run_id", "=", run);
    if (cursor) {
      const { createdAt, id } = cursor;
      query = query.where((is) => is.or([is("created_at", "<", createdAt), is.and([is("created_at", "=", createdAt), is("id", "<", id)])]));
    }
    return query.orderBy("created_at", "desc").orderBy("id", "desc").limit(limit);
  });
  return rows.map(planOf);
}

function row(plan: Plan): Omit<Row, "run_id" | "created_at"> {
  return {
    id: plan.id,
    status: plan.status,
    expires_at: plan.expiresAt,
    holds_until: plan.holdsUntil,
    ended_at: plan.ended?.at ?? null,
    body: JSON.stringify(plan),
  };
}

function planOf({ body }: Body): Plan {
  return JSON.parse(body) as Plan;
}
