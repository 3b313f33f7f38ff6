import type { Counted, OpenRun, Progress, RunState, RunStatus, RunSummary } from "@pullcord/sdk/protocol";
import { statement } from "./statement.js";
import type { Tables } from "./tables.js";
import type { Reader, Transaction } from "./transaction.js";

/** What the board counts and guardrails are held against; kept with the run so that no decision has to count rows. */
export interface RunTally {
  actions: number;
  denied: number;
  questions: number;
  waiting: number;
  /** Distinct paths written or deleted; at most `mostPathsKept` are kept by name. */
  paths: string[];
  pathCount: number;
  /** Actions that called other hosts. */
  calls: number;
  /** What else limits count; files and calls are above. */
  used: Counted;
  /** Hosts and tables by name, at most `mostResourcesKept`. */
  resources: string[];
  /** Fingerprints of the newest actions, oldest first, at most `newestActions`. */
  recent: string[];
  /** How deep each sub-agent is below the run's own agent, and the deepest that was started. */
  depths: Record<string, number>;
  deepest: number;
  /** Of the newest ended actions, oldest first: true for failed. At most 20. */
  failures: boolean[];
  /** Actions that ended, and those that began and did not: ids, the oldest first, at most 50. */
  finished: number;
  underWay: string[];
  riskTrail: number[];
  now: RunSummary["now"];
  logSeq: number;
  /** When a person last resumed the run; guardrails count from then (E39). */
  authorisedAt: number | null;
}

export interface StoredRun {
  readonly id: string;
  readonly agent: string;
  readonly tokenId: string;
  opening: OpenRun;
  readonly openedAt: number;
  lastActivityAt: number;
  state: RunState;
  progress: Progress | null;
  tally: RunTally;
}

type RunRow = Tables["runs"];

export const emptyTally: RunTally = {
  actions: 0,
  denied: 0,
  questions: 0,
  waiting: 0,
  paths: [],
  pathCount: 0,
  calls: 0,
  used: {},
  resources: [],
  recent: [],
  depths: {},
  deepest: 0,
  failures: [],
  finished: 0,
  underWay: [],
  riskTrail: [],
  now: null,
  logSeq: 0,
  authorisedAt: null,
};

const insert = statement<RunRow, never>((db, value) =>
  db.insertInto("runs").values({
    id: value("id"),
    agent: value("agent"),
    token_id: value("token_id"),
    external_id: value("external_id"),
    status: value("status"),
    opened_at: value("opened_at"),
    last_activity_at: value("last_activity_at"),
    opening: value("opening"),
    state: value("state"),
    progress: value("progress"),
    tally: value("tally"),
  }),
);

const update = statement<Omit<RunRow, "agent" | "token_id" | "external_id" | "opened_at" | "status">, never>((db, value) =>
  db
    .updateTable("runs")
    .set({
      last_activity_at: value("last_activity_at"),
      opening: value("opening"),
      state: value("state"),
      progress: value("progress"),
      tally: value("tally"),
    })
    .where("id", "=", value("id")),
);

/** By itself, since SQLite writes the index of every column that an update names, changed or not, and this one seldom changes. */
const updateStatus = statement<{ id: string; status: string }, never>((db, value) =>
  db
    .updateTable("runs")
    .set({ status: value("status") })
    .where("id", "=", value("id"))
    .where("status", "!=", value("status")),
);

const byId = statement<{ id: string }, RunRow>((db, value) => db.selectFrom("runs").selectAll().where("id", "=", value("id")));

const byExternalId = statement<{ agent: string; external_id: string }, RunRow>((db, value) =>
  db.selectFrom("runs").selectAll().where("agent", "=", value("agent")).where("external_id", "=", value("external_id")),
);

export async function insertRun(tx: Transaction, run: StoredRun): Promise<void> {
  await tx.all(insert, rowOf(run));
}

export async function updateRun(tx: Transaction, run: StoredRun): Promise<void> {
  const { id, status, last_activity_at, opening, state, progress, tally } = rowOf(run);
  await tx.all(update, { id, last_activity_at, opening, state, progress, tally });
  await tx.all(updateStatus, { id, status });
}

export async function findRun(reader: Reader, id: string): Promise<StoredRun | undefined> {
  const row = await reader.first(byId, { id });
  return row && runOf(row);
}

export async function findRunByExternalId(reader: Reader, agent: string, externalId: string): Promise<StoredRun | undefined> {
  const row = await reader.first(byExternalId, { agent, external_id: externalId });
  return row && runOf(row);
}

export interface RunFilter {
  readonly status?: RunStatus | undefined;
  readonly agent?: string | undefined;
  /** Exclusive: runs opened before this one. */
  readonly cursor?: { readonly openedAt: number; readonly id: string } | undefined;
  readonly limit: number;
}

/** Newest first. */
export async function listRuns(reader: Reader, filter: RunFilter): Promise<StoredRun[]> {
  const { cursor } = filter;
  const rows = await reader.query((db) => {
    let query = db.selectFrom("runs").selectAll();
    if (filter.status) query = query.where("status", "=", filter.status);
    if (filter.agent) query = query.where("agent", "=", filter.agent);
    if (cursor) {
      query = query.where((is) =>
        is.or([is("opened_at", "<", cursor.openedAt), is.and([is("opened_at", "=", cursor.openedAt), is("id", "<", cursor.id)])]),
      );
    }
    return query.orderBy("opened_at", "desc").orderBy("id", "desc").limit(filter.limit);
  });
  return rows.map(runOf);
}

/** Ids of the runs that an intervention can still reach. */
export async function openRuns(reader: Reader, agent?: string): Promise<StoredRun[]> {
  const rows = await reader.query((db) => {
    const query = db.selectFrom("runs").selectAll().where("status", "in", ["running", "paused"]).orderBy("opened_at");
    return agent === undefined ? query : query.where("agent", "=", agent);
  });
  return rows.map(runOf);
}

/** Open runs of which nothing was recorded since a time: next to none, so they can be asked for every second. */
export async function quietRuns(reader: Reader, since: number): Promise<StoredRun[]> {
  const rows = await reader.query((db) =>
    db
      .selectFrom("runs")
      .selectAll()
      .where("status", "in", ["running", "paused"])
      .where("last_activity_at", "<=", since)
      .orderBy("opened_at"),
  );
  return rows.map(runOf);
}

/** Most finished runs that are looked at again, the newest first. */
const mostLeft = 20;

/** Finished runs that named their processes: some of these may live on. */
export async function runsWithProcesses(
  reader: Reader,
  { agent, since }: { readonly agent?: string; readonly since: number },
): Promise<StoredRun[]> {
  const rows = await reader.query((db) => {
    const query = db
      .selectFrom("runs")
      .selectAll()
      .where("status", "=", "finished")
      .where("last_activity_at", ">=", since)
      .where("opening", "like", '%"process":{%')
      .orderBy("last_activity_at", "desc")
      .limit(mostLeft);
    return agent === undefined ? query : query.where("agent", "=", agent);
  });
  return rows.map(runOf);
}

/** Those that somebody watches over, who may have died. */
export async function supervisedRuns(reader: Reader): Promise<StoredRun[]> {
  const rows = await reader.query((db) =>
    db.selectFrom("runs").selectAll().where("status", "in", ["running", "paused"]).where("opening", "like", '%"supervisor":{%'),
  );
  return rows.map(runOf).filter(({ opening }) => opening.process?.supervisor !== undefined);
}

export async function countRuns(reader: Reader): Promise<{ running: number; paused: number }> {
  const rows = await reader.query((db) =>
    db
      .selectFrom("runs")
      .select(["status", (count) => count.fn.countAll<number>().as("runs")])
      .where("status", "in", ["running", "paused"])
      .groupBy("status"),
  );
  const of = (status: string) => rows.find((row) => row.status === status)?.runs ?? 0;
  return { running: of("running"), paused: of("paused") };
}

function rowOf(run: StoredRun): RunRow {
  return {
    id: run.id,
    agent: run.agent,
    token_id: run.tokenId,
    external_id: run.opening.externalId ?? null,
    status: run.state.status,
    opened_at: run.openedAt,
    last_activity_at: run.lastActivityAt,
    opening: JSON.stringify(run.opening),
    state: JSON.stringify(run.state),
    progress: run.progress && JSON.stringify(run.progress),
    tally: JSON.stringify(run.tally),
  };
}

function runOf(row: RunRow): StoredRun {
  return {
    id: row.id,
    agent: row.agent,
    tokenId: row.token_id,
    opening: JSON.parse(row.opening) as OpenRun,
    openedAt: row.opened_at,
    lastActivityAt: row.last_activity_at,
    state: JSON.parse(row.state) as RunState,
    progress: row.progress === null ? null : (JSON.parse(row.progress) as Progress),
    // A run of an earlier version counts from here on.
    tally: { ...structuredClone(emptyTally), ...(JSON.parse(row.tally) as Partial<RunTally>) },
  };
}
