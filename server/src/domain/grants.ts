import { actionDigest } from "@pullcord/sdk/digest";
import { approvalLevels, riskLevel, riskLevels, type Grant, type ProposedAction } from "@pullcord/sdk/protocol";
import { compilePolicy } from "./policy/compile.js";
import type { Conditions } from "./policy/document.js";
import { matchRules } from "./policy/match.js";
import type { Subject } from "./policy/subject.js";

/** Stands for any run in the digest of a granted action. */
const anyRun = "any";

/** The digest of an action in whatever run: type, arguments, tool call, folder, environment, agent and sub-agent. */
export function grantDigest(agent: string, proposed: ProposedAction): string {
  return actionDigest({ agent, runId: anyRun, proposed });
}

/** What a grant is held against. */
export interface Grantable {
  readonly runId: string;
  readonly subject: Subject;
  readonly isIrreversible: boolean;
}

/**
 * Whether a grant covers an action: never another agent's or run's, never what is riskier, harder to take back or in need
 * of more proof than what the person saw, and of all else only the very action, or what the pattern they saw matches
 * as an `allow` rule would.
 */
export function covers(grant: Grant, { runId, subject, isIrreversible }: Grantable): boolean {
  if (grant.agent !== subject.agent || (grant.runId !== null && grant.runId !== runId)) return false;
  if (grant.endedAt !== null || grant.expiresAt <= subject.now || grant.usesLeft === 0) return false;
  if (riskRank(subject.score) > riskRank(grant.score) || (isIrreversible && !grant.isIrreversible)) return false;
  if (grant.covers.kind === "action") return grantDigest(subject.agent, subject.proposed) === grant.digest;
  const rule = { id: grant.id, effect: "allow" as const, when: grant.covers.when as Conditions };
  const { rules } = compilePolicy({ version: 1, rules: [rule] }, { version: "" });
  return matchRules(rules, subject).allows.length > 0;
}

/** Whether the proof that was given suffices for a level. */
export function suffices(grant: Grant, level: Grant["level"]): boolean {
  return approvalLevels.indexOf(level) <= approvalLevels.indexOf(grant.level);
}

function riskRank(score: number): number {
  return riskLevels.indexOf(riskLevel(score));
}
