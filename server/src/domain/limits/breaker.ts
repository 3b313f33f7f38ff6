import type { Actor, BreakerState, TripResponse } from "@pullcord/sdk/protocol";
import { limitResponses } from "@pullcord/sdk/protocol";
import { conflict, type Transition } from "../transition.js";

export type BreakerEvent =
  /** The limit's `warn` is reached; `until` is when it counts anew. */
  | { readonly kind: "warn"; readonly until: number | null }
  | ({ readonly kind: "trip" } & Trip)
  /** A budget holds again: the policy gives more, or what would have broken it was never done. */
  | { readonly kind: "recover" }
  /** Time went by. */
  | { readonly kind: "wake" }
  | { readonly kind: "probe"; readonly actionId: string; readonly until: number }
  | { readonly kind: "end_probe"; readonly actionId: string; readonly went: "well" | "badly" | "nowhere"; readonly coolsAt: number }
  | { readonly kind: "reset" }
  | { readonly kind: "hold"; readonly as: "open" | "closed"; readonly by: Actor; readonly until: number | null; readonly reason?: string }
  | { readonly kind: "release" };

/** What a decision makes of a breaker; which action is the probe is known only once it is written down. */
export type LimitEvent = Extract<BreakerEvent, { kind: "warn" | "trip" | "recover" }> | { readonly kind: "probe" };

export interface Trip {
  readonly response: TripResponse;
  readonly reason: string;
  /** When it cools, or a new day begins; null where only a person helps. */
  readonly until: number | null;
  readonly probes: number;
}

export const closed: BreakerState = { status: "closed" };

/**
 * What an event makes of a circuit breaker. Every guardrail has one for each run, or agent, that it holds for.
 *
 *     closed ──trip──> open ──wake, rates──> half-open ──last probe went well──> closed
 *                       │ ^                      │
 *                       │ └──a probe went badly, or it tripped anew
 *                       └──wake at a new day, recover: budgets──> closed
 *
 *     any ──hold──> held, open or closed ──release, or wake when its time is up──> closed
 *     any ──reset──> closed
 *
 * A person's hold wins over whatever happens by itself, and only a person makes one. A half-open breaker lets through one
 * action at a time, its probe. What is done twice changes nothing, so that pressing twice is safe.
 */
export function transitionBreaker(state: BreakerState, event: BreakerEvent, now: number): Transition<BreakerState> {
  switch (event.kind) {
    case "reset":
      return { ok: closed };
    case "hold": {
      const { as, by, until, reason } = event;
      return { ok: { status: "held", as, by, at: now, until, ...(reason === undefined ? {} : { reason }) } };
    }
    case "release":
      return state.status === "held" ? { ok: closed } : conflict("not_held", "Nobody holds this breaker, so there is nothing to release.");
    default:
      return { ok: byItself(state, event, now) };
  }
}

/** The state as it is by now, whether or not anybody has written that down. */
export function awake(state: BreakerState, now: number): BreakerState {
  return byItself(state, { kind: "wake" }, now);
}

type OwnEvent = Exclude<BreakerEvent, { readonly kind: "reset" | "hold" | "release" }>;

function byItself(state: BreakerState, event: OwnEvent, now: number): BreakerState {
  switch (state.status) {
    case "closed":
      return fromClosed(state, event, now);
    case "open":
      return fromOpen(state, event, now);
    case "half_open":
      return fromHalfOpen(state, event, now);
    case "held":
      return event.kind === "wake" && isOver(state.until, now) ? closed : state;
  }
}

function fromClosed(state: Extract<BreakerState, { status: "closed" }>, event: OwnEvent, now: number): BreakerState {
  switch (event.kind) {
    case "trip":
      return opened(event, now);
    case "warn":
      return state.warned ? state : { status: "closed", warned: { at: now, until: event.until } };
    case "wake":
      return state.warned && isOver(state.warned.until, now) ? closed : state;
    default:
      return state;
  }
}

function fromOpen(state: Extract<BreakerState, { status: "open" }>, event: OwnEvent, now: number): BreakerState {
  const { response, reason, probes } = state;
  switch (event.kind) {
    case "trip":
      return limitResponses.indexOf(event.response) > limitResponses.indexOf(response) ? opened(event, now) : state;
    case "recover":
      return probes === 0 ? closed : state;
    case "wake":
      if (!isOver(state.until, now)) return state;
      return probes === 0 ? closed : { status: "half_open", response, reason, at: now, probes, probesLeft: probes, probe: null };
    default:
      return state;
  }
}

function fromHalfOpen(state: Extract<BreakerState, { status: "half_open" }>, event: OwnEvent, now: number): BreakerState {
  switch (event.kind) {
    case "trip":
      return opened(event, now);
    case "wake":
      // A gate that died never says how its probe went.
      return state.probe && state.probe.until <= now ? { ...state, probe: null } : state;
    case "probe":
      return state.probe ? state : { ...state, probe: { actionId: event.actionId, until: event.until } };
    case "end_probe":
      return state.probe?.actionId === event.actionId ? afterProbe(state, event, now) : state;
    default:
      return state;
  }
}

function afterProbe(
  state: Extract<BreakerState, { status: "half_open" }>,
  { went, coolsAt }: Extract<BreakerEvent, { kind: "end_probe" }>,
  now: number,
): BreakerState {
  const { response, probes } = state;
  if (went === "nowhere") return { ...state, probe: null };
  if (went === "badly") return opened({ response, reason: "A probe failed.", until: coolsAt, probes }, now);
  return state.probesLeft <= 1 ? closed : { ...state, probesLeft: state.probesLeft - 1, probe: null };
}

function opened({ response, reason, until, probes }: Trip, now: number): BreakerState {
  return { status: "open", response, reason, at: now, until, probes };
}

function isOver(until: number | null, now: number): boolean {
  return until !== null && until <= now;
}
