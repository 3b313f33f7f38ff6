import type { Action } from "./action.js";
import { approvalLevels, type ApprovalLevel } from "./decision.js";
import type { GrantTerms } from "./grant.js";
import type { JsonObject } from "./json.js";
import { riskLevelFloor, type RiskAssessment } from "./risk.js";
import type { RowsPreview } from "./rows-preview.js";

/** How a request stands (P10); all but `pending` are terminal (I5). */
export const approvalStatuses = ["pending", "approved", "denied", "expired", "cancelled"] as const;
export type ApprovalStatus = (typeof approvalStatuses)[number];

/** Who did something: a person, an agent, another system's notice, or Pullcord's own clock. */
export interface Actor {
  readonly kind: "person" | "agent" | "webhook" | "system";
  readonly id: string;
  /** Where the person was: console, cli, the agent's terminal. */
  readonly via?: "console" | "cli" | "api" | "agent_terminal";
}

/** How a request ended (P11: who, when, why). */
export interface Resolution {
  readonly status: Exclude<ApprovalStatus, "pending">;
  readonly by: Actor;
  readonly at: number;
  readonly reason?: string;
  /** The presence check that went with it. */
  readonly presence?: { readonly method: PresenceMethod; readonly checkId: string };
}

export const presenceMethods = ["hold"] as const;
export type PresenceMethod = (typeof presenceMethods)[number];

/** The durable question to a person. */
export interface ApprovalRequest {
  /** `q` and nine letters or digits. */
  readonly id: string;
  readonly runId: string;
  readonly agent: string;
  readonly level: ApprovalLevel;
  /** 1 (page somebody) to 5 (P19). */
  readonly priority: number;
  readonly status: ApprovalStatus;
  readonly resolution: Resolution | null;
  /** True once the approval was used; it is used at most once (I2). */
  readonly consumed: boolean;
  readonly createdAt: number;
  /** Never moves later (I7). Unanswered then: denied. */
  readonly expiresAt: number;
  readonly action: Action;
  /** What it would do to rows; absent where it changes none that can be previewed. */
  readonly rows?: RowsPreview;
}

/** A person's answer to a request. */
export interface Resolve {
  readonly effect: "approve" | "deny";
  /** The digest the person saw: another one is refused (V9.2.8). */
  readonly digest: string;
  /** Reaches the agent when denied (P15). */
  readonly reason?: string;
  /** Approve with these arguments in place of the proposed ones (A8). */
  readonly modifiedArguments?: JsonObject;
  /** One-time proof from a presence check for this digest; needed from `required` upwards and for high risk. */
  readonly presenceProof?: string;
  /** Approve more than this once; the action itself as it was proposed. */
  readonly grant?: GrantTerms;
}

/**
 * Whether approving takes a presence check: from level `required` upwards, from high risk upwards, and where the action
 * could not be read. The server insists on it; console and command line ask the same rule, so that they know beforehand.
 */
export function needsPresence(level: ApprovalLevel, assessment: Pick<RiskAssessment, "score"> | null): boolean {
  const score = assessment?.score ?? riskLevelFloor.critical;
  return approvalLevels.indexOf(level) >= approvalLevels.indexOf("required") || score >= riskLevelFloor.high;
}

/** A presence check, begun by a person's client (L25). */
export interface PresenceCheck {
  readonly id: string;
  readonly method: PresenceMethod;
  /** How long to hold, chosen by the server. */
  readonly holdMs: number;
  /** Samples have to arrive at least this often (L2). */
  readonly sampleEveryMs: number;
  readonly expiresAt: number;
}
