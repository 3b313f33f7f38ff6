import { setTimeout as sleep } from "node:timers/promises";
import { PullcordError, type Counted, type DryRunAction, type ProposedAction, type RowsPreview } from "@pullcord/sdk/protocol";
import { decide } from "../domain/decide.js";
import type { DecisionFacts, RunCounters } from "../domain/facts.js";
import { plus } from "../domain/limits/agent-tally.js";
import { usedAlone, withMoreUsed } from "../domain/limits/uses.js";
import type { Reading } from "../domain/reading.js";
import { withoutPromise } from "../domain/rows-preview.js";
import type { Verdict } from "../domain/verdict.js";
import type { StoredRun } from "../store/runs.js";
import type { LookContext } from "./context.js";
import { examine } from "./examine-action.js";
import { gatherFacts } from "./gather-facts.js";

export interface ToJudge {
  readonly actions: readonly ProposedAction[];
  /** They are put to a person together: one question, judged as if the run went on, beside the plan that holds now. */
  readonly isPlan?: true;
  /** Aborts when nobody waits for it any more. */
  readonly signal?: AbortSignal | undefined;
  /** Previews the rows that an action would change, unless it is denied. */
  readonly rowsOf?: (reading: Reading) => Promise<RowsPreview | undefined>;
}

/** What came of judging one action, and what it was read as; null where it could not be. */
export interface JudgedInOrder {
  readonly action: DryRunAction;
  readonly reading: Reading | null;
}

/**
 * Judges actions that nobody proposed, one after the other: each is held against the run's counters as they would be
 * after the ones before it. Looks only: nothing is written, nobody is asked, and no model is called.
 * @throws PullcordError `unavailable`/`caller_gone`
 */
export async function judgeInOrder(
  look: LookContext,
  run: StoredRun,
  { actions, isPlan, signal, rowsOf }: ToJudge,
): Promise<JudgedInOrder[]> {
  const judged: JudgedInOrder[] = [];
  let soFar: Progress = { paths: new Set(), questions: 0, used: {} };
  for (const proposed of actions) {
    const from = performance.now();
    const examination = examine(look, run, proposed);
    const gathered = await gatherFacts(look, run, { proposed, examination });
    const facts = isPlan ? asPlanned(gathered) : gathered;
    const counters = countersAfter(facts.counters, soFar);
    const limits = facts.limits && withMoreUsed(facts.limits, soFar.used);
    const verdict = decide({ ...facts, counters, ...(limits ? { limits } : {}), policy: { ...facts.policy, review: null } }, look.now);
    const action = actionOf(proposed, verdict);
    const rows = verdict.reading && action.effect !== "deny" ? await rowsOf?.(verdict.reading) : undefined;
    judged.push({ action: withoutPromise({ ...action, ...(rows && { rows }) }, rows), reading: verdict.reading });
    soFar = progress(soFar, { ...action, asks: !isPlan && action.effect === "require_approval" }, verdict.reading);
    // Reading takes its time, and a plan is long: whoever wants to stop something gets as much of it.
    await sleep(performance.now() - from);
    if (signal?.aborted) throw new PullcordError("unavailable", "caller_gone", "Nobody waits for this dry run any more.");
  }
  return judged;
}

function asPlanned({ run, counters, ...facts }: DecisionFacts): DecisionFacts {
  const goesOn = run.state.status === "paused" ? { ...run, state: { status: "running" } as const } : run;
  return { ...facts, run: goesOn, counters: { ...counters, openQuestions: 0 }, plan: null };
}

/** What the actions would have done so far. */
interface Progress {
  readonly paths: ReadonlySet<string>;
  readonly questions: number;
  readonly used: Counted;
}

function countersAfter(counters: RunCounters, { paths, questions, used }: Progress): RunCounters {
  const fresh = [...paths].filter((path) => !counters.isTouched?.(path)).length;
  return {
    ...counters,
    filesTouched: counters.filesTouched + fresh,
    calls: counters.calls + (used.calls ?? 0),
    isTouched: (path) => paths.has(path) || counters.isTouched?.(path) === true,
    openQuestions: counters.openQuestions + questions,
  };
}

function progress(
  { paths, questions, used }: Progress,
  { effect, asks, proposed }: DryRunAction & { readonly asks: boolean },
  reading: Reading | null,
): Progress {
  if (effect === "deny" || !reading) return { paths, questions, used };
  const changed = [...reading.writes, ...reading.deletes].filter((path) => path !== null);
  return { paths: new Set([...paths, ...changed]), questions: questions + (asks ? 1 : 0), used: plus(used, usedAlone(proposed, reading)) };
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
