import { approvalLevels, type DecisionReason } from "@pullcord/sdk/protocol";
import type { DecisionFacts } from "../facts.js";
import { placesOf } from "../places.js";
import { liftedLevel, matchRules } from "../policy/match.js";
import type { Rule } from "../policy/rule.js";
import { subjectOf, type Subject } from "../policy/subject.js";
import type { Reading } from "../reading.js";
import { ask, deny, type Ask, type Draft, type Step } from "./draft.js";

/** Applies the rules: deny over require_approval over allow, in whatever order they stand. */
export const applyPolicy: Step = (draft, facts, now) => {
  if (!draft.reading) return draft;
  const { denies, asks, allows } = matchRules(facts.policy.rules, subjectFor({ ...draft, reading: draft.reading }, facts, now));
  const [denying, ...otherDenying] = denies.map(spoken);
  if (denying) return deny(draft, denying, ...otherDenying);
  const asked = ask(draft, ...asks.map(({ rule, fit }) => askOf(rule, fit)));
  const [allowing] = allows;
  return allowing ? { ...asked, lift: { level: liftedLevel(allows, approvalLevels), reason: spoken(allowing) } } : asked;
};

/** The action as rules and grants see it. */
export function subjectFor({ reading, risk }: Draft & { readonly reading: Reading }, facts: DecisionFacts, now: number): Subject {
  return subjectOf({
    proposed: facts.proposed,
    agent: facts.agent,
    environments: [...new Set([facts.run.environment, facts.proposed.environment].filter((one) => typeof one === "string"))],
    reading,
    score: risk.score,
    now,
    ...placesOf(facts),
  });
}

function askOf(rule: Rule, fit: "yes" | "unknown"): Ask {
  const level = rule.level ?? "required";
  if (fit === "yes") return { reasons: [spoken(rule)], level, isLiftable: false };
  const sentence = `Whether the rule ${rule.id} is about this cannot be known: a part of the action cannot be read.`;
  return { reasons: [reasonOf(rule, sentence)], level, isLiftable: false };
}

function spoken(rule: Rule): DecisionReason {
  return reasonOf(rule, rule.reason ?? defaultSentence(rule));
}

function reasonOf({ id, line }: Rule, sentence: string): DecisionReason {
  return { step: "policy", sentence, rule: id, ...(line === null ? {} : { line }) };
}

function defaultSentence({ id, effect }: Rule): string {
  const does = { allow: "allows this", deny: "denies this", require_approval: "wants a person to approve this" };
  return `The rule ${id} ${does[effect]}.`;
}
