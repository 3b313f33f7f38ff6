import type { DecisionFacts } from "../facts.js";
import type { Limit } from "../limits/limit.js";
import { limitBasis } from "../limits/measuring.js";
import { setIn } from "./set-in.js";
import type { Scene, Variation } from "./variations.js";

/** Each limit that spoke, counted anew as after a person's reset; a spot, as if it were nothing new. */
export function countedAnew({ facts, decision }: Scene): readonly Variation[] {
  const spoke = new Set(decision.reasons.filter(({ step }) => step === "guardrails").map(({ rule }) => rule));
  return (
    facts.policy.guardrails.limits
      // Of the run's files another variation tells.
      .filter(({ guardrail }) => spoke.has(guardrail) && guardrail !== "files_per_run")
      .map((limit) => ({
        kind: "guardrail",
        phrase: spotPhrases[limit.measured] ?? `With ${limit.guardrail} counted anew, as a person's reset does`,
        facts: anew(limit, facts, decision.at),
        ...setIn(facts, `guardrails.${limit.guardrail}`),
      }))
  );
}

const spotPhrases: Readonly<Record<string, string>> = {
  depth: "Started by the run's own agent, not by a sub-agent",
  new_kind: "For an agent that had done this kind of thing before",
  new_host: "For an agent that had called this host before",
};

function anew(limit: Limit, given: DecisionFacts, now: number): DecisionFacts {
  const basis = limitBasis(given);
  const { [limit.guardrail]: _breaker, ...breakers } = basis.breakers;
  const facts = { ...given, limits: { ...basis, breakers } };
  const { counters, limits } = facts;
  switch (limit.measured) {
    case "time":
      return { ...facts, run: { ...facts.run, authorisedAt: now } };
    case "error_rate":
      return { ...facts, counters: { ...counters, recentFailures: 0 } };
    case "same_action":
      return { ...facts, limits: { ...limits, sameAction: 1 } };
    case "depth":
      return { ...facts, limits: { ...limits, depth: 0 } };
    case "new_kind":
      return { ...facts, limits: { ...limits, newKinds: [] } };
    case "new_host":
      return { ...facts, limits: { ...limits, newHosts: [] } };
    case "pace":
      return { ...facts, limits: { ...limits, pace: null } };
    default:
      break;
  }
  if (limit.scope === "run" && limit.measured === "files") return { ...facts, counters: { ...counters, filesTouched: 0 } };
  if (limit.scope === "run" && limit.measured === "calls") return { ...facts, counters: { ...counters, calls: 0 } };
  const { scope, measured } = limit;
  return { ...facts, limits: { ...limits, used: { ...limits.used, [scope]: { ...limits.used[scope], [measured]: 0 } } } };
}
