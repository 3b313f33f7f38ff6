import { PullcordError, type PresenceCheck } from "@pullcord/sdk/protocol";
import { id } from "./actions.js";

const holdMs = 3_000;
const begun = new Map<string, number>();

export function beginPresence(): PresenceCheck {
  const check: PresenceCheck = { id: id("p"), method: "hold", holdMs, sampleEveryMs: 500, expiresAt: Date.now() + 60_000 };
  begun.set(check.id, Date.now());
  return check;
}

export function samplePresence(check: string) {
  return { heldMs: Date.now() - (begun.get(check) ?? Date.now()), holdMs };
}

export function completePresence(check: string) {
  if (samplePresence(check).heldMs < holdMs) throw new PullcordError("forbidden", "held_too_short", "That was not held long enough.");
  return { proof: `proof-${check}` };
}
