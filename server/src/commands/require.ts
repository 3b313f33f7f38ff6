import { PullcordError, type Action, type Actor, type Plan } from "@pullcord/sdk/protocol";
import { findAction } from "../store/actions.js";
import { findPlan } from "../store/plans.js";
import { findRun, type StoredRun } from "../store/runs.js";
import type { Reader } from "../store/transaction.js";

/**
 * The run, if the caller may see it: agents see their own.
 * @throws PullcordError `not_found`/`unknown_run`, also for another agent's run
 */
export async function requireRun(reader: Reader, actor: Actor, id: string): Promise<StoredRun> {
  const run = await findRun(reader, id);
  if (!run || (actor.kind === "agent" && actor.id !== run.agent)) {
    throw new PullcordError("not_found", "unknown_run", `There is no run ${id}.`);
  }
  return run;
}

/** @throws PullcordError `not_found`/`unknown_action`, also for another agent's action */
export async function requireAction(reader: Reader, actor: Actor, id: string): Promise<Action> {
  const action = await findAction(reader, id);
  if (!action || (actor.kind === "agent" && actor.id !== action.agent)) {
    throw new PullcordError("not_found", "unknown_action", `There is no action ${id}.`);
  }
  return action;
}

/** @throws PullcordError `not_found`/`unknown_plan`, also for another agent's plan */
export async function requirePlan(reader: Reader, actor: Actor, id: string): Promise<Plan> {
  const plan = await findPlan(reader, id);
  if (!plan || (actor.kind === "agent" && actor.id !== plan.agent)) {
    throw new PullcordError("not_found", "unknown_plan", `There is no plan ${id}.`);
  }
  return plan;
}
