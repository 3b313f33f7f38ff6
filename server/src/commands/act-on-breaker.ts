import { bounds, PullcordError, type ActOnBreaker, type Breaker } from "@pullcord/sdk/protocol";
import { closed, type BreakerEvent } from "../domain/limits/breaker.js";
import type { Limit } from "../domain/limits/limit.js";
import { withoutUse } from "../domain/limits/agent-tally.js";
import { findAgent, saveAgentTally } from "../store/agents.js";
import { breakersOf } from "../store/breakers.js";
import { findIntervention } from "../store/interventions.js";
import { findRun, openRuns, updateRun, type StoredRun } from "../store/runs.js";
import { makeIntervention } from "./apply-intervention.js";
import type { Command, CommandContext, LookContext } from "./context.js";
import { decideHeldActions, examineHeld, type Examinations } from "./intervene.js";
import { moveBreaker } from "./move-breakers.js";
import { tallyWithout } from "./tally.js";

/**
 * A person counts a limit anew, holds its breaker for a time or until it is released, or releases it. What the limit had
 * paused goes on after a reset, and while it is held closed (E39: a person lets it go on for N minutes).
 * @throws PullcordError `not_found`/`unknown_guardrail`, `unknown_run`, `unknown_agent`; `conflict`/`not_held`; `invalid`/`hold_time`
 */
export const actOnBreaker: Command<ActOnBreaker, Breaker, Examinations> = async (context, input, ahead = new Map()) => {
  const { act, guardrail, owner, reason } = input;
  const { breaker, runs } = await find(context, input);
  const limit = context.outside.policy().guardrails.limits.find((one) => one.guardrail === guardrail);
  if (act === "reset" && limit) await countAnew(context, limit, { owner, runs });
  const moved = await moveBreaker(context, breaker, eventOf(context, input));
  const paused = act === "reset" || act === "hold_closed" ? await pausedBy(context, runs, guardrail) : [];
  if (paused.length > 0) {
    const decideHeld = (run: StoredRun) => decideHeldActions(context, run, ahead);
    const resume = { kind: "resume", scope: owner, ...(reason === undefined ? {} : { reason }) } as const;
    await makeIntervention(context, resume, { runs: paused, decideHeld, keepsCounts: true });
  }
  return moved;
};

/** What goes on has what it held decided: that is read here, as a resume would. */
actOnBreaker.lookAhead = async (context, input) => {
  if (input.act !== "reset" && input.act !== "hold_closed") return undefined;
  const { runs } = await find(context, input);
  return examineHeld(context, await pausedBy(context, runs, input.guardrail));
};

async function find(
  { tx, outside }: LookContext,
  { guardrail, owner }: ActOnBreaker,
): Promise<{ readonly breaker: Breaker; readonly runs: readonly StoredRun[] }> {
  const run = owner.kind === "run" ? await findRun(tx, owner.id) : null;
  if (run === undefined) throw new PullcordError("not_found", "unknown_run", `There is no run ${owner.id}.`, { field: "/owner/id" });
  const agent = run?.agent ?? owner.id;
  if (!(await findAgent(tx, agent)))
    throw new PullcordError("not_found", "unknown_agent", `There is no agent ${agent}.`, { field: "/owner/id" });
  const known = (await breakersOf(tx, run?.id ?? "", agent)).find((one) => one.guardrail === guardrail && one.owner.kind === owner.kind);
  const isLimit = outside.policy().guardrails.limits.some((one) => one.guardrail === guardrail && (one.scope === "run") === (run !== null));
  if (!known && !isLimit) {
    const text = `The policy has no limit ${guardrail} for ${owner.kind === "run" ? "a run" : "an agent"}. pullcord limits lists them.`;
    throw new PullcordError("not_found", "unknown_guardrail", text, { field: "/guardrail" });
  }
  return { breaker: known ?? { guardrail, owner, state: closed }, runs: run ? [run] : await openRuns(tx, agent) };
}

function eventOf({ now, actor }: CommandContext, { act, forMs, reason }: ActOnBreaker): BreakerEvent {
  const isHold = act === "hold_open" || act === "hold_closed";
  if (forMs !== undefined && (!isHold || forMs > bounds.breakerHoldMs)) {
    const text = isHold ? "A breaker is held for at most 24 hours, or until it is released." : "Only a hold has a time.";
    throw new PullcordError("invalid", "hold_time", text, { field: "/forMs" });
  }
  if (!isHold) return { kind: act };
  const until = forMs === undefined ? null : now + forMs;
  return { kind: "hold", as: act === "hold_open" ? "open" : "closed", by: actor, until, ...(reason === undefined ? {} : { reason }) };
}

async function countAnew(
  { tx, now }: CommandContext,
  limit: Limit,
  { owner, runs }: { readonly owner: ActOnBreaker["owner"]; readonly runs: readonly StoredRun[] },
): Promise<void> {
  if (owner.kind === "run") {
    for (const run of runs) {
      tallyWithout(run, limit.measured, now);
      await updateRun(tx, run);
    }
    return;
  }
  const agent = await findAgent(tx, owner.id);
  if (agent) await saveAgentTally(tx, agent.name, withoutUse(agent.tally, limit));
}

/** The runs that this limit, and nobody else, has paused. */
async function pausedBy({ tx }: LookContext, runs: readonly StoredRun[], guardrail: string): Promise<readonly StoredRun[]> {
  const found: StoredRun[] = [];
  for (const run of runs) {
    if (run.state.status !== "paused") continue;
    const by = (await findIntervention(tx, run.state.interventionId))?.by;
    if (by?.kind === "system" && by.id === guardrail) found.push(run);
  }
  return found;
}
