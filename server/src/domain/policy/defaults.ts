import type { ActionType, ApprovalLevel } from "@pullcord/sdk/protocol";
import type { AskingLevel } from "./policy.js";

/** Approval levels by type where the file names none (P7, P8). */
export const defaultLevels: Readonly<Record<ActionType, ApprovalLevel>> = {
  file_read: "none",
  file_write: "none",
  file_delete: "review",
  command_execute: "review",
  network_request: "review",
  database_read: "none",
  database_modify: "required",
  config_change: "required",
  deployment: "required",
  user_data_access: "required",
  external_api_call: "review",
  send_communication: "required",
  payment: "required_2fa",
  system_modification: "admin_only",
  agent_start: "notify",
  agent_internal: "none",
  unknown: "required",
};

/** How long an approval request waits, by level (P9). */
export const defaultExpiryMs: Readonly<Record<AskingLevel, number>> = {
  review: 3_600_000,
  required: 24 * 3_600_000,
  required_2fa: 5 * 60_000,
  admin_only: 24 * 3_600_000,
};

export const defaultThresholds = { askAt: 50, denyAt: 95 } as const;

/** Above plain edits and reads, which would only cost time; the limit is below what an agent's gate waits for an answer. */
export const defaultReview = { timeLimitMs: 5_000, onFailure: "ask", fromScore: 15 } as const;

/** What holds where the file says nothing (E38: ask above 10 files, pause above 50); every other limit is off until it is named. */
export const defaultGuardrails = {
  filesPerRun: { ask: 10, pause: 50 },
  runTime: { pause: 8 * 3_600_000 },
  errorRate: { pause: 0.5 },
  errorsOfLast: 20,
  anomalyAfter: 100,
  breaker: { coolDownMs: 15 * 60_000, probes: 3 },
  dayZone: "UTC",
} as const;

/** Below the quota an undo lasts a month. */
export const defaultSnapshots = { quotaBytes: 5 * 2 ** 30, keepMs: 30 * 24 * 3_600_000, largestFileBytes: 32 * 2 ** 20 } as const;

/** About 200 MB at most; the text of a policy is small. */
export const defaultHistory = { decisionsMs: 180 * 24 * 3_600_000, mostDecisions: 200_000, policiesMs: 365 * 24 * 3_600_000 } as const;
