import { PullcordError, type ActionType, type SetAutonomy, type SetTrust } from "@pullcord/sdk/protocol";
import { givenTrust, standing } from "../domain/earned-trust.js";
import { findAgent, newAgent, saveAgent } from "../store/agents.js";
import { appendEntry } from "../store/audit.js";
import { saveAutonomy } from "../store/autonomy.js";
import { findRun } from "../store/runs.js";
import { saveTrustPoint } from "../store/trust-history.js";
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

/** A person ratifies what an agent has earned, or takes it back (P33): for one type of action, or for all. */
export const setTrust: Command<SetTrust & { readonly agent: string }, void> = async (
  { tx, now, actor },
  { agent, tier, capability, reason },
) => {
  const known = (await findAgent(tx, agent)) ?? newAgent(agent, now);
  const trust = givenTrust(known.trust, { tier, capability }, now);
  await saveAgent(tx, { ...known, trust });
  const moved = capability === undefined ? Object.keys(known.trust.capabilities) : [capability];
  for (const one of moved as ActionType[]) await saveTrustPoint(tx, agent, { capability: one, ...standing(trust, one, now) });
  const from = capability === undefined ? known.trust.tier : standing(known.trust, capability, now).tier;
  const scope = capability === undefined ? {} : { capability };
  await appendEntry(tx, {
    type: "trust.changed",
    at: now,
    actor,
    body: { agent, ...scope, from, to: tier, ...(reason === undefined ? {} : { reason }) },
  });
};
