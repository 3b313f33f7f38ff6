import { reversibilities, type Reversibility } from "@pullcord/sdk/protocol";
import { deny, type Step } from "./draft.js";
import { deniedByRisk } from "./sentences.js";

/**
 * Weighs the risk. What the agent claims can raise it and never lower it (requirements, "Settled"); a score from the
 * policy's `deny_at` up is denied at any autonomy.
 */
export const weighRisk: Step = (draft, { proposed, policy }) => {
  if (!draft.reading) return draft;
  const { score, reversibility, understood } = draft.reading.assessment;
  const risk = {
    score: Math.max(score, claimedScore(proposed.claim?.risk)),
    reversibility: worse(reversibility, proposed.claim?.reversibility),
    understood,
  };
  const weighed = { ...draft, risk };
  return risk.score >= policy.thresholds.denyAt ? deny(weighed, ...deniedByRisk(weighed, policy)) : weighed;
};

function claimedScore(claimed: number | undefined): number {
  return claimed !== undefined && claimed >= 0 ? Math.min(claimed, 100) : 0;
}

function worse(one: Reversibility, other: Reversibility | undefined): Reversibility {
  if (other === undefined) return one;
  return reversibilities.indexOf(other) > reversibilities.indexOf(one) ? other : one;
}
