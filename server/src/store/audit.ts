import { emptyHead, headAfter, leafHash } from "@pullcord/sdk/audit";
import { canonicalJson, type Actor, type AuditEntry, type AuditType, type JsonObject } from "@pullcord/sdk/protocol";
import type { Kysely } from "kysely";
import { one, statement } from "./statement.js";
import type { Tables } from "./tables.js";
import type { LogEnd, Reader, Transaction } from "./transaction.js";

export interface NewEntry {
  readonly type: AuditType;
  readonly at: number;
  readonly actor: Actor;
  readonly runId?: string | undefined;
  readonly actionId?: string | undefined;
  readonly body: JsonObject;
}

export interface AuditFilter {
  readonly type?: string | undefined;
  readonly actor?: string | undefined;
  readonly run?: string | undefined;
  readonly action?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly order: "oldest" | "newest";
  /** Exclusive: entries behind it in the order. */
  readonly cursor?: number | undefined;
  readonly limit: number;
}

type EntryRow = Tables["audit_entries"];

const last = statement<Record<string, never>, { seq: number; head: string }>((db) =>
  db.selectFrom("audit_entries").select(["seq", "head"]).orderBy("seq", "desc").limit(one),
);

const insert = statement<EntryRow, never>((db, value) =>
  db.insertInto("audit_entries").values({
    seq: value("seq"),
    at: value("at"),
    type: value("type"),
    actor_kind: value("actor_kind"),
    actor_id: value("actor_id"),
    actor_via: value("actor_via"),
    run_id: value("run_id"),
    action_id: value("action_id"),
    body: value("body"),
    leaf_hash: value("leaf_hash"),
    head: value("head"),
  }),
);

const after = statement<{ seq: number; limit: number }, EntryRow>((db, value) =>
  db.selectFrom("audit_entries").selectAll().where("seq", ">", value("seq")).orderBy("seq").limit(value("limit")),
);

export async function readLogEnd(reader: Reader): Promise<LogEnd> {
  return (await reader.first(last, {})) ?? { seq: 0, head: emptyHead };
}

/** Adds an entry to the log, in the transaction of the change that it records (house style 4). */
export async function appendEntry(tx: Transaction, entry: NewEntry): Promise<AuditEntry> {
  const content = withoutUndefined({ ...entry, seq: tx.logEnd.seq + 1 });
  const leaf = leafHash(content);
  const head = headAfter(tx.logEnd.head, leaf);
  await tx.all(insert, {
    seq: content.seq,
    at: content.at,
    type: content.type,
    actor_kind: content.actor.kind,
    actor_id: content.actor.id,
    actor_via: content.actor.via ?? null,
    run_id: content.runId ?? null,
    action_id: content.actionId ?? null,
    body: canonicalJson(content.body),
    leaf_hash: leaf,
    head,
  });
  tx.logEnd.seq = content.seq;
  tx.logEnd.head = head;
  const complete = { ...content, leafHash: leaf, head };
  tx.appended.push(complete);
  return complete;
}

export async function entriesAfter(reader: Reader, seq: number, limit: number): Promise<AuditEntry[]> {
  return (await reader.all(after, { seq, limit })).map(entryOf);
}

export async function listEntries(reader: Reader, filter: AuditFilter): Promise<AuditEntry[]> {
  const rows = await reader.query((db) => {
    let query = db.selectFrom("audit_entries").selectAll();
    if (filter.type !== undefined) query = query.where("type", "=", filter.type);
    if (filter.actor !== undefined) query = query.where("actor_id", "=", filter.actor);
    if (filter.run !== undefined) query = query.where("run_id", "=", filter.run);
    if (filter.action !== undefined) query = query.where("action_id", "=", filter.action).where("run_id", "=", runOf(db, filter.action));
    if (filter.from !== undefined) query = query.where("at", ">=", filter.from);
    if (filter.to !== undefined) query = query.where("at", "<", filter.to);
    if (filter.cursor !== undefined) query = query.where("seq", filter.order === "oldest" ? ">" : "<", filter.cursor);
    return query.orderBy("seq", filter.order === "oldest" ? "asc" : "desc").limit(filter.limit);
  });
  return rows.map(entryOf);
}

/** An action's entries are looked for among its run's: an index by action would cost every decision a page of its own. */
function runOf(db: Kysely<Tables>, action: string) {
  return db.selectFrom("actions").select("actions.run_id").where("actions.id", "=", action);
}

function entryOf(row: EntryRow): AuditEntry {
  return withoutUndefined({
    seq: row.seq,
    at: row.at,
    type: row.type as AuditType,
    actor: withoutUndefined({ kind: row.actor_kind as Actor["kind"], id: row.actor_id, via: (row.actor_via ?? undefined) as Actor["via"] }),
    runId: row.run_id ?? undefined,
    actionId: row.action_id ?? undefined,
    body: JSON.parse(row.body) as JsonObject,
    leafHash: row.leaf_hash,
    head: row.head,
  });
}

type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** Leaves out properties that are undefined, as canonical JSON does. */
function withoutUndefined<T extends object>(object: T): Defined<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Defined<T>;
}
