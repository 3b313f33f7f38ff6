import { actionTypes, PullcordError, type AgentTrust, type CapabilityStanding } from "@pullcord/sdk/protocol";
import { proposedTier, standing, type Trust } from "../domain/earned-trust.js";
import { trustLimits } from "../domain/trust.js";
import { findAgent } from "../store/agents.js";
import type { Reader } from "../store/transaction.js";
import { listTrustPoints } from "../store/trust-history.js";

/** How an agent stands in everything that it has a history in. */
export function viewCapabilities(trust: Trust, now: number): readonly CapabilityStanding[] {
  return actionTypes
    .filter((capability) => trust.capabilities[capability] !== undefined)
    .map((capability) => {
      const stands = standing(trust, capability, now);
      return { capability, ...stands, proposed: proposedTier(stands) };
    });
}

/** @throws PullcordError `not_found`/`unknown_agent` */
export async function viewTrust(reader: Reader, name: string, now: number): Promise<AgentTrust> {
  const agent = await findAgent(reader, name);
  if (!agent) throw new PullcordError("not_found", "unknown_agent", `There is no agent named ${name}.`);
  const points = await listTrustPoints(reader, name);
  const capabilities = viewCapabilities(agent.trust, now).map((stands) => ({
    ...stands,
    history: points.filter(({ capability }) => capability === stands.capability).map(({ at, score, tier }) => ({ at, score, tier })),
  }));
  return { agent: name, tier: agent.trust.tier, limits: trustLimits[agent.trust.tier], capabilities };
}
