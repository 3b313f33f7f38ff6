import type { ActionState, Outcome } from "@pullcord/sdk/protocol";
import { conflict, type Transition } from "./transition.js";

export type ActionEvent =
  | { readonly kind: "hold" }
  | { readonly kind: "allow" }
  | { readonly kind: "ask"; readonly approvalRequestId: string }
  /** By the decision, or by a person or the clock while it waited. */
  | { readonly kind: "deny"; readonly reason: string }
  /** A person approved what waited. */
  | { readonly kind: "approve" }
  /** The gate used the permit. */
  | { readonly kind: "start" }
  | { readonly kind: "end"; readonly outcome: Outcome }
  /** The run was stopped or finished, or the agent gave up. */
  | { readonly kind: "cancel"; readonly reason: string };

/**
 * What an event makes of an action; `null` is one that was just proposed.
 *
 *     (new), held ──allow──> allowed ──end──> succeeded | failed | skipped
 *     (new), held ──ask──> waiting ──approve──> approved ──start──> running ──end──> succeeded | failed | skipped
 *     (new), held, waiting ──deny──> denied
 *     (new) ──hold──> held
 *     held, waiting, approved ──cancel──> cancelled
 *     approved ──end: skipped──> skipped (the gate never ran it)
 *
 * Only `allowed` and `running` may end otherwise than skipped: nothing has run without an allow or a used permit (I1).
 * Allowed and running actions are not cancelled, since they may have happened: what came of them is reported.
 */
export function transitionAction(state: ActionState | null, event: ActionEvent, now: number): Transition<ActionState> {
  switch (state?.status) {
    case undefined:
    case "held":
      return fromUndecided(state, event, now);
    case "allowed":
    case "running":
      return event.kind === "end" ? { ok: ended(event.outcome, now) } : unfit(state, event);
    case "waiting":
      return fromWaiting(state, event, now);
    case "approved":
      return fromApproved(state, event, now);
    default:
      return conflict("action_over", `This action is ${state?.status ?? "over"}: that is the end of it.`);
  }
}

type State<Status> = Extract<ActionState, { status: Status }>;

function fromUndecided(state: State<"held"> | null | undefined, event: ActionEvent, now: number): Transition<ActionState> {
  switch (event.kind) {
    case "hold":
      return { ok: state ?? { status: "held", at: now } };
    case "allow":
      return { ok: { status: "allowed" } };
    case "ask":
      return { ok: { status: "waiting", approvalRequestId: event.approvalRequestId } };
    case "deny":
      return { ok: { status: "denied", at: now, reason: event.reason } };
    case "cancel":
      return state ? { ok: { status: "cancelled", at: now, reason: event.reason } } : unfit(state, event);
    default:
      return unfit(state, event);
  }
}

function fromWaiting(state: State<"waiting">, event: ActionEvent, now: number): Transition<ActionState> {
  switch (event.kind) {
    case "approve":
      return { ok: { status: "approved", approvalRequestId: state.approvalRequestId } };
    case "deny":
      return { ok: { status: "denied", at: now, reason: event.reason } };
    case "cancel":
      return { ok: { status: "cancelled", at: now, reason: event.reason } };
    default:
      return unfit(state, event);
  }
}

function fromApproved(state: State<"approved">, event: ActionEvent, now: number): Transition<ActionState> {
  switch (event.kind) {
    case "start":
      return { ok: { status: "running", startedAt: now } };
    case "cancel":
      return { ok: { status: "cancelled", at: now, reason: event.reason } };
    case "end":
      return event.outcome.status === "skipped" ? { ok: ended(event.outcome, now) } : unfit(state, event);
    default:
      return unfit(state, event);
  }
}

function ended(outcome: Outcome, now: number): ActionState {
  return { status: outcome.status, at: now, outcome };
}

function unfit(state: ActionState | null | undefined, event: ActionEvent): Transition<ActionState> {
  return conflict("action_not_ready", `An action that is ${state?.status ?? "new"} cannot ${event.kind}.`);
}
