import type { DecisionReason } from "@pullcord/sdk/protocol";
import type { DecisionFacts, RunCounters } from "../facts.js";
import { pathFits } from "../policy/matchers/path.js";
import type { Policy } from "../policy/policy.js";
import type { Reading } from "../reading.js";
import type { Held } from "../verdict.js";
import { placesOf } from "../places.js";
import { ask, atSetting, deny, hold, type Draft, type Step } from "./draft.js";

/** The run's limits (E38 to E41): areas it may not enter, its time, its failures, the files it touches. */
export const holdGuardrails: Step = (draft, facts, now) => {
  const { reading } = draft;
  if (!reading) return draft;
  const forbidden = guardForbiddenPaths(draft, reading, facts);
  if (forbidden.settled) return forbidden;
  const pause = reasonToPause(reading, facts, now);
  if (pause) return hold(forbidden, `${pause.reason} The run is paused until a person resumes it.`, pause);
  return guardFileCount(forbidden, reading, facts);
};

function guardForbiddenPaths(draft: Draft, reading: Reading, facts: DecisionFacts): Draft {
  const patterns = facts.policy.guardrails.forbiddenPaths;
  if (patterns.length === 0) return draft;
  const fits = pathFits(patterns, reading, placesOf(facts));
  if (fits.some(({ fit }) => fit === "yes")) {
    const path = fits.find(({ fit }) => fit === "yes")?.path;
    return deny(draft, reason("forbidden_paths", `Enters an area that no agent may enter: ${path}.`, facts.policy));
  }
  if (!fits.some(({ fit }) => fit === "unknown")) return draft;
  const sentence = "Which files it touches cannot be known, so it may enter an area that no agent may enter.";
  return ask(draft, { reasons: [reason("forbidden_paths", sentence, facts.policy)], level: "review", isLiftable: false });
}

function reasonToPause(reading: Reading, { policy, run, counters }: DecisionFacts, now: number): Held["pause"] {
  const { runTimeMs, errorRate, filesPerRun } = policy.guardrails;
  if (now - (run.authorisedAt ?? run.openedAt) >= runTimeMs) {
    return { guardrail: "run_time", reason: `The run has been going for longer than the policy lets it (${hours(runTimeMs)}).` };
  }
  if (counters.recentEnded >= errorRate.ofLast && counters.recentFailures / counters.recentEnded >= errorRate.pauseAt) {
    return { guardrail: "error_rate", reason: `${counters.recentFailures} of its newest ${counters.recentEnded} actions failed.` };
  }
  const files = filesAfter(reading, counters);
  if (files !== null && files > filesPerRun.pause) {
    return {
      guardrail: "files_per_run",
      reason: `The run would have changed ${files} files; the policy pauses it above ${filesPerRun.pause}.`,
    };
  }
  return null;
}

function guardFileCount(draft: Draft, reading: Reading, { policy, counters }: DecisionFacts): Draft {
  const files = filesAfter(reading, counters);
  const { ask: limit } = policy.guardrails.filesPerRun;
  if (files === null || files <= limit) return draft;
  const sentence = `The run would have changed ${files} files; the policy asks above ${limit}.`;
  return ask(draft, { reasons: [reason("files_per_run", sentence, policy)], level: "review", isLiftable: false });
}

/** Files changed once this action ran; null when it changes none that the run has not changed before. */
export function filesAfter(reading: Reading, counters: RunCounters): number | null {
  const { writes, deletes } = reading.assessment.affected;
  const more = writes.count + deletes.count - touchedAgain(reading, counters);
  return more > 0 ? counters.filesTouched + more : null;
}

/** How many of the files that an action changes the run has changed before. */
export function touchedAgain({ writes, deletes }: Reading, { isTouched, touchedAgain: counted }: RunCounters): number {
  return counted ?? [...writes, ...deletes].filter((path) => path !== null && isTouched?.(path)).length;
}

function hours(ms: number): string {
  return ms >= 3_600_000 ? `${Math.round(ms / 360_000) / 10} h` : `${Math.round(ms / 60_000)} min`;
}

function reason(rule: "files_per_run" | "forbidden_paths", sentence: string, policy: Policy): DecisionReason {
  return atSetting({ step: "guardrails", sentence, rule }, `guardrails.${rule}`, policy);
}
