import {
  approvalLevels,
  autonomyLevels,
  riskLevel,
  trustTiers,
  type ActionType,
  type AutonomyLevel,
  type ChangeKind,
  type Decision,
  type ProposedAction,
} from "@pullcord/sdk/protocol";
import type { DecisionFacts } from "../facts.js";
import type { Policy } from "../policy/policy.js";
import { indexWithout } from "../policy/rule-index.js";
import { typesOf } from "../policy/subject.js";
import type { Reading } from "../reading.js";
import { trustCeiling } from "../trust.js";
import { countedAnew } from "./limit-variations.js";
import { setIn } from "./set-in.js";

/** A decision, and what it was made from. */
export interface Scene {
  readonly facts: DecisionFacts;
  readonly decision: Decision;
  /** Reads another action in the same place. */
  readonly read: (proposed: ProposedAction) => Reading | null;
}

/** The same facts with one thing changed. */
export interface Variation {
  readonly kind: ChangeKind;
  /** How the sentence about it begins: "At the autonomy level notify". */
  readonly phrase: string;
  readonly facts: DecisionFacts;
  readonly rule?: string;
  readonly line?: number;
  /** Of variations in one direction the first, smallest one that gives an effect is told. Default: it stands alone. */
  readonly direction?: string;
  /** Not told where a step in this direction alone gives the same effect. */
  readonly yieldsTo?: string;
}

type Vary = (scene: Scene) => readonly Variation[];

/** Everything that is varied, the smallest step first in each. One more: a function here, and its kind in the protocol. */
export const ways: readonly Vary[] = [
  withoutIntervention,
  withoutBreakGlass,
  otherAutonomy,
  otherTrust,
  autonomyAndTrust,
  withoutRules,
  withoutModelReview,
  otherThresholds,
  lowerLevel,
  withinLimits,
  countedAnew,
  otherEnvironment,
  withoutClaim,
  withoutWorstFactor,
  saferWays,
];

function withoutIntervention({ facts }: Scene): readonly Variation[] {
  const run = { ...facts.run, state: { status: "running" } as const };
  if (facts.killFilePresent)
    return [{ kind: "intervention", phrase: "Without the kill file", facts: { ...facts, killFilePresent: false } }];
  if (facts.run.state.status === "running") return [];
  return [{ kind: "intervention", phrase: "In a run that goes on", facts: { ...facts, run } }];
}

function withoutBreakGlass({ facts }: Scene): readonly Variation[] {
  return facts.breakGlass.length === 0 ? [] : [{ kind: "break_glass", phrase: "Without break glass", facts: { ...facts, breakGlass: [] } }];
}

function otherAutonomy({ facts, decision }: Scene): readonly Variation[] {
  return fromNearest(autonomyLevels, decision.autonomy).map(({ one, direction }) => ({
    kind: "autonomy",
    phrase: `At the autonomy level ${one}`,
    facts: withAutonomy(facts, one),
    direction: `autonomy ${direction}`,
  }));
}

function otherTrust({ facts, decision }: Scene): readonly Variation[] {
  return fromNearest(trustTiers, decision.trustTier).map(({ one, direction }) => ({
    kind: "trust",
    phrase: `For an agent of trust tier ${one}`,
    facts: { ...facts, trustTier: one },
    direction: `trust ${direction}`,
  }));
}

/** The lower of both holds, so where both hold the agent back neither changes anything alone. */
function autonomyAndTrust({ facts, decision }: Scene): readonly Variation[] {
  const above = autonomyLevels.slice(autonomyLevels.indexOf(decision.autonomy) + 1);
  return above.flatMap((level) => {
    const tier = trustTiers.find((one) => autonomyLevels.indexOf(trustCeiling[one]) >= autonomyLevels.indexOf(level));
    if (!tier || trustTiers.indexOf(tier) <= trustTiers.indexOf(facts.trustTier)) return [];
    const phrase = `At the autonomy level ${level}, and for an agent of trust tier ${tier}`;
    return [
      {
        kind: "autonomy",
        phrase,
        facts: { ...withAutonomy(facts, level), trustTier: tier },
        direction: "autonomy up",
        yieldsTo: "trust up",
      },
    ];
  });
}

function withAutonomy(facts: DecisionFacts, level: AutonomyLevel): DecisionFacts {
  return { ...facts, autonomySet: { level, from: "run" } };
}

/** Each rule that spoke, absent. */
function withoutRules({ facts, decision }: Scene): readonly Variation[] {
  const spoke = new Set(decision.reasons.filter(({ step }) => step === "policy").map(({ rule }) => rule));
  return facts.policy.rules.rules
    .filter(({ id }) => spoke.has(id))
    .map((rule) => ({
      kind: "rule",
      phrase: `Without the rule ${rule.id}`,
      facts: withPolicy(facts, { rules: indexWithout(facts.policy.rules, rule) }),
      rule: rule.id,
      ...(rule.line === null ? {} : { line: rule.line }),
    }));
}

function withoutModelReview({ facts }: Scene): readonly Variation[] {
  const { review } = facts.policy;
  if (!review) return [];
  const phrase = `Without the review by the model ${review.model}`;
  return [{ kind: "model_review", phrase, facts: withPolicy(facts, { review: null }), ...setIn(facts, "review") }];
}

/** The smallest step of a threshold over the risk, and under it. */
function otherThresholds({ facts }: Scene): readonly Variation[] {
  const { thresholds } = facts.policy;
  const score = Math.max(facts.reading?.assessment.score ?? 0, facts.proposed.claim?.risk ?? 0);
  const over = Math.floor(score) + 1;
  const moved = (setting: "ask_at" | "deny_at", to: number): Variation => {
    const askAt = setting === "ask_at" ? to : Math.min(thresholds.askAt, to);
    const changed = setting === "ask_at" ? { askAt, denyAt: thresholds.denyAt } : { askAt, denyAt: to };
    const [verb, now] = setting === "ask_at" ? ["asked", thresholds.askAt] : ["denied", thresholds.denyAt];
    const phrase = `If the policy ${verb} ${to > now ? "only " : ""}from ${to} up (${setting} is ${now})`;
    return { kind: "threshold", phrase, facts: withPolicy(facts, { thresholds: changed }), ...setIn(facts, `thresholds.${setting}`) };
  };
  return [
    ...(score >= thresholds.askAt && over <= thresholds.denyAt ? [moved("ask_at", over)] : []),
    ...(score < thresholds.askAt && score > 0 ? [moved("ask_at", score)] : []),
    ...(score >= thresholds.denyAt && over <= highestScore ? [moved("deny_at", over)] : []),
  ];
}

const highestScore = 100;

/** The level of the type that weighs most, lower: first by one, then by more. */
function lowerLevel({ facts }: Scene): readonly Variation[] {
  const { levels } = facts.policy.approval;
  const types = typesOf(facts.proposed, facts.reading);
  const heaviest = types.toSorted((one, other) => approvalLevels.indexOf(levels[other]) - approvalLevels.indexOf(levels[one]))[0];
  if (!heaviest) return [];
  const lower = approvalLevels.slice(0, approvalLevels.indexOf(levels[heaviest])).toReversed();
  return lower.map((level) => ({
    kind: "approval_level",
    phrase: `If actions of type ${heaviest} needed the approval level ${level} (it is ${levels[heaviest]})`,
    facts: withPolicy(facts, { approval: { ...facts.policy.approval, levels: { ...levels, [heaviest]: level } } }),
    ...setIn(facts, `approval.levels.${heaviest satisfies ActionType}`),
    direction: "level down",
  }));
}

function withinLimits({ facts }: Scene): readonly Variation[] {
  const { counters } = facts;
  return [
    {
      kind: "guardrail",
      phrase: "In a run that had changed no other files",
      facts: { ...facts, counters: { ...counters, filesTouched: 0 } },
      ...setIn(facts, "guardrails.files_per_run"),
    },
    {
      kind: "guardrail",
      phrase: "With no other questions of this run waiting",
      facts: { ...facts, counters: { ...counters, openQuestions: 0 } },
    },
  ];
}

function otherEnvironment({ facts, read }: Scene): readonly Variation[] {
  const { environment, ...proposed } = facts.proposed;
  const name = environment ?? facts.run.environment;
  if (name === null) return [];
  const run = { ...facts.run, environment: null };
  return [
    { kind: "environment", phrase: `Outside the environment ${name}`, facts: rereading({ ...facts, proposed, run }, read(proposed)) },
  ];
}

/** What the agent says only ever raises the risk, so without it this can only weigh less. */
function withoutClaim({ facts, read }: Scene): readonly Variation[] {
  const { claim, ...proposed } = facts.proposed;
  if (!claim) return [];
  return [{ kind: "claim", phrase: "Without the agent's own doubts about it", facts: rereading({ ...facts, proposed }, read(proposed)) }];
}

/** Without the gravest factor. Whether it can be taken back, and whether it is understood, stays as it was: the cautious reading. */
function withoutWorstFactor({ facts }: Scene): readonly Variation[] {
  const { reading } = facts;
  const [worst, next] = (reading?.assessment.factors ?? []).toSorted((one, other) => other.score - one.score);
  if (!reading || !worst || worst.name === "claimed" || reading.touchesGate !== null) return [];
  const score = next?.score ?? 0;
  const factors = reading.assessment.factors.filter((factor) => factor !== worst);
  const lighter = { ...reading, assessment: { ...reading.assessment, factors, score, level: riskLevel(score) } };
  const phrase = `Without what weighs most (${worst.sentence.replace(/[.!?]$/, "")}: ${worst.score} of 100), at a risk of ${score}`;
  return [{ kind: "factor", phrase, facts: rereading(facts, lighter), rule: worst.name }];
}

/** The safer alternatives, proposed in its place. */
function saferWays({ facts, read }: Scene): readonly Variation[] {
  const { reading } = facts;
  if (!reading || reading.touchesGate !== null) return [];
  const { workingDirectory, environment } = facts.proposed;
  return reading.assessment.alternatives.map(({ text }) => {
    const proposed: ProposedAction = {
      type: "command_execute",
      arguments: { command: text },
      ...(workingDirectory === undefined ? {} : { workingDirectory }),
      ...(environment === undefined ? {} : { environment }),
    };
    return { kind: "alternative", phrase: `With “${text}” in its place`, facts: rereading({ ...facts, proposed }, read(proposed)) };
  });
}

function rereading(facts: DecisionFacts, reading: Reading | null): DecisionFacts {
  return { ...facts, reading };
}

function withPolicy(facts: DecisionFacts, changed: Partial<Policy>): DecisionFacts {
  return { ...facts, policy: { ...facts.policy, ...changed } };
}

/** The others of an ordered list, nearest first, each with the side it lies on. */
function fromNearest<T>(list: readonly T[], from: T): readonly { readonly one: T; readonly direction: "up" | "down" }[] {
  const place = list.indexOf(from);
  return [
    ...list
      .slice(0, place)
      .toReversed()
      .map((one) => ({ one, direction: "down" as const })),
    ...list.slice(place + 1).map((one) => ({ one, direction: "up" as const })),
  ];
}
