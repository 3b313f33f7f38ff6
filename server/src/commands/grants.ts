import {
  actionLine,
  bounds,
  PullcordError,
  type Action,
  type ApprovalLevel,
  type Grant,
  type GrantOption,
  type GrantTerms,
} from "@pullcord/sdk/protocol";
import { grantDigest } from "../domain/grants.js";
import { narrowConditions } from "../domain/policy/suggest.js";
import { appendEntry } from "../store/audit.js";
import { findDecided } from "../store/decided-facts.js";
import { findGrant, insertGrant, updateGrant } from "../store/grants.js";
import type { Reader } from "../store/transaction.js";
import type { Command, CommandContext } from "./context.js";

/** What an approval of this action could cover beyond once, the narrowest first. */
export async function grantOptions(reader: Reader, action: Action): Promise<readonly GrantOption[]> {
  const recorded = await findDecided(reader, action.id);
  const patterns = recorded ? narrowConditions(recorded) : [];
  return [
    { covers: { kind: "action" }, sentence: `exactly this, from ${action.agent}: ${actionLine(action.proposed)}` },
    ...patterns.map((when): GrantOption => ({
      covers: { kind: "pattern", when: when as never },
      sentence: `whatever matches ${JSON.stringify(when)}`,
    })),
  ];
}

/**
 * Grants more than once along with an approval, in its transaction: as narrow as what the person was shown.
 * @throws PullcordError `invalid`/`grant_time`, `grant_pattern`
 */
export async function makeGrant(
  { tx, now, actor, outside }: CommandContext,
  action: Action,
  { terms, level }: { readonly terms: GrantTerms; readonly level: ApprovalLevel },
): Promise<Grant> {
  if (!(terms.forMs > 0 && terms.forMs <= bounds.grantMs))
    throw new PullcordError("invalid", "grant_time", "A grant holds for at most 7 days.", { field: "/grant/forMs" });
  const wanted = JSON.stringify(terms.covers);
  const option = (await grantOptions(tx, action)).find(({ covers }) => JSON.stringify(covers) === wanted);
  if (!option) {
    const text = "This pattern is none that was shown for the request. Look at its grant options again.";
    throw new PullcordError("invalid", "grant_pattern", text, { field: "/grant/covers" });
  }
  const grant: Grant = {
    id: outside.newId("grants"),
    agent: action.agent,
    runId: terms.runOnly === true ? action.runId : null,
    covers: option.covers,
    digest: grantDigest(action.agent, action.proposed),
    sentence: option.sentence,
    score: action.assessment?.score ?? 0,
    isIrreversible: action.assessment?.reversibility === "irreversible",
    level,
    usesLeft: terms.uses ?? null,
    used: 0,
    by: actor,
    at: now,
    expiresAt: now + terms.forMs,
    endedAt: null,
  };
  await insertGrant(tx, grant);
  const { id, runId, sentence, usesLeft, expiresAt } = grant;
  const body = { grant: id, agent: action.agent, runId, sentence, usesLeft, expiresAt, level };
  await appendEntry(tx, { type: "grant.made", at: now, actor, runId: action.runId, actionId: action.id, body });
  return grant;
}

/** A decision was made by it. */
export async function countGrantUse({ tx, now }: CommandContext, id: string): Promise<void> {
  const grant = await findGrant(tx, id);
  if (!grant) return;
  const usesLeft = grant.usesLeft === null ? null : Math.max(0, grant.usesLeft - 1);
  await updateGrant(tx, { ...grant, usesLeft, used: grant.used + 1, endedAt: usesLeft === 0 ? now : grant.endedAt });
}

/** Takes a grant back, from the next decision on. @throws PullcordError `not_found`/`unknown_grant` */
export const endGrant: Command<{ readonly id: string }, Grant> = async ({ tx, now, actor }, { id }) => {
  const grant = await findGrant(tx, id);
  if (!grant) throw new PullcordError("not_found", "unknown_grant", `There is no grant ${id}.`);
  if (grant.endedAt !== null) return grant;
  const ended = { ...grant, endedAt: now };
  await updateGrant(tx, ended);
  await appendEntry(tx, { type: "grant.ended", at: now, actor, body: { grant: id, agent: grant.agent, used: grant.used } });
  return ended;
};
