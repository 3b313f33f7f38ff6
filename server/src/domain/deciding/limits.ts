import { limitResponses, type BreakerState, type DecisionReason, type LimitResponse } from "@pullcord/sdk/protocol";
import type { DecisionFacts } from "../facts.js";
import { awake, closed, type LimitEvent } from "../limits/breaker.js";
import { endOfDay } from "../limits/day.js";
import { countsFromEqual, natureOf, type Limit } from "../limits/limit.js";
import { limitBasis, measure, type LimitScene, type Measurement } from "../limits/measuring.js";
import { limitSentence } from "../limits/sentences.js";
import type { Guardrails } from "../policy/policy.js";
import type { Reading } from "../reading.js";
import type { LimitOrder } from "../verdict.js";
import { ask, atSetting, deny, hold, type Draft } from "./draft.js";

/** What one limit says to an action. */
interface Finding {
  readonly limit: Limit;
  /** `deny` only where a person holds the breaker open. */
  readonly response: LimitResponse | "deny" | null;
  readonly sentence: string;
  readonly event: LimitEvent | null;
}

/** Every limit of the policy, held against the action; the gravest answer holds. */
export function holdLimits(draft: Draft, reading: Reading, scene: LimitScene): Draft {
  const { facts } = scene;
  const found = facts.policy.guardrails.limits.flatMap((limit) => judge(limit, reading, scene) ?? []);
  const breakers = found.flatMap(({ limit, event }) => (event ? [{ guardrail: limit.guardrail, scope: limit.scope, event }] : []));
  const reasons = (...wanted: readonly Finding["response"][]) =>
    found.filter(({ response }) => wanted.includes(response)).map((one) => reasonOf(one, facts));
  const noted: Draft = { ...draft, breakers, warnings: reasons("warn") };
  const [denial, ...others] = reasons("deny");
  if (denial) return deny(noted, denial, ...others);
  const stop = orderOf(found, "stop");
  if (stop) return { ...deny(noted, stop.reason, ...reasons("pause", "ask")), stop: stop.order };
  const pause = orderOf(found, "pause");
  if (pause) return hold(noted, `${pause.order.reason} The run is paused until a person resumes it.`, pause.order);
  return ask(noted, ...reasons("ask").map((reason) => ({ reasons: [reason], level: "review" as const, isLiftable: false })));

  function orderOf(
    findings: readonly Finding[],
    wanted: "stop" | "pause",
  ): { readonly order: LimitOrder; readonly reason: DecisionReason } | null {
    const one = findings.find(({ response }) => response === wanted);
    if (!one) return null;
    const { guardrail, scope } = one.limit;
    // A spot is about one action; only what adds up is about all that the agent does.
    const reach = scope === "run" || natureOf(one.limit) === "spot" ? "run" : "agent";
    return { order: { guardrail, scope: reach, reason: one.sentence }, reason: reasonOf(one, facts) };
  }
}

function reasonOf({ limit: { guardrail }, sentence }: Finding, { policy }: DecisionFacts): DecisionReason {
  return atSetting({ step: "guardrails", sentence, rule: guardrail }, `guardrails.${guardrail}`, policy);
}

function judge(limit: Limit, reading: Reading, { facts, now }: LimitScene): Finding | null {
  const measured = measure(limit, reading, { facts, now });
  if (!measured) return null;
  const state = awake(limitBasis(facts).breakers[limit.guardrail] ?? closed, now);
  if (state.status === "held") return heldFinding(limit, state);
  const reached = responseAt(limit, measured);
  const over = reached && limitSentence(limit, { amount: measured.amount, response: reached }, { reading, facts });
  const nature = natureOf(limit);
  if (nature === "rate" && state.status !== "closed" && (reached === null || reached === "warn")) return trippedFinding(limit, state, now);
  if (reached === null || over === null) return recovery(limit, state);
  const response = nature === "rate" && state.status === "open" ? graver(reached, state.response) : reached;
  const event = nature === "spot" ? null : eventOf(limit, { response, sentence: over, state }, { policy: facts.policy.guardrails, now });
  return { limit, response, sentence: over, event };
}

function heldFinding(limit: Limit, { as, by }: Extract<BreakerState, { status: "held" }>): Finding | null {
  if (as === "closed") return null;
  return {
    limit,
    response: "deny",
    sentence: `${by.id} holds the breaker ${limit.guardrail} open, so nothing that it guards runs.`,
    event: null,
  };
}

/** A rate that tripped and is within its limit by now: it heals by itself, carefully. */
function trippedFinding(limit: Limit, state: Extract<BreakerState, { status: "open" | "half_open" }>, now: number): Finding {
  const why = state.reason.replace(/[.!?]$/, "");
  if (state.status === "open") {
    const until = state.until === null ? "a person resets it" : `${new Date(Math.max(now, state.until)).toISOString().slice(11, 16)} UTC`;
    return { limit, response: state.response, sentence: `The breaker ${limit.guardrail} is open until ${until} (${why}).`, event: null };
  }
  const sentence = `The breaker ${limit.guardrail} tries one action at a time (${why}).`;
  return state.probe ? { limit, response: "ask", sentence, event: null } : { limit, response: null, sentence, event: { kind: "probe" } };
}

/** A budget that was exceeded and isn't any more: the policy gives more, or what would have exceeded it was never done. */
function recovery(limit: Limit, state: BreakerState): Finding | null {
  return state.status === "open" && state.probes === 0 ? { limit, response: null, sentence: "", event: { kind: "recover" } } : null;
}

/** The gravest response whose amount is reached. What cannot be known is asked about, since it may be any amount. */
function responseAt(limit: Limit, { amount }: Measurement): LimitResponse | null {
  if (amount === null) return limit.at.ask !== undefined || limit.at.pause !== undefined || limit.at.stop !== undefined ? "ask" : null;
  const isReached = (threshold: number) => (countsFromEqual(limit) ? amount >= threshold : amount > threshold);
  return limitResponses.findLast((response) => isReached(limit.at[response] ?? Infinity)) ?? null;
}

function eventOf(
  limit: Limit,
  { response, sentence, state }: { readonly response: LimitResponse; readonly sentence: string; readonly state: BreakerState },
  { policy, now }: { readonly policy: Guardrails; readonly now: number },
): LimitEvent | null {
  const newDay = () => (limit.scope === "agent_day" ? endOfDay(now, policy.dayZone) : null);
  if (response === "warn") {
    if (state.status === "open") return { kind: "recover" };
    return state.status === "closed" && !state.warned ? { kind: "warn", until: newDay() } : null;
  }
  if (state.status === "open" && graver(state.response, response) === state.response) return null;
  const isRate = natureOf(limit) === "rate";
  return {
    kind: "trip",
    response,
    reason: sentence,
    until: isRate ? now + policy.breaker.coolDownMs : newDay(),
    probes: isRate ? policy.breaker.probes : 0,
  };
}

function graver<Response extends LimitResponse>(one: Response, other: Response): Response {
  return limitResponses.indexOf(other) > limitResponses.indexOf(one) ? other : one;
}
