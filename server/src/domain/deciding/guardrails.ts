import type { DecisionReason } from "@pullcord/sdk/protocol";
import type { DecisionFacts } from "../facts.js";
import { pathFits } from "../policy/matchers/path.js";
import type { Policy } from "../policy/policy.js";
import type { Reading } from "../reading.js";
import { placesOf } from "../places.js";
import { ask, atSetting, deny, type Draft, type Step } from "./draft.js";
import { holdLimits } from "./limits.js";

/** Areas that no agent may enter (E41), then every limit and its circuit breaker (E38 to E40, V9.1.2). */
export const holdGuardrails: Step = (draft, facts, now) => {
  const { reading } = draft;
  if (!reading) return draft;
  const forbidden = guardForbiddenPaths(draft, reading, facts);
  if (forbidden.settled) return forbidden;
  return holdLimits(forbidden, reading, { facts, now });
};

function guardForbiddenPaths(draft: Draft, reading: Reading, facts: DecisionFacts): Draft {
  const patterns = facts.policy.guardrails.forbiddenPaths;
  if (patterns.length === 0) return draft;
  const fits = pathFits(patterns, reading, placesOf(facts));
  if (fits.some(({ fit }) => fit === "yes")) {
    const path = fits.find(({ fit }) => fit === "yes")?.path;
    return deny(draft, reason(`Enters an area that no agent may enter: ${path}.`, facts.policy));
  }
  if (!fits.some(({ fit }) => fit === "unknown")) return draft;
  const sentence = "Which files it touches cannot be known, so it may enter an area that no agent may enter.";
  return ask(draft, { reasons: [reason(sentence, facts.policy)], level: "review", isLiftable: false });
}

function reason(sentence: string, policy: Policy): DecisionReason {
  return atSetting({ step: "guardrails", sentence, rule: "forbidden_paths" }, "guardrails.forbidden_paths", policy);
}
