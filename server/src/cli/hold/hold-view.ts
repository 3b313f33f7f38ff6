import type { Paint } from "../screen/paint.js";
import { wrapped } from "../screen/width.js";
import { heldShare, type HoldState } from "./hold-machine.js";
import { silentMs, type HoldTiming } from "./hold-timing.js";

const width = 80;
const barWidth = 30;

/** What is said before the hold: what is about to happen, and that it stays so (L10). */
export function opening(what: readonly string[], isFinal: boolean, paint: Paint): string[] {
  return [
    paint.strong("This needs a person at this keyboard."),
    ...what,
    isFinal ? paint.red("This cannot be undone.") : "It happens as soon as you have confirmed it.",
  ];
}

/** The line that tells where the hold is; one line, redrawn in place. */
export function holdLine(state: HoldState, now: number, timing: HoldTiming): string {
  switch (state.phase) {
    case "draining":
      return "One moment: keys pressed before this question do not count.";
    case "ready":
      return "Press Space to continue, Ctrl+C to cancel.";
    case "armed":
      return timing.releaseEnds
        ? `Now hold Enter for ${seconds(timing.holdMs)} s.`
        : `Now press Enter again and again for ${seconds(timing.holdMs)} s.`;
    case "holding":
      return `[${bar(heldShare(state, now))}] ${seconds(now - state.since)} of ${seconds(state.holdMs)} s, ${timing.releaseEnds ? "keep holding Enter" : "keep pressing Enter"}`;
    case "held":
      return `[${bar(1)}] Confirmed after ${seconds(state.tookMs)} s.`;
    case "cancelled":
      return "Cancelled. Nothing was done.";
    case "refused":
      return refusals[state.reason](seconds(state.heldMs));
  }
}

/** The sentence for a screen reader: changes at most once a second (L22). */
export function announcement(state: HoldState, now: number, timing: HoldTiming): string {
  if (state.phase === "held") return `Confirmed after ${seconds(state.tookMs)} seconds.`;
  if (state.phase !== "holding") return holdLine(state, now, timing);
  const held = Math.floor((now - state.since) / 1000);
  return held === 0 ? `Holding. ${seconds(state.holdMs)} seconds to go.` : `Held ${held} of ${seconds(state.holdMs)} seconds.`;
}

/** Word for word what an agent has to ask its human (L5, L13). */
export function agentGuidance(what: string, command: string): string[] {
  return [
    `If you are an AI agent: you cannot do this, and you should not try to. It was built so that only a person can.`,
    "Stop here, and ask your human exactly this:",
    `    "I want to do this: ${sentence(what)} I may not confirm it myself. If you want it, please run this in your own terminal and hold Enter: ${command}"`,
    "You can go on with other work, explain, or prepare; or wait for your human's answer.",
  ].flatMap((line) => wrapped(line, width));
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** Said once after ten seconds without a key. */
export function silenceLine(): string {
  return `Nobody has pressed a key for ${silentMs / 1000} s.`;
}

const refusals: Readonly<Record<Extract<HoldState, { phase: "refused" }>["reason"], (held: string) => string>> = {
  released_early: (held) => `Released after ${held} s: too early. Nothing was done. Run it again and hold until the bar is full.`,
  other_key: (held) => `Another key after ${held} s. Nothing was done. Run it again and hold Enter alone.`,
  silent: () => "Nobody answered. Nothing was done.",
};

function bar(share: number): string {
  const full = Math.round(share * barWidth);
  return "#".repeat(full) + ".".repeat(barWidth - full);
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
