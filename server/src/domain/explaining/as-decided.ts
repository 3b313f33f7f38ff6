import type { Action, BreakGlassUse, Decision, Plan, PlanStep, RunState } from "@pullcord/sdk/protocol";
import { deviationRule } from "../deciding/plan.js";
import type { DecisionFacts } from "../facts.js";
import type { Policy } from "../policy/policy.js";
import type { Reading } from "../reading.js";
import { assessmentBefore, nothingToAdd } from "../review.js";
import type { Verdict } from "../verdict.js";

/** An action that was decided. */
export type DecidedAction = Action & { readonly decision: Decision };

/**
 * What a decision was made from, as far as it is on record: the autonomy, trust, counters, orders and assessment of
 * then. What is not kept by the decision comes with `today`: which commands and paths the action is made of, and the
 * policy, which the caller replaces by the one of then where its text is kept.
 */
export function asDecided(action: DecidedAction, today: DecisionFacts, glass: BreakGlassUse | null): DecisionFacts {
  const { decision } = action;
  const { basis } = decision;
  const rules = new Set(decision.reasons.map(({ rule }) => rule));
  const { authorisedAt: _, ...run } = today.run;
  const { limits: _limits, ...rest } = today;
  return {
    ...rest,
    run: { ...run, openedAt: decision.at - (basis?.authorisedMs ?? 0), state: stateOf(rules, decision.at) },
    canary: rules.has("canary") ? today.canary : null,
    killFilePresent: rules.has("kill_file"),
    breakGlass: glass ? [glass] : [],
    reading: readingThen(action, today.reading, rules),
    review: (action.assessment && assessmentBefore(action.assessment).review) ?? nothingToAdd,
    policy: policyThen(today.policy, decision),
    autonomySet: autonomyThen(decision),
    trustTier: decision.trustTier,
    plan: planThen(decision, today.plan ?? null),
    grants: (today.grants ?? []).filter(({ id }) => id === decision.grantId),
    counters: basis ? { actions: 0, ...basis.counters } : today.counters,
    ...(basis?.limits ? { limits: basis.limits } : {}),
  };
}

/** Whether deciding again gives the same effect for the same reasons: only then do its variations say anything. */
export function isSame(decision: Decision, again: Verdict): boolean {
  if (again.kind !== "decided" || again.decision.effect !== decision.effect) return false;
  // That it was not the plan said nothing about the effect.
  const places = ({ reasons }: Decision) =>
    reasons
      .filter(({ rule }) => rule !== deviationRule)
      .map(({ step, rule }) => `${step} ${rule ?? ""}`)
      .join("\n");
  return places(again.decision) === places(decision);
}

function stateOf(rules: ReadonlySet<string | undefined>, at: number): RunState {
  if (rules.has("stopped")) return { status: "stopped", interventionId: "", at };
  return rules.has("finished") ? { status: "finished", result: "succeeded", at } : { status: "running" };
}

/** The plan that answered, with the step's turn come again; it may have ended since, and then it can't be replayed. */
function planThen({ planStep }: Decision, plan: Plan | null): Plan | null {
  if (!planStep?.isAnswer || plan?.id !== planStep.plan) return null;
  const position = plan.steps.findIndex(({ number }) => number === planStep.number);
  const steps = plan.steps.map((step, at): PlanStep => (at === position ? { ...step, state: { status: "open" } } : step));
  return { ...plan, steps, position };
}

function policyThen(policy: Policy, { basis }: Decision): Policy {
  return basis?.autonomyFrom === "policy" ? { ...policy, autonomy: basis.autonomySet } : policy;
}

function autonomyThen({ basis, autonomy }: Decision): DecisionFacts["autonomySet"] {
  if (!basis) return { level: autonomy, from: "run" };
  return basis.autonomyFrom === "policy" ? null : { level: basis.autonomySet, from: basis.autonomyFrom };
}

/** The assessment is of then, for files and git may have changed since, not least by the action itself. */
function readingThen({ assessment }: Action, today: Reading | null, rules: ReadonlySet<string | undefined>): Reading | null {
  if (!assessment) return rules.has("unreadable") ? null : today;
  if (!today) return null;
  const { cutShort, touchesGate, ...reading } = today;
  return {
    ...reading,
    touchesGate: rules.has("hard_floor") ? (touchesGate ?? "It did when it was decided.") : null,
    ...(rules.has("unreadable") || (cutShort && !assessment.understood) ? { cutShort: true as const } : {}),
    assessment: assessmentBefore(assessment).assessment,
  };
}
