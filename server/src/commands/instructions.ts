import type { DeliveredInstruction } from "@pullcord/sdk/protocol";
import { appendEntry } from "../store/audit.js";
import {
  findIntervention,
  markInstructionDelivered,
  markInstructionsHanded,
  undeliveredInstructions,
  updateIntervention,
} from "../store/interventions.js";
import type { StoredRun } from "../store/runs.js";
import type { CommandContext } from "./context.js";
import { systemActor } from "./system-actor.js";

/**
 * What people have to say to a run, handed over with the answer that is being made (P29).
 * An instruction counts as delivered when the run calls again: only then had the earlier answer arrived.
 */
export async function handInstructions(context: CommandContext, run: StoredRun): Promise<DeliveredInstruction[]> {
  const { tx, now } = context;
  const runId = run.id;
  const waiting = await undeliveredInstructions(tx, runId);
  if (waiting.length === 0) return [];
  for (const { interventionId, handed } of waiting) if (handed) await confirmDelivery(context, run, interventionId);
  const fresh = waiting.filter(({ handed }) => !handed);
  if (fresh.length > 0) await markInstructionsHanded(tx, runId, now);
  return fresh.map(({ interventionId, text }) => ({ interventionId, text }));
}

async function confirmDelivery({ tx, now, actor }: CommandContext, { id: runId, tally }: StoredRun, interventionId: string): Promise<void> {
  await markInstructionDelivered(tx, { runId, interventionId }, now);
  const intervention = await findIntervention(tx, interventionId);
  if (!intervention) return;
  // The run's newest action is the one whose answer carried it, or the one after which the run passed a safe point.
  const to = tally.now === null ? {} : { actionId: tally.now.actionId };
  await updateIntervention(tx, {
    ...intervention,
    effects: [...intervention.effects, { runId, step: "delivered", at: now, by: systemActor, ...to }],
  });
  await appendEntry(tx, { type: "instruction.delivered", at: now, actor, runId, ...to, body: { interventionId } });
}
