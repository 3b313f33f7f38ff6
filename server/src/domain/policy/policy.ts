import type { ActionType, ApprovalLevel, AutonomyLevel, Silence } from "@pullcord/sdk/protocol";
import type { Limit } from "../limits/limit.js";
import type { PathPattern } from "./path-pattern.js";
import type { RuleIndex } from "./rule-index.js";

/** An action policy, parsed and compiled: what people decided beforehand. */
export interface Policy {
  /** SHA-256 of the text, hex; the caller makes it, since the domain reads no file. */
  readonly version: string;
  /** The level that holds where no person set one. */
  readonly autonomy: AutonomyLevel;
  readonly thresholds: Thresholds;
  readonly approval: ApprovalRules;
  readonly guardrails: Guardrails;
  /** A model's second look at what would run without a person; null, the default, for none. */
  readonly review: ReviewRules | null;
  /** Databases whose rows are kept before an action changes them, by the names that people gave them. */
  readonly databases: ReadonlyMap<string, DatabaseConnection>;
  readonly oversight: Oversight;
  readonly snapshots: SnapshotRules;
  readonly history: HistoryRules;
  readonly rules: RuleIndex;
  /** Where what the file says stands in it. */
  readonly settingLines: SettingLines;
}

/** Lines of the file, from 1, by the keys that lead there: `thresholds.ask_at`. */
export type SettingLines = ReadonlyMap<string, number>;

/** Where a document's parts stand in the text it was read from. */
export interface PolicyLines {
  /** Of each rule, in the order of the document. */
  readonly rules: readonly number[];
  readonly settings: SettingLines;
}

/** Risk scores, 0 to 100. */
export interface Thresholds {
  readonly askAt: number;
  readonly denyAt: number;
}

/** The wire formats that a model can be asked in: OpenAI's chat completions, Anthropic's messages. */
export const reviewApis = ["openai", "anthropic"] as const;
export type ReviewApi = (typeof reviewApis)[number];

/** Which model looks at what, and what follows when it does not answer (V9.2.6). */
export interface ReviewRules {
  readonly api: ReviewApi;
  /** The API's base address, as the makers' own clients take it. */
  readonly endpoint: string;
  readonly model: string;
  /** Where the key is; null for an endpoint that needs none. The key itself is never in the policy. */
  readonly key: { readonly from: "environment" | "file"; readonly name: string } | null;
  readonly timeLimitMs: number;
  /** What becomes of an action whose review is late, malformed, refused or not to be had. */
  readonly onFailure: "ask" | "ignore";
  /** The lowest risk score that is reviewed, 0 to 100; what was not understood is reviewed in any case. */
  readonly fromScore: number;
}

/** Where a database's address is; the address itself, with its password, is never in the policy. */
export interface DatabaseConnection {
  readonly from: "environment" | "file";
  readonly name: string;
  /** Whether people see which rows an action would change: tried before they have said yes. */
  readonly previewsRows: boolean;
}

/** Approval levels that a person can be asked for; each has its own expiry. */
export const askingLevels = ["review", "required", "required_2fa", "admin_only"] as const satisfies readonly ApprovalLevel[];
export type AskingLevel = (typeof askingLevels)[number];

export interface ApprovalRules {
  readonly levels: Readonly<Record<ActionType, ApprovalLevel>>;
  readonly expiryMs: Readonly<Record<AskingLevel, number>>;
  /** In place of the level's, where the file names one for the type. */
  readonly expiryOfTypeMs: Readonly<Partial<Record<ActionType, number>>>;
}

/** What happens while nobody watches, and while a person holds a run. All of it is off where the file says nothing. */
export interface Oversight {
  /** No person has done anything for so long. */
  readonly personSilent: Silence | null;
  /** A gate has heard nothing from the server for so long. */
  readonly serverSilent: Silence | null;
  /** Whether requests of a paused run keep the time they had left. */
  readonly pauseStopsExpiry: boolean;
}

/** What of files is kept for undo, how much, and how long. */
export interface SnapshotRules {
  /** Most disk space, in bytes; what does not fit lets older snapshots go, and else the action does not run. */
  readonly quotaBytes: number;
  /** How long what a run changed can be undone, in milliseconds. */
  readonly keepMs: number;
  /** Path patterns of what is not kept, though it would be; never of git's state. */
  readonly leaveOut: readonly string[];
  /** Path patterns of what is kept, though an install or a build makes it again. */
  readonly keepAlso: readonly string[];
  /** Larger files are not kept, in bytes. */
  readonly largestFileBytes: number;
}

/** How long history is kept that policies are tried on (`docs/policy.md`). The record itself is kept for good. */
export interface HistoryRules {
  /** What decisions were made from, in milliseconds. */
  readonly decisionsMs: number;
  /** Most decisions that this is kept of. */
  readonly mostDecisions: number;
  /** Texts of policies that are not in force any more, in milliseconds. */
  readonly policiesMs: number;
}

/** What no rule and no autonomy lifts (E38 to E41, V9.1.1, V9.1.2). */
export interface Guardrails {
  readonly limits: readonly Limit[];
  /** How many of its newest ended actions a run's error rate is the share of. */
  readonly errorsOfLast: number;
  /** Actions that an agent has to have done before something can be unusual for it. */
  readonly anomalyAfter: number;
  /** How long a tripped rate stays open, and how many actions then have to go well one after another. */
  readonly breaker: { readonly coolDownMs: number; readonly probes: number };
  /** Where an agent's day begins at midnight. */
  readonly dayZone: string;
  readonly forbiddenPaths: readonly PathPattern[];
}
