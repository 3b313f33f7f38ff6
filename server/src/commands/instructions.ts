import type { DeliveredInstruction } from "@pullcord/sdk/protocol";
import { appendEntry } from "../store/audit.js";
import {
  findIntervention,
  markInstructionDelivered,
  markInstructionsHanded,
  undeliveredInstructions,
  updateIntervention,
} from "../store/interventions.js";
import type { CommandContext } from "./context.js";
import { systemActor } from "./system-actor.js";

/**
 * What people have to say to a run, handed over with the answer that is being made (P29).
 * An instruction counts as delivered when the run calls again: only then had the earlier answer arrived.
 */
export async function handInstructions(context: CommandContext, runId: string): Promise<DeliveredInstruction[]> {
  const { tx, now } = context;
  const waiting = await undeliveredInstructions(tx, runId);
  if (waiting.length === 0) return [];
  for (const { interventionId, handed } of waiting) if (handed) await confirmDelivery(context, runId, interventionId);
  const fresh = waiting.filter(({ handed }) => !handed);
  if (fresh.length > 0) await markInstructionsHanded(tx, runId, now);
  return fresh.map(({ interventionId, text }) => ({ interventionId, text }));
}

async function confirmDelivery({ tx, now, actor }: CommandContext, runId: string, interventionId: string): Promise<void> {
  await markInstructionDelivered(tx, { runId, interventionId }, now);
  const intervention = await findIntervention(tx, interventionId);
  if (!intervention) return;
  await updateIntervention(tx, {
    ...intervention,
    effects: [...intervention.effects, { runId, step: "delivered", at: now, by: systemActor }],
  });
  await appendEntry(tx, { type: "instruction.delivered", at: now, actor, runId, body: { interventionId } });
}
