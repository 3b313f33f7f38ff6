import type { Counted, LimitBasis } from "@pullcord/sdk/protocol";
import { dayOf } from "./day.js";
import type { Limit } from "./limit.js";

/** What an agent has used in all its runs, and its past; one row, so that no decision has to count others. */
export interface AgentTally {
  /** Since a person last reset it. */
  readonly total: Counted;
  readonly day: { readonly date: string; readonly counted: Counted };
  readonly past: AgentPast;
}

/** What is usual for an agent. */
export interface AgentPast {
  readonly actions: number;
  /** Types of action that ran. */
  readonly kinds: readonly string[];
  readonly hosts: readonly string[];
  /** The most actions in any ten minutes; those that were unusual don't count. */
  readonly busiest: number;
  readonly window: { readonly from: number; readonly count: number; readonly isUnusual?: true };
}

export const emptyAgentTally: AgentTally = {
  total: {},
  day: { date: "", counted: {} },
  past: { actions: 0, kinds: [], hosts: [], busiest: 0, window: { from: 0, count: 0 } },
};

const windowMs = 10 * 60_000;
/** Hosts that are remembered; an agent that has called as many is surprised by none. */
const mostHosts = 500;
/** Busy is nobody who does less in ten minutes. */
const leastBusy = 20;

/** The sum of two counts. */
export function plus(one: Counted, other: Counted): Counted {
  const sum: Partial<Record<string, number>> = { ...one };
  for (const [what, amount = 0] of Object.entries(other)) sum[what] = (sum[what] ?? 0) + amount;
  return sum;
}

/** What was used today, in the zone where the day begins. A clock, or a zone, that goes back gives no day anew. */
export function usedToday({ day }: AgentTally, now: number, zone: string): Counted {
  return dayOf(now, zone) > day.date ? {} : day.counted;
}

/** With more used. */
export function withUse(tally: AgentTally, counted: Counted, { now, zone }: { readonly now: number; readonly zone: string }): AgentTally {
  const today = dayOf(now, zone);
  const date = today > tally.day.date ? today : tally.day.date;
  return { ...tally, total: plus(tally.total, counted), day: { date, counted: plus(usedToday(tally, now, zone), counted) } };
}

/** With a limit's measure counted anew, as a person's reset does. */
export function withoutUse(tally: AgentTally, { measured, scope }: Limit): AgentTally {
  if (measured === "pace") return { ...tally, past: { ...tally.past, window: { ...tally.past.window, count: 0 } } };
  if (scope === "agent") return { ...tally, total: { ...tally.total, [measured]: 0 } };
  return { ...tally, day: { ...tally.day, counted: { ...tally.day.counted, [measured]: 0 } } };
}

/** With one more action that was decided. */
export function withAction(past: AgentPast, now: number): AgentPast {
  const { window, busiest } = rolled(past, now);
  return { ...past, actions: past.actions + 1, busiest, window: { ...window, count: window.count + 1 } };
}

/** With what an action that ran was: from now on it is usual. */
export function withKnown(
  past: AgentPast,
  { kinds, hosts }: { readonly kinds: readonly string[]; readonly hosts: readonly (string | null)[] },
): AgentPast {
  const known = hosts.filter((host) => host !== null);
  const merged = { kinds: [...new Set([...past.kinds, ...kinds])], hosts: [...new Set([...past.hosts, ...known])].slice(0, mostHosts) };
  const isSame = merged.kinds.length === past.kinds.length && merged.hosts.length === past.hosts.length;
  return isSame ? past : { ...past, ...merged };
}

/** The ten minutes under way count anew, and never as usual: what tripped a breaker sets no mark. */
export function withUnusualPace(past: AgentPast, now: number): AgentPast {
  const { window, busiest } = rolled(past, now);
  return { ...past, busiest, window: { from: window.from, count: 0, isUnusual: true } };
}

/** What is unusual about one more action; nothing for an agent without enough of a past. */
export function unusual(
  past: AgentPast,
  action: { readonly kinds: readonly string[]; readonly hosts: readonly (string | null)[] },
  { now, after }: { readonly now: number; readonly after: number },
): Pick<LimitBasis, "newKinds" | "newHosts" | "pace"> {
  if (past.actions < after) return { newKinds: [], newHosts: [], pace: null };
  const knowsAll = past.hosts.length >= mostHosts;
  const { window, busiest } = rolled(past, now);
  return {
    newKinds: action.kinds.filter((kind) => !past.kinds.includes(kind)),
    newHosts: action.hosts.filter((host) => host !== null).filter((host) => !knowsAll && !past.hosts.includes(host)),
    pace: { now: window.count + 1, busiest: Math.max(leastBusy, busiest) },
  };
}

function rolled({ window, busiest }: AgentPast, now: number): Pick<AgentPast, "window" | "busiest"> {
  const from = Math.floor(now / windowMs) * windowMs;
  if (from <= window.from) return { window, busiest };
  return { window: { from, count: 0 }, busiest: window.isUnusual ? busiest : Math.max(busiest, window.count) };
}
