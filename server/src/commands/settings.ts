import { PullcordError, type SetAutonomy, type TrustTier } from "@pullcord/sdk/protocol";
import { findAgent, saveAgent } from "../store/agents.js";
import { appendEntry } from "../store/audit.js";
import { saveAutonomy } from "../store/autonomy.js";
import { findRun } from "../store/runs.js";
import type { Command } from "./context.js";

/** Turns the dial (E19), effective with the next decision. */
export const setAutonomy: Command<SetAutonomy, void> = async ({ tx, now, actor }, { scope, level, reason }) => {
  if (scope.kind === "run" && !(await findRun(tx, scope.id))) {
    throw new PullcordError("not_found", "unknown_run", `There is no run ${scope.id}.`, { field: "/scope/id" });
  }
  await saveAutonomy(tx, { scope, level }, now);
  await appendEntry(tx, {
    type: "autonomy.changed",
    at: now,
    actor,
    ...(scope.kind === "run" ? { runId: scope.id } : {}),
    body: { scope: { ...scope }, level, ...(reason === undefined ? {} : { reason }) },
  });
};

/** A person ratifies what an agent has earned, or takes it back (P33). */
export const setTrust: Command<{ readonly agent: string; readonly tier: TrustTier; readonly reason?: string | undefined }, void> = async (
  { tx, now, actor },
  { agent, tier, reason },
) => {
  const known = (await findAgent(tx, agent)) ?? { name: agent, trustTier: "restricted" as const, firstSeenAt: now, runs: 0 };
  await saveAgent(tx, { ...known, trustTier: tier });
  await appendEntry(tx, {
    type: "trust.changed",
    at: now,
    actor,
    body: { agent, from: known.trustTier, to: tier, ...(reason === undefined ? {} : { reason }) },
  });
};
