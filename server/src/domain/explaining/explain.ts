import type { Action, BreakGlassUse, Explanation, ProposedAction, WhatWouldChange } from "@pullcord/sdk/protocol";
import { decide } from "../decide.js";
import type { DecisionFacts } from "../facts.js";
import type { Policy } from "../policy/policy.js";
import type { Reading } from "../reading.js";
import { nothingToAdd } from "../review.js";
import { asDecided, isSame, type DecidedAction } from "./as-decided.js";
import { counterfactuals } from "./what-would-change.js";

/** What an explanation is worked out from. */
export interface ExplanationFacts {
  readonly action: Action;
  /** What the action would be decided from now. */
  readonly today: DecisionFacts;
  /** The policy that decided, of its kept text; null where that is the one in force, or was not kept. */
  readonly policyThen: Policy | null;
  /** The use of break glass that decided it. */
  readonly breakGlass: BreakGlassUse | null;
  /** Reads another action in the same place. */
  readonly read: (proposed: ProposedAction) => Reading | null;
}

type Explained = Pick<Explanation, "wouldChange" | "notes" | "today"> & { readonly hasPolicyChanged: boolean };

/** Works out what would have changed a decision, and what has to be known beside that. Pure but for `read`. */
export function explain({ action, today, policyThen, breakGlass, read }: ExplanationFacts, now: number): Explained {
  const { decision } = action;
  if (!decision) return { wouldChange: [], notes: [held], today: decidedNow(today, now), hasPolicyChanged: false };
  const decided: DecidedAction = { ...action, decision };
  const facts = asDecided(decided, policyThen ? { ...today, policy: policyThen } : today, breakGlass);
  const canReplay = isSame(decision, decide(facts, decision.at));
  const wouldChange = canReplay ? counterfactuals({ facts, decision, read }, decision.at).map(told) : [];
  const hasPolicyChanged = decision.policyVersion !== today.policy.version;
  const current = decidedNow({ ...today, counters: facts.counters }, now);
  return {
    wouldChange,
    notes: [
      ...(hasPolicyChanged ? [policyThen ? policyChanged : policyForgotten] : []),
      ...machineNotes(action, today),
      ...(canReplay ? whyNothing(decided, wouldChange) : [notReplayed]),
    ],
    today: current && current.effect !== decision.effect && !decision.reasons.some(({ step }) => step === "interventions") ? current : null,
    hasPolicyChanged,
  };
}

const held = "Nothing is decided yet: the run is paused, and this is decided when it is resumed.";
const policyChanged = "The policy has changed since. Lines, and what would have changed it, are those of the policy that decided.";
const policyForgotten =
  "The policy has changed since, and the one that decided can't be read any more. Lines are of that one; what would have changed it is worked out with the one in force now.";
const notReplayed =
  "Too much has changed since to decide it again as it was then, so what would have changed it can't be worked out any more.";
const floor = "Nothing would have changed this: no policy, no approval and no break glass lets an agent touch Pullcord itself.";
const nothing = "No single change of autonomy, trust, rules, thresholds or limits would have changed this.";

/** By the policy, the dial and the trust of now; what people ordered since, or a model might add, does not count. */
function decidedNow(facts: DecisionFacts, now: number): Explanation["today"] {
  const run = { ...facts.run, openedAt: now, authorisedAt: now, state: { status: "running" } as const };
  const verdict = decide({ ...facts, run, canary: null, review: nothingToAdd, killFilePresent: false }, now);
  if (verdict.kind === "held") return null;
  const { effect, reasons } = verdict.decision;
  return { effect, sentence: reasons[0]?.sentence ?? "" };
}

function machineNotes({ assessment }: Action, { reading }: DecisionFacts): readonly string[] {
  if (!assessment || !reading || reading.assessment.score === assessment.score) return [];
  return [`What it would touch has changed since: its risk was ${assessment.score}, read again it is ${reading.assessment.score}.`];
}

function whyNothing({ decision }: DecidedAction, changes: readonly WhatWouldChange[]): readonly string[] {
  if (decision.reasons.some(({ rule }) => rule === "hard_floor")) return [floor];
  return changes.length === 0 ? [nothing] : [];
}

function told({ kind, sentence, effect, rule, line }: WhatWouldChange): WhatWouldChange {
  return { kind, sentence, effect, ...(rule === undefined ? {} : { rule }), ...(line === undefined ? {} : { line }) };
}
