import { trustTiers, type Action, type ActionType, type CapabilityTrust } from "@pullcord/sdk/protocol";
import { movedTrust, noTrust, proposedTier, standing, type TrustCause } from "../domain/earned-trust.js";
import { findAgent, saveAgent } from "../store/agents.js";
import { appendEntry } from "../store/audit.js";
import { saveTrustPoint } from "../store/trust-history.js";
import type { CommandContext } from "./context.js";
import { systemActor } from "./system-actor.js";

/**
 * What came of an action moves the trust in all that it was (P36 to P38). A tier that is lost is lost at once; one that
 * is earned is only proposed. What break glass forced through earns and loses nothing.
 */
export async function moveTrust({ tx, now }: CommandContext, action: Action, cause: TrustCause): Promise<void> {
  const { decision, assessment, proposed } = action;
  if (!assessment || decision?.breakGlassId !== undefined) return;
  const agent = await findAgent(tx, action.agent);
  const trust = agent?.trust ?? noTrust;
  const moves = (decision?.types ?? [proposed.type]).flatMap((capability) => {
    const after = movedTrust(trust, { capability, cause, risk: assessment.score }, now);
    return after ? [{ capability, before: standing(trust, capability, now), after }] : [];
  });
  if (!agent || moves.length === 0) return;
  const capabilities = Object.fromEntries(moves.map(({ capability, after }) => [capability, after]));
  await saveAgent(tx, { ...agent, trust: { ...trust, capabilities: { ...trust.capabilities, ...capabilities } } });
  for (const { capability, before, after } of moves) {
    await saveTrustPoint(tx, agent.name, { capability, ...after });
    const change = recordOf({ agent: agent.name, capability, cause }, before, after);
    if (change) await appendEntry(tx, { ...change, at: now, actor: systemActor, runId: action.runId, actionId: action.id });
  }
}

function recordOf(
  body: { readonly agent: string; readonly capability: ActionType; readonly cause: TrustCause },
  before: CapabilityTrust,
  after: CapabilityTrust,
) {
  const score = Math.round(after.score * 1_000) / 1_000;
  const kept = { ...body, score };
  if (after.tier !== before.tier) return { type: "trust.changed", body: { ...kept, from: before.tier, to: after.tier } } as const;
  const proposed = proposedTier(after);
  const isNew = proposed !== null && trustTiers.indexOf(proposed) > trustTiers.indexOf(proposedTier(before) ?? before.tier);
  return isNew ? ({ type: "trust.proposed", body: { ...kept, from: after.tier, to: proposed } } as const) : null;
}
