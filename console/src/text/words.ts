import type { ApprovalLevel, AutonomyLevel, DialScope, Reversibility, RiskLevel, TrustTier } from "@pullcord/sdk/protocol";

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** A length of time in at most two units: `8 s`, `4 min`, `2 h 5 min`, `1 d 4 h`, `9 d`. */
export function duration(ms: number): string {
  const length = Math.max(0, ms);
  if (length < minute) return `${Math.floor(length / second)} s`;
  if (length < hour) return `${Math.floor(length / minute)} min`;
  if (length < day) return two(length, [hour, "h"], [minute, "min"]);
  if (length >= 3 * day) return `${Math.floor(length / day)} d`;
  return two(length, [day, "d"], [hour, "h"]);
}

/** A short time that matters: `0.2 s`, `340 ms`. */
export function fineDuration(ms: number): string {
  if (ms < 100) return `${Math.max(0, Math.round(ms))} ms`;
  return ms < minute ? `${(ms / second).toFixed(1)} s` : duration(ms);
}

/** Time left, to the second when it gets short: `4:05`, `2 h 5 min`. */
export function timeLeft(ms: number): string {
  if (ms <= 0) return "expired";
  if (ms >= hour) return duration(ms);
  const seconds = Math.ceil(ms / second);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

export function clockTime(at: number): string {
  return new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
}

export function dateTime(at: number): string {
  return new Date(at).toLocaleString([], {
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hour12: false,
  });
}

export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
}

/** The first 12 hex digits in groups, to compare by eye with another device. */
export function shortDigest(digest: string): string {
  return (digest.slice(0, 12).match(/.{1,4}/gu) ?? []).join(" ");
}

/** The version of a policy as people tell it from others. */
export function shortVersion(version: string): string {
  return version.slice(0, 12);
}

export function scopeName(scope: DialScope): string {
  return scope.kind === "everything" ? "everything" : `${scope.kind} ${scope.id}`;
}

export const riskWords: Readonly<Record<RiskLevel, string>> = {
  none: "No risk",
  low: "Low risk",
  medium: "Medium risk",
  high: "High risk",
  critical: "Critical risk",
};

export const levelWords: Readonly<Record<ApprovalLevel, string>> = {
  none: "No approval",
  notify: "Notify",
  review: "Review",
  required: "Approval required",
  required_2fa: "Approval with second factor",
  admin_only: "Admin only",
};

export const reversibilityWords: Readonly<Record<Reversibility, string>> = {
  read_only: "Changes nothing",
  reversible: "Can be undone",
  externally_reversible: "Can be undone only outside this machine",
  irreversible: "Cannot be undone",
};

export const autonomyWords: Readonly<Record<AutonomyLevel, { readonly name: string; readonly sentence: string }>> = {
  ask_first: { name: "Ask first", sentence: "What changes anything waits for a person." },
  ask_destructive: { name: "Ask for destructive", sentence: "What is risky or hard to undo waits for a person." },
  notify: { name: "Notify", sentence: "Runs and tells people; what is critical waits." },
  full: { name: "Full", sentence: "Runs; people are told of high risk." },
};

export const tierWords: Readonly<Record<TrustTier, string>> = {
  restricted: "Restricted",
  supervised: "Supervised",
  standard: "Standard",
  trusted: "Trusted",
  autonomous: "Autonomous",
};

function two(ms: number, [big, bigName]: readonly [number, string], [small, smallName]: readonly [number, string]): string {
  const rest = Math.floor((ms % big) / small);
  return `${Math.floor(ms / big)} ${bigName}${rest ? ` ${rest} ${smallName}` : ""}`;
}
