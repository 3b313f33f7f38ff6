import type { ApprovalLevel, AutonomyLevel, DecisionReason, Effect, ProposedAction, TrustTier } from "@pullcord/sdk/protocol";
import { decide } from "./decide.js";
import type { Policy } from "./policy/policy.js";
import type { Reading, Surroundings } from "./reading.js";
import { readAction } from "./risk/read-action.js";

/** What an action is judged by where there is no run: a place, a policy, an agent. */
export interface Bench {
  readonly policy: Policy;
  readonly surroundings: Surroundings;
  readonly autonomy: AutonomyLevel | null;
  readonly trustTier: TrustTier;
  readonly agent?: string;
  /** When it is decided, for rules that go by the time. */
  readonly now?: number;
}

export interface Judged {
  readonly effect: Effect;
  readonly level: ApprovalLevel;
  readonly reasons: readonly DecisionReason[];
  readonly reading: Reading;
}

/** What the gate would say to a first action of a new run. */
export function judgeAction(
  proposed: ProposedAction,
  { policy, surroundings, autonomy, trustTier, agent = "judged", now = 0 }: Bench,
): Judged {
  const reading = readAction(proposed, surroundings);
  const verdict = decide(
    {
      proposed,
      agent,
      run: { id: "judged", state: { status: "running" }, workingDirectory: surroundings.workspace, environment: null, openedAt: now },
      canary: null,
      review: null,
      keepsSnapshots: true,
      killFilePresent: false,
      breakGlass: [],
      reading,
      surroundings,
      // A model is asked only by a server.
      policy: { ...policy, review: null },
      autonomySet: autonomy === null ? null : { level: autonomy, from: "everything" },
      trustTier,
      counters: { actions: 0, filesTouched: 0, recentFailures: 0, recentEnded: 0, calls: 0, openQuestions: 0 },
    },
    now,
  );
  // Held happens to runs that are paused or over a limit: a person decides how they go on.
  if (verdict.kind === "held")
    return { effect: "require_approval", level: "review", reasons: [{ step: "guardrails", sentence: verdict.sentence }], reading };
  const { effect, approvalLevel, reasons } = verdict.decision;
  return { effect, level: approvalLevel, reasons, reading };
}
