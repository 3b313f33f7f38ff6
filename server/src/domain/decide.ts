import type { Decision, DecisionBasis } from "@pullcord/sdk/protocol";
import { autonomyInForce } from "./autonomy.js";
import { applyAutonomyAndTrust } from "./deciding/autonomy-and-trust.js";
import { denyCanary } from "./deciding/canary.js";
import { forceThrough, lookForBreakGlass } from "./deciding/break-glass.js";
import { emptyDraft, type Draft, type SettledEffect, type Step } from "./deciding/draft.js";
import { applyGrants } from "./deciding/grants.js";
import { holdGuardrails } from "./deciding/guardrails.js";
import { guardTheFloor } from "./deciding/hard-floor.js";
import { obeyInterventions } from "./deciding/interventions.js";
import { obligations } from "./deciding/obligations.js";
import { followPlan, nameDeviation } from "./deciding/plan.js";
import { applyPolicy } from "./deciding/policy.js";
import { heedReview } from "./deciding/review.js";
import { weighRisk } from "./deciding/risk.js";
import { settle } from "./deciding/settling.js";
import type { DecisionFacts } from "./facts.js";
import { touchedAgain } from "./limits/files.js";
import type { LimitScene } from "./limits/measuring.js";
import { typesOf } from "./policy/subject.js";
import type { Verdict } from "./verdict.js";

/** The steps of deciding, in the settled order; the first that settles the draft ends it. */
const steps: readonly Step[] = [
  denyCanary,
  lookForBreakGlass,
  obeyInterventions,
  guardTheFloor,
  forceThrough,
  holdGuardrails,
  weighRisk,
  applyPolicy,
  applyAutonomyAndTrust,
  followPlan,
  applyGrants,
  heedReview,
  nameDeviation,
  settle,
];

/**
 * Decides one proposed action. Pure; never throws for what an agent proposed: what is malformed or cannot be read is
 * denied, with a sentence that the agent can hand to its human.
 *
 * Break glass is looked at before anything is judged. It skips all judgment, but lifts no stop, no pause and no kill
 * file, and the hard floor is still guarded: a reading that failed denies there too, since otherwise whatever crashes
 * the reader would be the way across the floor.
 */
export function decide(facts: DecisionFacts, now: number): Verdict {
  let draft = emptyDraft;
  for (const step of steps) {
    draft = step(draft, facts, now);
    if (draft.settled) break;
  }
  const settled = draft.settled ?? undecided;
  if (settled.kind === "held") return { ...settled, reading: draft.reading, breakers: draft.breakers };
  return {
    kind: "decided",
    decision: decision(draft, settled, { facts, now }),
    reading: draft.reading,
    stop: draft.stop,
    breakers: draft.breakers,
    lacksReview: draft.lacksReview,
  };
}

/** The last step always settles; should it ever not, nothing runs. */
const undecided: SettledEffect = {
  kind: "effect",
  effect: "deny",
  reasons: [{ step: "obligations", sentence: "Pullcord came to no decision, so the action is denied." }],
  level: "none",
};

function decision(draft: Draft, settled: SettledEffect, { facts, now }: { facts: DecisionFacts; now: number }): Decision {
  const autonomy = autonomyInForce(facts).level;
  return {
    effect: settled.effect,
    reasons: [...settled.reasons, ...draft.warnings],
    obligations: settled.effect === "deny" ? [] : obligations(draft, autonomy, facts),
    approvalLevel: settled.level,
    ...(draft.breakGlass && settled.effect === "allow" ? { breakGlassId: draft.breakGlass.id } : {}),
    ...(draft.grant && settled.effect === "allow" ? { grantId: draft.grant.id } : {}),
    ...(draft.planStep && settled.effect === "allow" ? { planStep: draft.planStep } : {}),
    ...(draft.deviatesFrom !== null && settled.effect === "require_approval" ? { deviatesFrom: draft.deviatesFrom } : {}),
    policyVersion: facts.policy.version,
    autonomy,
    trustTier: facts.trustTier,
    basis: basis(draft, { facts, now }),
    types: typesOf(facts.proposed, draft.reading),
    at: now,
  };
}

function basis({ reading, breakGlass }: Draft, { facts, now }: LimitScene): DecisionBasis {
  const { set, from } = autonomyInForce(facts);
  const { filesTouched, recentFailures, recentEnded, calls, openQuestions } = facts.counters;
  const touched = reading ? touchedAgain(reading, facts.counters) : 0;
  return {
    autonomySet: set,
    autonomyFrom: from,
    ...(breakGlass ? { breakGlassId: breakGlass.id } : {}),
    counters: { filesTouched, touchedAgain: touched, recentFailures, recentEnded, calls, openQuestions },
    authorisedMs: now - (facts.run.authorisedAt ?? facts.run.openedAt),
    ...(facts.limits ? { limits: facts.limits } : {}),
  };
}
