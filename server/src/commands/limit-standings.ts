import { PullcordError, type LimitBasis, type LimitOwner, type LimitStanding } from "@pullcord/sdk/protocol";
import { unusual, usedToday, type AgentTally } from "../domain/limits/agent-tally.js";
import { awake, closed } from "../domain/limits/breaker.js";
import { endOfDay } from "../domain/limits/day.js";
import { natureOf, unitOf, type Limit } from "../domain/limits/limit.js";
import { usedOf } from "../domain/limits/measuring.js";
import type { Policy } from "../domain/policy/policy.js";
import { findAgent } from "../store/agents.js";
import { breakersOf } from "../store/breakers.js";
import { findRun, type RunTally, type StoredRun } from "../store/runs.js";
import type { LookContext } from "./context.js";

/** Every limit of the policy that adds up, as it stands for a run and its agent, or for an agent alone. */
export async function limitStandings(context: LookContext, owner: LimitOwner): Promise<readonly LimitStanding[]> {
  const { tx, now, outside } = context;
  const run = owner.kind === "run" ? await findRun(tx, owner.id) : null;
  if (run === undefined) throw new PullcordError("not_found", "unknown_run", `There is no run ${owner.id}.`, { field: "/query/run" });
  const name = run?.agent ?? owner.id;
  const agent = await findAgent(tx, name);
  if (!agent) throw new PullcordError("not_found", "unknown_agent", `There is no agent ${name}.`, { field: "/query/agent" });
  const breakers = await breakersOf(tx, run?.id ?? "", name);
  const policy = outside.policy();
  const facts = factsOf(run, { tally: agent.tally, policy, now });
  return policy.guardrails.limits
    .filter((limit) => natureOf(limit) !== "spot" && (run !== null || limit.scope !== "run"))
    .map((limit): LimitStanding => {
      const whose: LimitOwner = limit.scope === "run" ? { kind: "run", id: owner.id } : { kind: "agent", id: name };
      const state =
        breakers.find(({ guardrail, owner: { kind } }) => guardrail === limit.guardrail && kind === whose.kind)?.state ?? closed;
      return {
        guardrail: limit.guardrail,
        owner: whose,
        unit: unitOf(limit),
        used: usedOf(limit, { facts, now }),
        at: limit.at,
        state: awake(state, now),
        resetsAt: limit.scope === "agent_day" ? endOfDay(now, policy.guardrails.dayZone) : null,
        ...lineOf(limit, policy),
      };
    });
}

function lineOf({ guardrail }: Limit, { settingLines }: Policy): { readonly line?: number } {
  const line = settingLines.get(`guardrails.${guardrail}`);
  return line === undefined ? {} : { line };
}

interface Standing {
  readonly tally: AgentTally;
  readonly policy: Policy;
  readonly now: number;
}

/** What limits are held against, without an action. */
function factsOf(run: StoredRun | null, { tally, policy, now }: Standing): Parameters<typeof usedOf>[1]["facts"] {
  const { anomalyAfter, dayZone } = policy.guardrails;
  const { pace } = unusual(tally.past, { kinds: [], hosts: [] }, { now, after: anomalyAfter });
  const limits: LimitBasis = {
    used: { run: run?.tally.used ?? {}, agent: tally.total, agent_day: usedToday(tally, now, dayZone) },
    sameAction: run ? mostAlike(run.tally) : 0,
    depth: 0,
    newResources: [],
    newKinds: [],
    newHosts: [],
    // Without one more action.
    pace: pace && { ...pace, now: pace.now - 1 },
    breakers: {},
  };
  const { pathCount = 0, failures = [], calls = 0, authorisedAt = null } = run?.tally ?? {};
  return {
    limits,
    run: { openedAt: run?.openedAt ?? now, ...(authorisedAt === null ? {} : { authorisedAt }) },
    counters: { filesTouched: pathCount, calls, recentFailures: failures.filter(Boolean).length, recentEnded: failures.length },
  };
}

/** How often the most frequent action is among the newest. */
function mostAlike({ recent }: RunTally): number {
  const counts = new Map<string, number>();
  for (const one of recent) counts.set(one, (counts.get(one) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}
