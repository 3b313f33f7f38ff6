import type { ApprovalState } from "../domain/approval-state.js";
import type { StoredRequest } from "../store/approvals.js";

/** A stored request as the state that the rules speak of. */
export function approvalState({ status, expiresAt, resolution, consumed, createdAt }: StoredRequest): ApprovalState {
  if (status === "pending" || resolution === null) return { status: "pending", expiresAt };
  if (status === "approved") return { status, expiresAt, resolution, consumedAt: consumed ? createdAt : null };
  return { status, resolution };
}
