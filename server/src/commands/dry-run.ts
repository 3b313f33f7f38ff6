import { setTimeout as sleep } from "node:timers/promises";
import { PullcordError, type DryRun, type DryRunAction, type DryRunAnswer, type ProposedAction } from "@pullcord/sdk/protocol";
import { decide } from "../domain/decide.js";
import type { RunCounters } from "../domain/facts.js";
import { planOf } from "../domain/plan.js";
import type { Reading } from "../domain/reading.js";
import type { Verdict } from "../domain/verdict.js";
import { wholeId } from "../store/ids.js";
import { emptyTally, type StoredRun } from "../store/runs.js";
import type { LookContext } from "./context.js";
import { examine } from "./examine-action.js";
import { gatherFacts } from "./gather-facts.js";
import { requireRun } from "./require.js";

/** Who a new run would be opened by, where nobody is named: somebody who has earned nothing yet. */
const nobody = "nobody";

/**
 * Judges actions that nobody proposed, one after the other: each is held against the run's counters as they would be
 * after the ones before it. Looks only: nothing is written, nobody is asked, no model is called, and no answer is a permit.
 * @throws PullcordError `not_found`/`unknown_run`; `invalid`/`run_required` for an agent that names none; `unavailable`/`caller_gone`
 */
export async function dryRun(look: LookContext, asked: DryRun, signal: AbortSignal): Promise<DryRunAnswer> {
  const run = await runOf(look, asked);
  const actions: DryRunAction[] = [];
  let soFar: Progress = { paths: new Set(), questions: 0 };
  for (const proposed of asked.actions) {
    const from = performance.now();
    const examination = examine(look, run, proposed);
    const facts = await gatherFacts(look, run, { proposed, examination });
    const counters = countersAfter(facts.counters, soFar);
    const verdict = decide({ ...facts, counters, policy: { ...facts.policy, review: null } }, look.now);
    const action = actionOf(proposed, verdict);
    actions.push(action);
    soFar = progress(soFar, action, verdict.reading);
    // Reading takes its time, and a plan is long: whoever wants to stop something gets as much of it.
    await sleep(performance.now() - from);
    if (signal.aborted) throw new PullcordError("unavailable", "caller_gone", "Nobody waits for this dry run any more.");
  }
  return { actions, plan: planOf(actions) };
}

async function runOf({ tx, now, actor }: LookContext, asked: DryRun): Promise<StoredRun> {
  if (asked.run !== undefined) return requireRun(tx, actor, await wholeId(tx, "runs", asked.run));
  if (actor.kind === "agent") {
    throw new PullcordError("invalid", "run_required", "/run: name the run that the actions would belong to.", { field: "/run" });
  }
  const { workingDirectory, environment, agent = nobody } = asked;
  return {
    id: "",
    agent,
    tokenId: "",
    opening: {
      task: "",
      ...(workingDirectory === undefined ? {} : { workingDirectory }),
      ...(environment === undefined ? {} : { environment }),
    },
    openedAt: now,
    lastActivityAt: now,
    state: { status: "running" },
    progress: null,
    tally: structuredClone(emptyTally),
  };
}

/** What the actions of the plan would have done so far. */
interface Progress {
  readonly paths: ReadonlySet<string>;
  readonly questions: number;
}

function countersAfter(counters: RunCounters, { paths, questions }: Progress): RunCounters {
  const fresh = [...paths].filter((path) => !counters.isTouched?.(path)).length;
  return {
    ...counters,
    filesTouched: counters.filesTouched + fresh,
    isTouched: (path) => paths.has(path) || counters.isTouched?.(path) === true,
    openQuestions: counters.openQuestions + questions,
  };
}

function progress({ paths, questions }: Progress, { effect }: DryRunAction, reading: Reading | null): Progress {
  if (effect === "deny" || !reading) return { paths, questions };
  const changed = [...reading.writes, ...reading.deletes].filter((path) => path !== null);
  return { paths: new Set([...paths, ...changed]), questions: questions + (effect === "require_approval" ? 1 : 0) };
}

function actionOf(proposed: ProposedAction, verdict: Verdict): DryRunAction {
  const assessment = verdict.reading?.assessment ?? null;
  if (verdict.kind === "held") {
    // A person has to let the run go on before this is decided at all.
    const reasons = [{ step: "guardrails", sentence: verdict.sentence }] as const;
    return { proposed, assessment, effect: "require_approval", reasons, approvalLevel: "review", obligations: [] };
  }
  const { effect, reasons, approvalLevel, obligations } = verdict.decision;
  return { proposed, assessment, effect, reasons, approvalLevel, obligations };
}
