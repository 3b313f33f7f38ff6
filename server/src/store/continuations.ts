import { statement } from "./statement.js";
import type { Tables } from "./tables.js";
import type { Reader, Transaction } from "./transaction.js";

type Row = Tables["continuations"];

/** A stopped run that a person let go on. */
export interface Continuation {
  readonly runId: string;
  readonly agent: string;
  readonly externalId: string | null;
  readonly workingDirectory: string | null;
  /** The act that let it go on. */
  readonly interventionId: string;
}

const insert = statement<Omit<Row, "taken_by">, never>((db, value) =>
  db
    .insertInto("continuations")
    .values({
      run_id: value("run_id"),
      agent: value("agent"),
      external_id: value("external_id"),
      working_directory: value("working_directory"),
      intervention_id: value("intervention_id"),
      taken_by: null,
    })
    .onConflict((row) => row.column("run_id").doNothing()),
);
const open = statement<{ agent: string }, Row>((db, value) =>
  db.selectFrom("continuations").selectAll().where("agent", "=", value("agent")).where("taken_by", "is", null),
);
const take = statement<{ run_id: string; taken_by: string }, never>((db, value) =>
  db
    .updateTable("continuations")
    .set({ taken_by: value("taken_by") })
    .where("run_id", "=", value("run_id")),
);
const release = statement<{ id: string }, never>((db, value) =>
  db.updateTable("runs").set({ external_id: null }).where("id", "=", value("id")),
);

/** Lets a stopped run go on, once; its client's session is free for the run that takes over. */
export async function insertContinuation(tx: Transaction, continuation: Continuation): Promise<void> {
  const { runId, agent, externalId, workingDirectory, interventionId } = continuation;
  await tx.all(insert, {
    run_id: runId,
    agent,
    external_id: externalId,
    working_directory: workingDirectory,
    intervention_id: interventionId,
  });
  await tx.all(release, { id: runId });
}

/** What this agent may go on with. */
export async function openContinuations(reader: Reader, agent: string): Promise<Continuation[]> {
  const rows = await reader.all(open, { agent });
  return rows.map((row) => ({
    runId: row.run_id,
    agent: row.agent,
    externalId: row.external_id,
    workingDirectory: row.working_directory,
    interventionId: row.intervention_id,
  }));
}

export async function takeContinuation(tx: Transaction, runId: string, takenBy: string): Promise<void> {
  await tx.all(take, { run_id: runId, taken_by: takenBy });
}
