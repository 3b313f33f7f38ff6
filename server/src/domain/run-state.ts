import type { RunResult, RunState } from "@pullcord/sdk/protocol";
import { conflict, type Transition } from "./transition.js";

export type RunEvent =
  | { readonly kind: "pause"; readonly interventionId: string }
  | { readonly kind: "resume"; readonly interventionId: string }
  | { readonly kind: "stop"; readonly interventionId: string }
  | { readonly kind: "finish"; readonly result: RunResult }
  /** The client's session goes on after it had ended. */
  | { readonly kind: "reopen" };

/**
 * What an event makes of a run.
 *
 *     running ──pause──> paused ──resume──> running
 *     running, paused ──stop──> stopped
 *     running, paused ──finish──> finished ──reopen──> running, paused (as it was)
 *
 * Stopped is the end (I5); finished is, until the client resumes its session. Pausing a paused run, resuming a running one and stopping a stopped one
 * change nothing and are no conflict, so that pressing twice is safe; the first intervention stays the one on record.
 */
export function transitionRun(state: RunState, event: RunEvent, now: number): Transition<RunState> {
  switch (state.status) {
    case "running":
      return { ok: fromRunning(state, event, now) };
    case "paused":
      return { ok: fromPaused(state, event, now) };
    case "stopped":
      if (event.kind === "stop") return { ok: state };
      return conflict("run_stopped", "This run was stopped. A stopped run stays stopped: open a new one.");
    case "finished":
      // Only a person ends a pause: a client that finishes and opens its session again does not.
      if (event.kind === "reopen") return { ok: state.pausedBy ? { status: "paused", ...state.pausedBy } : { status: "running" } };
      return conflict("run_finished", "This run has finished.");
    default:
      // A state that this version does not know.
      return conflict("run_finished", "This run has finished.");
  }
}

function fromRunning(state: RunState, event: RunEvent, now: number): RunState {
  return event.kind === "resume" || event.kind === "reopen" ? state : entered(event, now);
}

function fromPaused(state: Extract<RunState, { status: "paused" }>, event: RunEvent, now: number): RunState {
  const { interventionId, at } = state;
  if (event.kind === "finish") return { status: "finished", at: now, result: event.result, pausedBy: { interventionId, at } };
  return event.kind === "pause" || event.kind === "reopen" ? state : entered(event, now);
}

function entered(event: Exclude<RunEvent, { kind: "reopen" }>, now: number): RunState {
  switch (event.kind) {
    case "pause":
      return { status: "paused", interventionId: event.interventionId, at: now };
    case "resume":
      return { status: "running" };
    case "stop":
      return { status: "stopped", interventionId: event.interventionId, at: now };
    default:
      return { status: "finished", at: now, result: event.result };
  }
}
