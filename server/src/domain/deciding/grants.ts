import type { Grant } from "@pullcord/sdk/protocol";
import { covers, suffices } from "../grants.js";
import { subjectFor } from "./policy.js";
import { standingAsks, type Ask, type Step } from "./draft.js";

/**
 * Where people granted more than once before: what rules, autonomy and trust would ask is not asked again. A grant
 * lifts no denial, no guardrail, no model's caution, and no doubt of the agent's own.
 */
export const applyGrants: Step = (draft, facts, now) => {
  const { reading } = draft;
  const asks = standingAsks(draft);
  if (!reading || asks.length === 0 || !facts.grants) return draft;
  const subject = subjectFor({ ...draft, reading }, facts, now);
  const grantable = { runId: facts.run.id, subject, isIrreversible: draft.risk.reversibility === "irreversible" };
  const grant = facts.grants.find((one) => covers(one, grantable) && asks.every((each) => isAnswered(each, one)));
  if (!grant) return draft;
  const until = new Date(grant.expiresAt).toISOString().slice(0, 16).replace("T", " ");
  const sentence = `A person granted this until ${until} UTC: ${grant.sentence}`;
  return { ...draft, asks: [], grant, lift: { level: grant.level, reason: { step: "policy", sentence, rule: grant.id } } };
};

/** Only what policy, autonomy or trust ask, which the last reason says; and only up to the proof that was given. */
function isAnswered({ reasons, level }: Ask, grant: Grant): boolean {
  const own = reasons.at(-1);
  if (!own || !suffices(grant, level)) return false;
  return own.step === "policy" || (own.step === "autonomy_and_trust" && own.rule !== "confidence");
}
