import type { Counted, LimitBasis, ProposedAction } from "@pullcord/sdk/protocol";
import { typesOf } from "../policy/subject.js";
import type { Reading } from "../reading.js";
import { plus } from "./agent-tally.js";
import { spending } from "./spending.js";

/** What an action uses as it begins: money is spent and agents are started only then. */
export function usedByBeginning(proposed: ProposedAction, reading: Reading): Counted {
  const money = spending(proposed, reading) ?? 0;
  return { ...(money > 0 ? { money } : {}), ...(typesOf(proposed, reading).includes("agent_start") ? { sub_agents: 1 } : {}) };
}

/** What an action by itself uses, whatever the run has had to do with before: for actions that nobody proposed. */
export function usedAlone(proposed: ProposedAction, reading: Reading): Counted {
  return { actions: 1, ...(reading.hosts.length > 0 ? { calls: 1 } : {}), ...usedByBeginning(proposed, reading) };
}

/** As if so much more were used. */
export function withMoreUsed(limits: LimitBasis, more: Counted): LimitBasis {
  const { run, agent, agent_day } = limits.used;
  return { ...limits, used: { run: plus(run, more), agent: plus(agent, more), agent_day: plus(agent_day, more) } };
}
