import { drainQuietMs, giveUpMs, silentMs, type HoldTiming } from "./hold-timing.js";
import type { Key, KeyPhase } from "./keys.js";

/**
 * Holding Enter, as a pure machine.
 *
 *     draining ──(quiet for a moment)──> ready ──(Space)──> armed ──(Enter down)──> holding ──(long enough)──> held
 *         any but held ──(Ctrl+C)──> cancelled      holding ──(released, another key)──> refused
 *                                                   draining, ready, armed ──(silence)──> refused
 *
 * Terminal: held, cancelled, refused. A terminal without release events only tells that a key is held by repeating it,
 * so there the end of the hold has to be seen as one more repeat: silence never completes a hold.
 */
export type HoldState =
  | { readonly phase: "draining"; readonly since: number; readonly quietSince: number }
  | { readonly phase: "ready" | "armed"; readonly since: number }
  | { readonly phase: "holding"; readonly since: number; readonly holdMs: number; readonly seenAt: number; readonly repeats: number }
  | { readonly phase: "held"; readonly tookMs: number }
  | { readonly phase: "cancelled" }
  | { readonly phase: "refused"; readonly reason: "released_early" | "other_key" | "silent"; readonly heldMs: number };

export type HoldEvent =
  | { readonly kind: "key"; readonly key: Key; readonly phase: KeyPhase }
  /** The server asks for another length. */
  | { readonly kind: "length"; readonly holdMs: number }
  | { readonly kind: "tick" };

/** The moment, and by which rules it is judged. */
export interface HoldMoment {
  readonly now: number;
  readonly timing: HoldTiming;
  /** True when the terminal tells releases (kitty keyboard protocol). */
  readonly tellsRelease: boolean;
}

export function beginHold(now: number): HoldState {
  return { phase: "draining", since: now, quietSince: now };
}

export function isOver(state: HoldState): state is Extract<HoldState, { phase: "held" | "cancelled" | "refused" }> {
  return state.phase === "held" || state.phase === "cancelled" || state.phase === "refused";
}

/** The next state. Nothing moves a state that is over. */
export function nextHold(state: HoldState, event: HoldEvent, moment: HoldMoment): HoldState {
  if (isOver(state)) return state;
  const { now } = moment;
  if (event.kind === "key" && event.key === "interrupt" && event.phase !== "release") return { phase: "cancelled" };
  switch (state.phase) {
    case "draining":
      return drain(state, event, now);
    case "ready":
      return isDown(event, "space") ? { phase: "armed", since: now } : orSilent(state, now);
    case "armed":
      return isFreshPress(event, "enter") ? startHolding(moment) : orSilent(state, now);
    case "holding":
      return holdOn(state, event, moment);
  }
}

/** Whether it has been silent for so long that an agent should be told what to ask (L5). */
export function isSilent(state: HoldState, now: number): boolean {
  return (state.phase === "ready" || state.phase === "armed" || state.phase === "draining") && now - state.since >= silentMs;
}

/** From 0 to 1. */
export function heldShare(state: HoldState, now: number): number {
  if (state.phase === "held") return 1;
  return state.phase === "holding" ? Math.min(1, (now - state.since) / state.holdMs) : 0;
}

function drain(state: Extract<HoldState, { phase: "draining" }>, event: HoldEvent, now: number): HoldState {
  if (event.kind === "key") return { ...state, quietSince: now };
  if (now - state.quietSince >= drainQuietMs) return { phase: "ready", since: now };
  return orSilent(state, now);
}

function orSilent(state: HoldState & { readonly since: number }, now: number): HoldState {
  return now - state.since >= giveUpMs ? { phase: "refused", reason: "silent", heldMs: 0 } : state;
}

function startHolding({ now, timing }: HoldMoment): HoldState {
  return { phase: "holding", since: now, holdMs: timing.holdMs, seenAt: now, repeats: 0 };
}

function holdOn(state: Extract<HoldState, { phase: "holding" }>, event: HoldEvent, { now, timing, tellsRelease }: HoldMoment): HoldState {
  const heldMs = now - state.since;
  const refused = (reason: "released_early" | "other_key"): HoldState => ({ phase: "refused", reason, heldMs });
  const watchesRelease = tellsRelease && timing.releaseEnds;
  if (event.kind === "length") return { ...state, holdMs: event.holdMs };
  if (!watchesRelease && now - state.seenAt > (state.repeats === 0 ? timing.firstRepeatMs : timing.releaseGapMs))
    return refused("released_early");
  if (event.kind === "tick") return watchesRelease && heldMs >= state.holdMs ? { phase: "held", tookMs: heldMs } : state;
  if (event.key !== "enter") return event.phase === "release" ? state : refused("other_key");
  if (event.phase === "release") return watchesRelease ? refused("released_early") : state;
  return heldMs >= state.holdMs ? { phase: "held", tookMs: heldMs } : { ...state, seenAt: now, repeats: state.repeats + 1 };
}

function isDown(event: HoldEvent, key: Key): boolean {
  return event.kind === "key" && event.key === key && event.phase !== "release";
}

/** A repeat of a key that was down before it was asked for does not count. */
function isFreshPress(event: HoldEvent, key: Key): boolean {
  return event.kind === "key" && event.key === key && event.phase === "press";
}
