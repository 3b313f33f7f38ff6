import type { ApprovalLevel, ApprovalRequest, ApprovalStatus, Resolution } from "@pullcord/sdk/protocol";
import { findAction } from "./actions.js";
import { statement } from "./statement.js";
import type { Tables } from "./tables.js";
import type { Reader, Transaction } from "./transaction.js";

type RequestRow = Tables["approval_requests"];

/** A request without its action. */
export type StoredRequest = Omit<ApprovalRequest, "action"> & { readonly actionId: string };

const insert = statement<RequestRow, never>((db, value) =>
  db.insertInto("approval_requests").values({
    id: value("id"),
    run_id: value("run_id"),
    action_id: value("action_id"),
    agent: value("agent"),
    level: value("level"),
    priority: value("priority"),
    status: value("status"),
    created_at: value("created_at"),
    expires_at: value("expires_at"),
    consumed_at: value("consumed_at"),
    resolution: value("resolution"),
  }),
);

const byId = statement<{ id: string }, RequestRow>((db, value) =>
  db.selectFrom("approval_requests").selectAll().where("id", "=", value("id")),
);

/** Compare and set: the first resolution holds (I5). */
const resolve = statement<{ id: string; status: string; resolution: string }, { id: string }>((db, value) =>
  db
    .updateTable("approval_requests")
    .set({ status: value("status"), resolution: value("resolution") })
    .where("id", "=", value("id"))
    .where("status", "=", "pending")
    .returning("id"),
);

/** Ends an approval that nobody has used: a stop revokes it (R26). */
const revoke = statement<{ id: string; resolution: string }, { id: string }>((db, value) =>
  db
    .updateTable("approval_requests")
    .set({ status: "cancelled", resolution: value("resolution") })
    .where("id", "=", value("id"))
    .where("status", "in", ["pending", "approved"])
    .where("consumed_at", "is", null)
    .returning("id"),
);

/** Compare and set: an approval is used at most once (I2). */
const consume = statement<{ id: string; at: number }, { id: string }>((db, value) =>
  db
    .updateTable("approval_requests")
    .set({ consumed_at: value("at") })
    .where("id", "=", value("id"))
    .where("status", "=", "approved")
    .where("consumed_at", "is", null)
    .returning("id"),
);

const due = statement<{ now: number; limit: number }, { id: string }>((db, value) =>
  db
    .selectFrom("approval_requests")
    .select("id")
    .where("status", "=", "pending")
    .where("expires_at", "<=", value("now"))
    .orderBy("expires_at")
    .limit(value("limit")),
);
const dueUnlessPaused = statement<{ now: number; limit: number }, { id: string }>((db, value) =>
  db
    .selectFrom("approval_requests")
    .select("id")
    .where("status", "=", "pending")
    .where("expires_at", "<=", value("now"))
    .where("run_id", "not in", db.selectFrom("runs").select("id").where("status", "=", "paused"))
    .orderBy("expires_at")
    .limit(value("limit")),
);
const defer = statement<{ run_id: string; by: number }, never>((db, value) =>
  db
    .updateTable("approval_requests")
    .set((is) => ({ expires_at: is("expires_at", "+", value("by")) }))
    .where("run_id", "=", value("run_id"))
    .where("status", "in", ["pending", "approved"])
    .where("consumed_at", "is", null),
);

export async function insertRequest(tx: Transaction, request: StoredRequest): Promise<void> {
  await tx.all(insert, {
    id: request.id,
    run_id: request.runId,
    action_id: request.actionId,
    agent: request.agent,
    level: request.level,
    priority: request.priority,
    status: request.status,
    created_at: request.createdAt,
    expires_at: request.expiresAt,
    consumed_at: null,
    resolution: null,
  });
}

export async function findRequest(reader: Reader, id: string): Promise<StoredRequest | undefined> {
  const row = await reader.first(byId, { id });
  return row && requestOf(row);
}

/** False when somebody was first. */
export async function resolveRequest(tx: Transaction, id: string, resolution: Resolution): Promise<boolean> {
  return (await tx.first(resolve, { id, status: resolution.status, resolution: JSON.stringify(resolution) })) !== undefined;
}

export async function revokeRequest(tx: Transaction, id: string, resolution: Resolution): Promise<boolean> {
  return (await tx.first(revoke, { id, resolution: JSON.stringify(resolution) })) !== undefined;
}

export async function consumeRequest(tx: Transaction, id: string, at: number): Promise<boolean> {
  return (await tx.first(consume, { id, at })) !== undefined;
}

export interface DueQuery {
  readonly now: number;
  readonly limit: number;
  /** Leaves out those of paused runs. */
  readonly exceptPaused: boolean;
}

/** Pending requests whose time is up. */
export async function dueRequests(reader: Reader, { now, limit, exceptPaused }: DueQuery): Promise<string[]> {
  return (await reader.all(exceptPaused ? dueUnlessPaused : due, { now, limit })).map((row) => row.id);
}

/** Gives back to a run's open requests the time that it was held. */
export async function deferExpiries(tx: Transaction, runId: string, byMs: number): Promise<void> {
  await tx.all(defer, { run_id: runId, by: byMs });
}

export interface RequestFilter {
  readonly status?: ApprovalStatus | undefined;
  readonly run?: string | undefined;
  readonly cursor?: { readonly createdAt: number; readonly id: string } | undefined;
  readonly limit: number;
}

/** Newest first. */
export async function listRequests(reader: Reader, filter: RequestFilter): Promise<StoredRequest[]> {
  const { cursor } = filter;
  const rows = await reader.query((db) => {
    let query = db.selectFrom("approval_requests").selectAll();
    if (filter.status) query = query.where("status", "=", filter.status);
    if (filter.run) query = query.where("run_id", "=", filter.run);
    if (cursor) {
      query = query.where((is) =>
        is.or([is("created_at", "<", cursor.createdAt), is.and([is("created_at", "=", cursor.createdAt), is("id", "<", cursor.id)])]),
      );
    }
    return query.orderBy("created_at", "desc").orderBy("id", "desc").limit(filter.limit);
  });
  return rows.map(requestOf);
}

export async function countPending(reader: Reader): Promise<number> {
  const [row] = await reader.query((db) =>
    db
      .selectFrom("approval_requests")
      .select((is) => is.fn.countAll<number>().as("requests"))
      .where("status", "=", "pending"),
  );
  return row?.requests ?? 0;
}

export async function withAction(reader: Reader, { actionId, ...request }: StoredRequest): Promise<ApprovalRequest> {
  const action = await findAction(reader, actionId);
  if (!action) throw new Error(`approval request ${request.id} has no action`);
  return { ...request, action };
}

function requestOf(row: RequestRow): StoredRequest {
  return {
    id: row.id,
    runId: row.run_id,
    actionId: row.action_id,
    agent: row.agent,
    level: row.level as ApprovalLevel,
    priority: row.priority,
    status: row.status as ApprovalStatus,
    resolution: row.resolution === null ? null : (JSON.parse(row.resolution) as Resolution),
    consumed: row.consumed_at !== null,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}
