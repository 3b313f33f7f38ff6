import { bounds, PullcordError, type Actor, type Plan, type PlanEnd } from "@pullcord/sdk/protocol";
import { transitionApproval, type ApprovalEvent, type ApprovalState } from "../approval-state.js";
import { conflict, type Transition } from "../transition.js";

export type PlanEvent =
  | (Extract<ApprovalEvent, { kind: "approve" }> & { readonly forMs: number })
  | Extract<ApprovalEvent, { kind: "deny" | "expire" | "cancel" }>
  /** An approved plan grants nothing any more. */
  | { readonly kind: "end"; readonly why: PlanEnd; readonly by: Actor };

/**
 * What an event makes of a plan. Until it is answered it is a question as any other (`approval-state.ts`): first answer
 * holds, expired at the boundary, cancelled by a stop. Approved, it holds until `holdsUntil`, which never moves, and
 * ends once.
 */
export function transitionPlan(plan: Plan, event: PlanEvent, now: number): Transition<Plan> {
  if (event.kind === "end") {
    if (plan.status !== "approved") return conflict("not_approved", `Plan ${plan.id} is ${plan.status}, so it grants nothing.`);
    if (plan.ended) return conflict("already_ended", `Plan ${plan.id} has ended already.`);
    return { ok: { ...plan, ended: { why: event.why, at: now, by: event.by } } };
  }
  if (event.kind === "approve" && !(event.forMs > 0 && event.forMs <= bounds.grantMs)) {
    return { problem: new PullcordError("invalid", "grant_time", "A plan holds for at most 7 days.", { field: "/forMs" }) };
  }
  const next = transitionApproval(questionOf(plan), event, now);
  if ("problem" in next) return next;
  if (next.ok.status === "pending") return { ok: plan };
  const { status, resolution } = next.ok;
  return { ok: { ...plan, status, resolution, holdsUntil: event.kind === "approve" ? now + event.forMs : null } };
}

function questionOf({ status, resolution, expiresAt }: Plan): ApprovalState {
  if (status === "pending" || resolution === null) return { status: "pending", expiresAt };
  return status === "approved" ? { status, expiresAt, resolution, consumedAt: null } : { status, resolution };
}
