import { PullcordError, type Intervention, type InterventionEffect } from "@pullcord/sdk/protocol";
import { appendEntry } from "../store/audit.js";
import { findIntervention, updateIntervention } from "../store/interventions.js";
import type { StoredRun } from "../store/runs.js";
import type { Command } from "./context.js";
import { requireRun } from "./require.js";

/** What became of an intervention on the agent's machine: the receipt's later lines. */
export const reportEffect: Command<Omit<InterventionEffect, "at" | "by"> & { readonly interventionId: string }, void> = async (
  { tx, now, actor },
  { interventionId, ...effect },
) => {
  const run = await requireRun(tx, actor, effect.runId);
  const intervention = await findIntervention(tx, interventionId);
  if (!intervention?.runIds.includes(run.id)) {
    throw new PullcordError("not_found", "unknown_intervention", `Run ${run.id} has no intervention ${interventionId}.`);
  }
  if (actor.kind === "agent") requireSupervised(intervention, run, effect);
  await updateIntervention(tx, { ...intervention, effects: [...intervention.effects, { ...effect, at: now, by: actor }] });
  const { step, detail, processesEnded, survivors } = effect;
  await appendEntry(tx, {
    type: "intervention.took_effect",
    at: now,
    actor,
    runId: run.id,
    body: {
      interventionId,
      step,
      ...(detail === undefined ? {} : { detail }),
      ...(processesEnded === undefined ? {} : { processesEnded }),
      ...(survivors === undefined ? {} : { survivors: [...survivors] }),
    },
  });
};

/** An agent's word counts for nothing but what its own supervisor ended, said once. */
function requireSupervised({ kind, effects }: Intervention, run: StoredRun, { step }: Pick<InterventionEffect, "step">): void {
  const isSaid = effects.some((effect) => effect.runId === run.id && (effect.step === "ended" || effect.step === "unproven"));
  if (kind === "stop" && run.opening.process?.supervised === true && (step === "ended" || step === "unproven") && !isSaid) return;
  const text = "Only the supervisor of a run reports what became of its stop, once.";
  throw new PullcordError("conflict", "not_supervised", text);
}
