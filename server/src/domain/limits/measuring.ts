import type { LimitBasis } from "@pullcord/sdk/protocol";
import type { DecisionFacts, RunCounters } from "../facts.js";
import { typesOf } from "../policy/subject.js";
import type { Reading } from "../reading.js";
import { filesAfter } from "./files.js";
import type { Limit } from "./limit.js";
import { spending } from "./spending.js";

/** What a limit comes to with one more action. */
export interface Measurement {
  /** With the action; null where that can't be known. */
  readonly amount: number | null;
  /** The action alone; 0 where it only meets what is used up already. */
  readonly more: number;
}

export interface LimitScene {
  readonly facts: DecisionFacts;
  readonly now: number;
}

/** Where nothing was counted: a first action of a new run. */
const nothingUsed: LimitBasis = {
  used: { run: {}, agent: {}, agent_day: {} },
  sameAction: 1,
  depth: 0,
  newResources: [],
  newKinds: [],
  newHosts: [],
  pace: null,
  breakers: {},
};

export function limitBasis({ limits }: Pick<DecisionFacts, "limits">): LimitBasis {
  return limits ?? nothingUsed;
}

/**
 * Holds an action against a limit. Null where the limit is none of the action's business: files, for one that changes
 * none. What every action uses up (time, tokens, money) is the business of every action.
 */
export function measure(limit: Limit, reading: Reading, { facts, now }: LimitScene): Measurement | null {
  const basis = limitBasis(facts);
  const { counters, proposed, policy } = facts;
  const used = usedOf(limit, { facts, now });
  const adding = (more: number): Measurement | null => (more > 0 ? { amount: used + more, more } : null);
  if (limit.measured.startsWith("tool:")) return adding(`tool:${proposed.tool?.name}` === limit.measured ? 1 : 0);
  switch (limit.measured) {
    case "files":
      return adding(filesAfter(reading, counters).more);
    case "resources":
      return adding(newResources(reading, basis).length);
    case "calls":
      return adding(reading.hosts.length > 0 ? 1 : 0);
    case "sub_agents":
      return adding(startsSubAgent(facts, reading) ? 1 : 0);
    case "actions":
      return adding(1);
    case "money": {
      const more = spending(proposed, reading);
      return more === null ? { amount: null, more: 0 } : { amount: used + more, more };
    }
    case "depth":
      return startsSubAgent(facts, reading) ? { amount: basis.depth + 1, more: 1 } : null;
    case "new_kind":
      return adding(newKinds(reading, facts).length);
    case "new_host":
      return adding(newHosts(reading, basis).length);
    case "error_rate":
      return { amount: counters.recentEnded >= policy.guardrails.errorsOfLast ? used : 0, more: 0 };
    default:
      return { amount: used, more: 0 };
  }
}

/** As much of the facts as limits are held against without an action. */
interface Used {
  readonly facts: {
    readonly limits?: LimitBasis;
    readonly run: Pick<DecisionFacts["run"], "openedAt" | "authorisedAt">;
    readonly counters: Pick<RunCounters, "filesTouched" | "calls" | "recentFailures" | "recentEnded">;
  };
  readonly now: number;
}

/** What is used of a limit without any further action. */
export function usedOf({ measured, scope }: Limit, { facts, now }: Used): number {
  const { counters, run } = facts;
  const { used, sameAction, pace } = limitBasis(facts);
  switch (measured) {
    case "time":
      return now - (run.authorisedAt ?? run.openedAt);
    case "error_rate":
      return counters.recentEnded === 0 ? 0 : counters.recentFailures / counters.recentEnded;
    case "same_action":
      return sameAction;
    case "pace":
      return pace === null ? 0 : pace.now / Math.max(1, pace.busiest);
    case "depth":
    case "new_kind":
    case "new_host":
      return 0;
    case "files":
      return scope === "run" ? counters.filesTouched : (used[scope].files ?? 0);
    case "calls":
      return scope === "run" ? counters.calls : (used[scope].calls ?? 0);
    default:
      return used[scope][measured as keyof (typeof used)[typeof scope]] ?? 0;
  }
}

/** Hosts and tables: what an action has to do with beyond files; null for one that cannot be known. */
export function resourcesOf({ hosts, statements }: Reading): readonly (string | null)[] {
  return [...new Set([...hosts, ...statements.flatMap(({ tables }) => tables.map((table) => `table ${table}`))])];
}

/** Of what was new when it was counted, what this reading has to do with. */
function newResources(reading: Reading, basis: LimitBasis): readonly (string | null)[] {
  return resourcesOf(reading).filter((one) => basis.newResources.includes(one));
}

export function newHosts({ hosts }: Reading, basis: LimitBasis): readonly (string | null)[] {
  return hosts.filter((host) => host !== null && basis.newHosts.includes(host));
}

export function newKinds(reading: Reading, facts: DecisionFacts): readonly string[] {
  return typesOf(facts.proposed, reading).filter((type) => limitBasis(facts).newKinds.includes(type));
}

function startsSubAgent({ proposed }: Pick<DecisionFacts, "proposed">, reading: Reading): boolean {
  return typesOf(proposed, reading).includes("agent_start");
}
