import { appendEntry } from "../store/audit.js";
import { decidedBefore, forgetDecidedFacts, oldestDecided } from "../store/decided-facts.js";
import { forgetPolicyVersions, hasReplacedBefore } from "../store/policy-versions.js";
import { forgetPlanRows } from "../store/plan-rows-previews.js";
import { forgetRowsPreviews } from "../store/rows-previews.js";
import { forgetShadowDecisions } from "../store/shadow.js";
import type { Reader } from "../store/transaction.js";
import type { Command, Outside } from "./context.js";

/** Decisions forgotten in one transaction: some milliseconds of the one writer's time. */
const batchDecisions = 500;
/** Whole days are forgotten, so that it happens, and is noted, once a day. */
const dayMs = 24 * 3_600_000;
/** Where there are too many, a twentieth more than that goes at once, for the same reason. */
const spareShare = 0.05;

/** Up to when history is to be forgotten. */
export interface Forgetting {
  readonly decisionsBefore: number;
  readonly policiesBefore: number;
}

/** What the policy's `history` lets go now, looked up beside the writer; null while there is nothing. */
export async function historyToForget(reader: Reader, { policy }: Pick<Outside, "policy">, now: number): Promise<Forgetting | null> {
  const { decisionsMs, mostDecisions, policiesMs } = policy().history;
  const wholeDay = (ageMs: number): number => Math.floor((now - ageMs) / dayMs) * dayMs;
  const tooMany = await decidedBefore(reader, mostDecisions);
  const spare = tooMany === null ? null : await decidedBefore(reader, Math.floor(mostDecisions * (1 - spareShare)));
  const decisionsBefore = Math.max(wholeDay(decisionsMs), spare ?? 0);
  const policiesBefore = wholeDay(policiesMs);
  const isOver = ((await oldestDecided(reader)) ?? now) < decisionsBefore || (await hasReplacedBefore(reader, policiesBefore));
  return isOver ? { decisionsBefore, policiesBefore } : null;
}

/** Forgets one batch of it, on record. @returns whether there may be more */
export const forgetHistory: Command<Forgetting, boolean> = async ({ tx, now, actor }, { decisionsBefore, policiesBefore }) => {
  const decisions = await forgetDecidedFacts(tx, { before: decisionsBefore, limit: batchDecisions });
  const policies = await forgetPolicyVersions(tx, policiesBefore);
  await forgetRowsPreviews(tx, decisionsBefore);
  await forgetPlanRows(tx, decisionsBefore);
  await forgetShadowDecisions(tx, decisionsBefore);
  if (decisions + policies === 0) return false;
  const reachesBackTo = await oldestDecided(tx);
  await appendEntry(tx, { type: "history.forgotten", at: now, actor, body: { decisions, policies, reachesBackTo } });
  return decisions === batchDecisions;
};
