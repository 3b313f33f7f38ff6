import { PullcordError, type Intervention, type InterventionEffect, type JsonObject } from "@pullcord/sdk/protocol";
import { appendEntry } from "../store/audit.js";
import { findIntervention, updateIntervention } from "../store/interventions.js";
import type { StoredRun } from "../store/runs.js";
import type { Command } from "./context.js";
import { requireRun } from "./require.js";
import type { Caller, CommandRunner } from "./runner.js";

type Reported = Omit<InterventionEffect, "at" | "by"> & { readonly interventionId: string };

/** What became of an intervention on the agent's machine: the receipt's later lines. */
const reportEffect: Command<Reported, void> = async ({ tx, now, actor }, { interventionId, ...effect }) => {
  const run = await requireRun(tx, actor, effect.runId);
  const intervention = await findIntervention(tx, interventionId);
  // The machine may find processes of a run that had finished: it joins the stop that ended them.
  const joins = actor.kind === "system" && intervention?.kind === "stop" && run.state.status === "finished";
  if (!intervention || !(joins || intervention.runIds.includes(run.id))) {
    throw new PullcordError("not_found", "unknown_intervention", `Run ${run.id} has no intervention ${interventionId}.`);
  }
  if (actor.kind === "agent") requireSupervised(intervention, run, effect);
  const runIds = [...new Set([...intervention.runIds, run.id])];
  await updateIntervention(tx, { ...intervention, runIds, effects: [...intervention.effects, { ...effect, at: now, by: actor }] });
  const { runId, processes, ...said } = effect;
  const each = processes && { processes: processes.map((result) => ({ ...result })) };
  const body: JsonObject = { interventionId, ...(said as Omit<typeof said, "survivors">), ...each };
  await appendEntry(tx, { type: "intervention.took_effect", at: now, actor, runId, body });
};

/** The same for any stop, also one that holds and is not on record. */
export async function reportOn(runner: CommandRunner, effect: Reported, caller: Caller): Promise<void> {
  const { interventionId, ...said } = effect;
  const held = runner.outside.unrecorded.find(interventionId);
  if (!held) return runner.run(reportEffect, effect, caller);
  const run = await requireRun(runner.store.read, caller.actor, effect.runId);
  if (caller.actor.kind === "agent") requireSupervised(held, run, effect);
  runner.outside.unrecorded.report(held.id, { ...said, at: runner.now, by: caller.actor });
}

/** True when the receipt of a stop has its last line for a run. */
export async function isStopReported(
  { store, outside }: CommandRunner,
  { runId, interventionId }: { readonly runId: string; readonly interventionId: string },
): Promise<boolean> {
  const { effects = [] } = outside.unrecorded.find(interventionId) ?? (await findIntervention(store.read, interventionId)) ?? {};
  return effects.some((effect) => effect.runId === runId && (effect.step === "ended" || effect.step === "unproven"));
}

/** An agent's word counts for nothing but that its gate heard, and what its own supervisor ended or froze; each said once. */
function requireSupervised({ kind, effects }: Intervention, run: StoredRun, { step }: Pick<InterventionEffect, "step">): void {
  const isSaid = (steps: readonly string[]) => effects.some((effect) => effect.runId === run.id && steps.includes(effect.step));
  if (kind === "stop" && step === "heard" && !isSaid(["heard"])) return;
  const sayable = kind === "stop" ? ["ended", "unproven"] : kind === "pause" ? ["frozen"] : [];
  if (run.opening.process?.supervised === true && sayable.includes(step) && !isSaid(sayable)) return;
  const text = "Only the supervisor of a run reports what became of its stop or pause, once.";
  throw new PullcordError("conflict", "not_supervised", text);
}
