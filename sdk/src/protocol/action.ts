import type { JsonObject } from "./json.js";
import type { Decision } from "./decision.js";
import type { Usage } from "./limit.js";
import type { Reversibility, RiskAssessment } from "./risk.js";

/** What an action does to the world, in the field's words (requirement A2). `unknown` always asks (P8). */
export const actionTypes = [
  "file_read",
  "file_write",
  "file_delete",
  "command_execute",
  "network_request",
  "database_read",
  "database_modify",
  "config_change",
  "deployment",
  "user_data_access",
  "external_api_call",
  "send_communication",
  "payment",
  "system_modification",
  "agent_start",
  "agent_internal",
  "unknown",
] as const;
export type ActionType = (typeof actionTypes)[number];

/**
 * The agent's own name for the call and its input, letter for letter.
 * It is part of the digest: what runs is what was decided.
 */
export interface ToolCall {
  /** For example `Bash`, `mcp__github__create_issue`. */
  readonly name: string;
  readonly input: JsonObject;
}

/**
 * What the agent says about its own action. Attacker-controlled: it is shown apart, labelled,
 * and can raise the risk but never lower it (requirements, "Settled").
 */
export interface AgentClaim {
  readonly description?: string;
  readonly reason?: string;
  /** 0 to 100. */
  readonly risk?: number;
  readonly reversibility?: Reversibility;
  /** 0 to 1; below 0.3 the action is escalated (P18, P23). */
  readonly confidence?: number;
}

/** A side effect that an agent wants to have. Every field is attacker-controlled. */
export interface ProposedAction {
  readonly type: ActionType;
  /**
   * The arguments in Pullcord's own words, by type:
   * - `command_execute`: `{ command: string }`, shell text, or `{ argv: string[] }`, run without a shell
   * - `file_read`, `file_delete`: `{ path: string }`
   * - `file_write`: `{ path: string, content?: string, edits?: { before: string, after: string }[] }`
   * - `database_read`, `database_modify`: `{ sql: string, database?: string }`
   * - `network_request`: `{ url: string, method?: string, body?: string }`
   * - every other type: whatever describes it completely
   */
  readonly arguments: JsonObject;
  readonly tool?: ToolCall;
  /** Absolute directory that relative paths are resolved against. Default: the run's. */
  readonly workingDirectory?: string;
  /** For example `production`. Default: the run's. Policy can name it. */
  readonly environment?: string;
  readonly claim?: AgentClaim;
  /** The agent's own id of the call, to match later events with it. Not part of the digest. */
  readonly externalId?: string;
  /** The sub-agent that proposes; its run is the parent's. */
  readonly subagent?: { readonly id: string; readonly type?: string };
  /** How long a person may take, in milliseconds; the policy's expiry holds where it is shorter. 1 to a year. */
  readonly expiresInMs?: number;
}

/**
 * Where an action stands. Terminal: denied, succeeded, failed, skipped, cancelled.
 *
 *     proposed ─┬─> held (the run is paused) ─> decided anew at resume
 *               ├─> allowed ─────────────────────────────┬─> succeeded | failed | skipped
 *               ├─> waiting ─┬─> approved ─> running ────┘
 *               │            └─> denied | cancelled
 *               └─> denied
 *
 * A stop cancels what is held, waiting or approved (P26).
 */
export type ActionState =
  | { readonly status: "held"; readonly at: number }
  | { readonly status: "allowed" }
  | { readonly status: "waiting"; readonly approvalRequestId: string }
  /** A person approved; the permit has not been used. */
  | { readonly status: "approved"; readonly approvalRequestId: string }
  /** The permit has been used; the action runs now. */
  | { readonly status: "running"; readonly startedAt: number }
  | { readonly status: "denied"; readonly at: number; readonly reason: string }
  | { readonly status: "succeeded"; readonly at: number; readonly outcome: Outcome }
  | { readonly status: "failed"; readonly at: number; readonly outcome: Outcome }
  | { readonly status: "skipped"; readonly at: number; readonly outcome: Outcome }
  | { readonly status: "cancelled"; readonly at: number; readonly reason: string };
export type ActionStatus = ActionState["status"];

export const outcomeStatuses = ["succeeded", "failed", "skipped"] as const;

/** What came of an action, as the gate reports it. */
export interface Outcome {
  readonly status: (typeof outcomeStatuses)[number];
  /** One line for people; at most 2,000 characters are kept. */
  readonly summary?: string;
  readonly durationMs?: number;
}

/** An action on record. */
export interface Action {
  /** `a` and nine letters or digits; a unique prefix is accepted wherever an id is. */
  readonly id: string;
  readonly runId: string;
  readonly agent: string;
  /** SHA-256 over RFC 8785 canonical JSON of what is bound, hex (I3). */
  readonly digest: string;
  readonly proposed: ProposedAction;
  /** Present when a person approved other arguments than those proposed: these run (A8). */
  readonly approvedArguments?: JsonObject;
  /** Present when arguments were modified: the digest of what may run. */
  readonly approvedDigest?: string;
  readonly assessment: RiskAssessment | null;
  /** Null while the action is held. */
  readonly decision: Decision | null;
  readonly state: ActionState;
  /** Milliseconds since 1970 UTC, as every `…At`. */
  readonly proposedAt: number;
}

/** The answer to a proposal or to waiting for one. */
export interface ActionAnswer {
  readonly action: Action;
  /**
   * What the gate must do now: `run` (no permit needed), `consume` (use the permit, then run),
   * `wait` (ask again), `deny`.
   */
  readonly next: "run" | "consume" | "wait" | "deny";
  /** One sentence that the agent can hand to its human, for `wait` and `deny`. */
  readonly guidance: string;
  /** True when the deny must also end the session (the run was stopped). */
  readonly stop: boolean;
  /** Whether a person may answer in the agent's own dialog as well, where it has one. */
  readonly dialogMayAnswer: boolean;
  /** Instructions from a person that this answer delivers (P29). */
  readonly instructions: readonly DeliveredInstruction[];
}

export interface DeliveredInstruction {
  readonly interventionId: string;
  readonly text: string;
}

/** What a gate reports after an action. */
export interface ReportOutcome extends Outcome {
  /** The action ran because a person said yes in the agent's own dialog, while the request was pending. */
  readonly approvedAtTerminal?: boolean;
  /** What the action used; added to what its run has used. */
  readonly usage?: Usage;
}

/** The answer at a safe point: what the run has to know before it goes on (P28). */
export interface SafePointAnswer {
  readonly status: "running" | "paused" | "stopped" | "finished";
  /** One sentence for the agent's human when the run may not go on. */
  readonly guidance: string;
  readonly instructions: readonly DeliveredInstruction[];
}
