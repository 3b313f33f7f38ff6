import type { Intervention } from "@pullcord/sdk/protocol";
import { statement } from "./statement.js";
import type { Reader, Transaction } from "./transaction.js";

const insert = statement<{ id: string; at: number; kind: string; body: string }, never>((db, value) =>
  db.insertInto("interventions").values({ id: value("id"), at: value("at"), kind: value("kind"), body: value("body") }),
);
const insertRun = statement<{ intervention_id: string; run_id: string }, never>((db, value) =>
  db.insertInto("intervention_runs").values({ intervention_id: value("intervention_id"), run_id: value("run_id") }),
);
const update = statement<{ id: string; body: string }, never>((db, value) =>
  db
    .updateTable("interventions")
    .set({ body: value("body") })
    .where("id", "=", value("id")),
);
const byId = statement<{ id: string }, { body: string }>((db, value) =>
  db.selectFrom("interventions").select("body").where("id", "=", value("id")),
);

export async function insertIntervention(tx: Transaction, intervention: Intervention): Promise<void> {
  await tx.all(insert, { id: intervention.id, at: intervention.at, kind: intervention.kind, body: JSON.stringify(intervention) });
  for (const run_id of intervention.runIds) await tx.all(insertRun, { intervention_id: intervention.id, run_id });
}

export async function updateIntervention(tx: Transaction, intervention: Intervention): Promise<void> {
  await tx.all(update, { id: intervention.id, body: JSON.stringify(intervention) });
}

export async function findIntervention(reader: Reader, id: string): Promise<Intervention | undefined> {
  const row = await reader.first(byId, { id });
  return row && interventionOf(row);
}

/** Newest first. */
export async function listInterventions(
  reader: Reader,
  filter: {
    readonly run?: string | undefined;
    readonly cursor?: { readonly at: number; readonly id: string } | undefined;
    readonly limit: number;
  },
): Promise<Intervention[]> {
  const { cursor, run } = filter;
  const rows = await reader.query((db) => {
    let query = db.selectFrom("interventions").select("body");
    if (run) query = query.where("id", "in", db.selectFrom("intervention_runs").select("intervention_id").where("run_id", "=", run));
    if (cursor)
      query = query.where((is) => is.or([is("at", "<", cursor.at), is.and([is("at", "=", cursor.at), is("id", "<", cursor.id)])]));
    return query.orderBy("at", "desc").orderBy("id", "desc").limit(filter.limit);
  });
  return rows.map(interventionOf);
}

/** Stops made at `from` or later, newest first. */
export async function stopsSince(reader: Reader, from: number, limit: number): Promise<Intervention[]> {
  const rows = await reader.query((db) =>
    db.selectFrom("interventions").select("body").where("at", ">=", from).where("kind", "=", "stop").orderBy("at", "desc").limit(limit),
  );
  return rows.map(interventionOf);
}

function interventionOf(row: { body: string }): Intervention {
  return JSON.parse(row.body) as Intervention;
}

const queue = statement<{ intervention_id: string; run_id: string; text: string; queued_at: number }, never>((db, value) =>
  db.insertInto("instructions").values({
    intervention_id: value("intervention_id"),
    run_id: value("run_id"),
    text: value("text"),
    queued_at: value("queued_at"),
    handed_at: null,
    delivered_at: null,
  }),
);
const undelivered = statement<{ run_id: string }, { intervention_id: string; text: string; handed_at: number | null }>((db, value) =>
  db
    .selectFrom("instructions")
    .select(["intervention_id", "text", "handed_at"])
    .where("run_id", "=", value("run_id"))
    .where("delivered_at", "is", null)
    .orderBy("queued_at"),
);
const markHanded = statement<{ run_id: string; at: number }, never>((db, value) =>
  db
    .updateTable("instructions")
    .set({ handed_at: value("at") })
    .where("run_id", "=", value("run_id"))
    .where("handed_at", "is", null),
);
const markDelivered = statement<{ run_id: string; intervention_id: string; at: number }, never>((db, value) =>
  db
    .updateTable("instructions")
    .set({ delivered_at: value("at") })
    .where("run_id", "=", value("run_id"))
    .where("intervention_id", "=", value("intervention_id")),
);

export interface QueuedInstruction {
  readonly interventionId: string;
  readonly runId: string;
  readonly text: string;
  readonly queuedAt: number;
}

export async function queueInstruction(tx: Transaction, instruction: QueuedInstruction): Promise<void> {
  const { interventionId, runId, text, queuedAt } = instruction;
  await tx.all(queue, { intervention_id: interventionId, run_id: runId, text, queued_at: queuedAt });
}

/** Instructions of a run that are not known to have arrived; `handed` ones went out with an earlier answer. */
export async function undeliveredInstructions(
  reader: Reader,
  runId: string,
): Promise<{ interventionId: string; text: string; handed: boolean }[]> {
  const rows = await reader.all(undelivered, { run_id: runId });
  return rows.map((row) => ({ interventionId: row.intervention_id, text: row.text, handed: row.handed_at !== null }));
}

export async function markInstructionsHanded(tx: Transaction, runId: string, at: number): Promise<void> {
  await tx.all(markHanded, { run_id: runId, at });
}

export async function markInstructionDelivered(
  tx: Transaction,
  { runId, interventionId }: Pick<QueuedInstruction, "runId" | "interventionId">,
  at: number,
): Promise<void> {
  await tx.all(markDelivered, { run_id: runId, intervention_id: interventionId, at });
}
