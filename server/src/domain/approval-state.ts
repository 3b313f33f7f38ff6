import { PullcordError, type Actor, type Resolution } from "@pullcord/sdk/protocol";
import { isExpired } from "./approval-expiry.js";
import { conflict, type Transition } from "./transition.js";

/** How an approval request stands. */
export type ApprovalState =
  | { readonly status: "pending"; readonly expiresAt: number }
  | { readonly status: "approved"; readonly expiresAt: number; readonly resolution: Resolution; readonly consumedAt: number | null }
  | { readonly status: "denied"; readonly resolution: Resolution }
  | { readonly status: "expired"; readonly resolution: Resolution }
  | { readonly status: "cancelled"; readonly resolution: Resolution };

export type ApprovalEvent =
  | { readonly kind: "approve"; readonly by: Actor; readonly reason?: string; readonly presence?: NonNullable<Resolution["presence"]> }
  | { readonly kind: "deny"; readonly by: Actor; readonly reason?: string }
  /** The clock's; refused before the time. */
  | { readonly kind: "expire" }
  /** The run was stopped or finished, or the agent gave up. */
  | { readonly kind: "cancel"; readonly by: Actor; readonly reason: string }
  /** The gate uses the permit. */
  | { readonly kind: "consume" };

/** A permit given in the last moment can still be used this long after it was given. */
export const permitUseMs = 10 * 60_000;

/**
 * What an event makes of an approval request.
 *
 *     pending ──approve──> approved ──consume (once)──> approved, consumed
 *     pending ──deny──> denied     pending ──expire, or anything too late──> expired
 *     pending ──cancel──> cancelled
 *
 * All but pending are the end (I5), except that an approval is consumed at most once (I2) and before
 * its request expires or `permitUseMs` after it was given. Expired at the boundary is expired. An approval that
 * comes after a stop meets `cancelled` and is refused: the stop beats it. A stop that comes after an approval leaves
 * the request approved and cancels the action; the command consumes only while the action is `approved`.
 */
export function transitionApproval(state: ApprovalState, event: ApprovalEvent, now: number): Transition<ApprovalState> {
  switch (state.status) {
    case "pending":
      return fromPending(state, event, now);
    case "approved":
      return fromApproved(state, event, now);
    case "denied":
      return conflict("already_denied", `This request was already denied by ${state.resolution.by.id}.`);
    case "expired":
      return { problem: tooLate() };
    default:
      // Cancelled, or a state that this version does not know.
      return conflict("already_cancelled", `This request was cancelled: ${state.resolution.reason ?? "its run ended"}.`);
  }
}

type Pending = Extract<ApprovalState, { status: "pending" }>;
type Approved = Extract<ApprovalState, { status: "approved" }>;

function fromPending(state: Pending, event: ApprovalEvent, now: number): Transition<ApprovalState> {
  if (event.kind === "consume") return conflict("not_approved", "Nobody has approved this yet.");
  if (event.kind === "cancel")
    return { ok: { status: "cancelled", resolution: { status: "cancelled", by: event.by, at: now, reason: event.reason } } };
  if (event.kind === "expire") {
    if (!isExpired(state.expiresAt, now)) return conflict("not_expired", "This request still has time left.");
    const resolution: Resolution = { status: "expired", by: { kind: "system", id: "clock" }, at: now, reason: "Nobody answered in time." };
    return { ok: { status: "expired", resolution } };
  }
  if (isExpired(state.expiresAt, now)) return { problem: tooLate() };
  const answer = { by: event.by, at: now, ...(event.reason === undefined ? {} : { reason: event.reason }) };
  if (event.kind === "deny") return { ok: { status: "denied", resolution: { status: "denied", ...answer } } };
  const presence = event.presence === undefined ? {} : { presence: event.presence };
  return {
    ok: { status: "approved", expiresAt: state.expiresAt, resolution: { status: "approved", ...answer, ...presence }, consumedAt: null },
  };
}

function fromApproved(state: Approved, event: ApprovalEvent, now: number): Transition<ApprovalState> {
  if (event.kind !== "consume") return conflict("already_approved", `This request was already approved by ${state.resolution.by.id}.`);
  if (state.consumedAt !== null) return conflict("already_consumed", "This approval has been used. Each one is good for one execution.");
  const usableUntil = Math.max(state.expiresAt, state.resolution.at + permitUseMs);
  if (isExpired(usableUntil, now)) return { problem: tooLate() };
  return { ok: { ...state, consumedAt: now } };
}

function tooLate(): PullcordError {
  return new PullcordError("expired", "approval_expired", "This request expired, which denies it. Propose the action again to ask anew.");
}
