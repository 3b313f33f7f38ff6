import type { Action, Decision } from "@pullcord/sdk/protocol";
import type { DecisionFacts } from "./facts.js";
import type { Policy } from "./policy/policy.js";
import type { Reading } from "./reading.js";
import type { Review } from "./review.js";

/**
 * What is kept of a decision so that it can be decided again by another policy, beside what its action keeps anyway
 * (the proposal, the assessment, the basis). Small: the reading without its assessment, and where it was.
 */
export interface RecordedFacts {
  readonly reading: Omit<Reading, "assessment"> | null;
  /** What a model had said about it. */
  readonly review: Review | null;
  readonly workspace: string | null;
  readonly home: string | null;
  /** What the run was opened with. */
  readonly environment: string | null;
  /** How long the run had been authorised, in milliseconds. */
  readonly authorisedMs: number;
}

/** An action that was decided, with what is kept of its decision. */
export interface RecordedAction {
  readonly action: Action & { readonly decision: Decision };
  readonly recorded: RecordedFacts;
}

export function recordedFacts({ reading, review, surroundings, run }: DecisionFacts, now: number): RecordedFacts {
  return {
    reading: reading && withoutAssessment(reading),
    review,
    workspace: surroundings?.workspace ?? run.workingDirectory,
    home: surroundings?.home ?? null,
    environment: run.environment,
    authorisedMs: now - (run.authorisedAt ?? run.openedAt),
  };
}

function withoutAssessment({ assessment: _assessment, ...reading }: Reading): Omit<Reading, "assessment"> {
  return reading;
}

/** Whether a policy had any say: not where a person had ordered, granted, broken glass, or planted a canary. */
export function isPolicys({ decision }: RecordedAction["action"]): boolean {
  const { basis, breakGlassId, grantId, planStep, reasons } = decision;
  if (!basis || basis.breakGlassId !== undefined || breakGlassId !== undefined || grantId !== undefined) return false;
  if (planStep?.isAnswer) return false;
  return !reasons.some(({ step, rule }) => step === "interventions" || step === "break_glass" || rule === "canary");
}

/** What the action was decided from, under another policy; to be decided at `decision.at`. */
export function replayed({ action, recorded }: RecordedAction, policy: Policy): DecisionFacts {
  const { decision, assessment, proposed, agent, runId } = action;
  const { basis, at, trustTier } = decision;
  const { reading, review, workspace, home, environment, authorisedMs } = recorded;
  return {
    proposed,
    agent,
    run: { id: runId, state: { status: "running" }, workingDirectory: workspace, environment, openedAt: at - authorisedMs },
    canary: null,
    killFilePresent: false,
    breakGlass: [],
    reading: reading && assessment ? { ...reading, assessment } : null,
    review,
    ...(home === null ? {} : { surroundings: { workspace, home } }),
    keepsSnapshots: true,
    policy,
    autonomySet: !basis || basis.autonomyFrom === "policy" ? null : { level: basis.autonomySet, from: basis.autonomyFrom },
    trustTier,
    counters: { actions: 0, filesTouched: 0, recentFailures: 0, recentEnded: 0, calls: 0, openQuestions: 0, ...basis?.counters },
    ...(basis?.limits ? { limits: basis.limits } : {}),
  };
}
