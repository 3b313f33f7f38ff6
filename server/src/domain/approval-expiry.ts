import { bounds, type ActionType, type ApprovalLevel } from "@pullcord/sdk/protocol";
import { askingLevels, type Policy } from "./policy/policy.js";

/** What bounds how long a person may take. */
export interface ExpiryFacts {
  readonly policy: Policy;
  readonly level: ApprovalLevel;
  readonly type?: ActionType | undefined;
  /** The action's own wish, in milliseconds. */
  readonly wishMs?: number | undefined;
}

/** When an unanswered request is denied: the soonest of the policy's expiry, the action's wish and a year. */
export function approvalExpiry({ policy, level, type, wishMs }: ExpiryFacts, now: number): number {
  const asked = askingLevels.find((one) => one === level) ?? "required";
  const wish = wishMs !== undefined && wishMs >= 1 ? wishMs : bounds.approvalWaitMs;
  const { expiryMs, expiryOfTypeMs } = policy.approval;
  const ownMs = type === undefined ? undefined : expiryOfTypeMs[type];
  return now + Math.min(ownMs ?? expiryMs[asked], wish, bounds.approvalWaitMs);
}

/** An expiry that something wants to change: it never moves later (I7). */
export function soonerExpiry(current: number, wanted: number): number {
  return Math.min(current, wanted);
}

/** True from the very millisecond on: at the boundary it is over. */
export function isExpired(expiresAt: number, now: number): boolean {
  return !(now < expiresAt);
}
