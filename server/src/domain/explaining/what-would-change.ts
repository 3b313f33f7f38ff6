import type { Decision, WhatWouldChange } from "@pullcord/sdk/protocol";
import { decide } from "../decide.js";
import type { DecisionFacts } from "../facts.js";
import { ways, type Scene, type Variation } from "./variations.js";

/** Most changes that one explanation names. */
const mostChanges = 10;

/** A change, with the facts that it was worked out from. */
export interface Counterfactual extends WhatWouldChange {
  readonly facts: DecisionFacts;
}

/**
 * The smallest single changes that would have given another effect, each found by deciding again. Nothing is offered
 * against the hard floor, where no change of policy, trust or people counts.
 */
export function counterfactuals(scene: Scene, now: number): readonly Counterfactual[] {
  const { reading } = scene.facts;
  if (reading && reading.touchesGate !== null) return [];
  const told = new Set<string>();
  const found: Counterfactual[] = [];
  for (const [place, variation] of ways.flatMap((way) => way(scene)).entries()) {
    const other = decide(variation.facts, now);
    if (other.kind !== "decided" || other.decision.effect === scene.decision.effect) continue;
    const direction = `${variation.direction ?? place} ${other.decision.effect}`;
    if (told.has(direction) || told.has(`${variation.yieldsTo} ${other.decision.effect}`)) continue;
    told.add(direction);
    found.push(counterfactual(variation, other.decision));
  }
  return found.slice(0, mostChanges);
}

function counterfactual({ kind, phrase, rule, line, facts }: Variation, decision: Decision): Counterfactual {
  return {
    kind,
    sentence: `${phrase}, ${outcome(decision)}.`,
    effect: decision.effect,
    ...(rule === undefined ? {} : { rule }),
    ...(line === undefined ? {} : { line }),
    facts,
  };
}

function outcome({ effect, obligations }: Decision): string {
  switch (effect) {
    case "allow":
      return obligations.some(({ kind }) => kind === "notify")
        ? "this would have run, and people would have been told"
        : "this would have run without a question";
    case "require_approval":
      return "a person would have been asked";
    case "deny":
      return "this would have been denied";
  }
}
