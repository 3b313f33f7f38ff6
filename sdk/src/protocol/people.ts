import type { ActionType } from "./action.js";
import type { AutonomyLevel, TrustTier } from "./decision.js";
import type { Scope, Silence } from "./intervention.js";
import type { CapabilityStanding } from "./trust.js";

export const roles = ["viewer", "operator", "approver", "admin"] as const;
/** What a person may do, each role including the ones before it. */
export type Role = (typeof roles)[number];

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

/** The signed-in person's session. */
export interface Session {
  readonly person: Person;
  /** `console` sessions hold a cookie, `cli` sessions a token on disk. */
  readonly kind: "console" | "cli";
  /** A `console` session sends it as `x-pullcord-session` with every request, so that a cookie alone proves nothing. */
  readonly requestToken: string;
  readonly expiresAt: number;
}

/** The answer to a person who says that they are there. */
export interface Here {
  /** What happens when no person does anything; null where the dead man's timer is off. */
  readonly personSilent: Silence | null;
}

/** The trust boundary the user sees (design). */
export const modes = ["same-user", "service-user", "remote"] as const;
export type Mode = (typeof modes)[number];

/** An agent that is known, with its dial and its trust. */
export interface Agent {
  readonly name: string;
  /** What a person gave; where more or less was earned since, `trust` says so. */
  readonly trustTier: TrustTier;
  /** What it has a history in. */
  readonly trust: readonly CapabilityStanding[];
  readonly autonomy: AutonomyLevel | null;
  readonly firstSeenAt: number;
  readonly runs: number;
}

export interface AgentToken {
  readonly id: string;
  readonly agent: string;
  readonly issuedAt: number;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
  /** It was made for one run, and ends with it. */
  readonly isForRun: boolean;
}

/**
 * What the dial is turned for (E19). A task is every run that was opened with this very text, an environment every action
 * in it. Agents name both, so these two only hold back: they never give more freedom than run, agent and everything do.
 */
export type DialScope = Scope | { readonly kind: "task"; readonly id: string } | { readonly kind: "environment"; readonly id: string };

/** The dial as a person set it. */
export interface AutonomySetting {
  readonly scope: DialScope;
  readonly level: AutonomyLevel;
  readonly setAt: number;
}

export interface SetAutonomy {
  readonly scope: DialScope;
  /** `null` lifts the setting, so that the next wider one holds. */
  readonly level: AutonomyLevel | null;
  readonly reason?: string;
}

/** A person's word on what an agent has earned. */
export interface SetTrust {
  readonly tier: TrustTier;
  /** For this type of action only; without it for all, and what was earned and lost since starts anew. */
  readonly capability?: ActionType;
  readonly reason?: string;
}

/** A token that was just made; its secret is shown this once. */
export interface IssuedAgentToken extends AgentToken {
  readonly secret: string;
}

/** An action that must be denied, to prove that an agent's real hook reaches the gate. */
export interface Canary {
  readonly id: string;
  readonly agent: string;
  /** The command to let the agent try; harmless if it ever ran. */
  readonly command: string;
  readonly plantedAt: number;
  readonly provenAt: number | null;
}

/** The action policy in force. */
export interface PolicyInForce {
  readonly version: string;
  readonly file: string | null;
  /** The YAML text. */
  readonly text: string;
  readonly loadedAt: number;
  readonly problem: PolicyProblem | null;
}

/** What the server says of itself. */
export interface ServerStatus {
  readonly version: string;
  readonly mode: Mode;
  readonly advisory: string | null;
  readonly startedAt: number;
  readonly database: "sqlite" | "postgres";
  readonly policy: {
    readonly version: string;
    readonly file: string | null;
    readonly loadedAt: number;
    readonly problem: PolicyProblem | null;
  };
  readonly killFile: { readonly path: string; readonly present: boolean };
  readonly autonomy: AutonomyLevel;
  readonly runs: { readonly running: number; readonly paused: number };
  readonly pendingRequests: number;
  /** When the canary was last denied through an agent's real hook. */
  readonly gateProvenAt: number | null;
  readonly breakGlass: { readonly active: boolean; readonly expiresAt: number | null };
  /** The model that takes a second look; null where the policy wants none. */
  readonly modelReview: ModelReviewState | null;
}

/** How a model's review of actions goes (V9.2.6). */
export interface ModelReviewState {
  readonly model: string;
  readonly endpoint: string;
  /** The lowest risk score that is reviewed. */
  readonly fromScore: number;
  /** What becomes of an action whose review fails. */
  readonly onFailure: "ask" | "ignore";
  /** Set while the model is not asked, after failures in a row: until when. */
  readonly pausedUntil: number | null;
  /** Since the server started. */
  readonly answered: number;
  readonly failed: number;
  /** The newest failure, until an answer comes. */
  readonly problem: { readonly at: number; readonly sentence: string } | null;
}

export interface PolicyProblem {
  readonly file: string;
  readonly line: number | null;
  readonly column: number | null;
  readonly sentence: string;
}
