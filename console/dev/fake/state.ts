import type {
  Action,
  Agent,
  AgentToken,
  ApprovalRequest,
  AuditEntry,
  AuditType,
  AutonomySetting,
  BreakGlassUse,
  Grant,
  LimitStanding,
  Intervention,
  LiveEvent,
  LogLine,
  Plan,
  ReviewOutcome,
  RunSummary,
  ServerStatus,
  Undo,
  WebhookToken,
} from "@pullcord/sdk/protocol";
import type { FakePolicy } from "./policy.js";

/** Everything the in-memory server knows. Development and tests only. */
export interface FakeState {
  readonly runs: Map<string, RunSummary>;
  readonly actions: Map<string, Action[]>;
  readonly logs: Map<string, LogLine[]>;
  readonly requests: Map<string, ApprovalRequest>;
  readonly interventions: Map<string, Intervention>;
  readonly undos: Undo[];
  readonly reviews: ReviewOutcome[];
  readonly agents: Agent[];
  readonly tokens: AgentToken[];
  readonly webhooks: WebhookToken[];
  readonly uses: BreakGlassUse[];
  readonly audit: AuditEntry[];
  readonly listeners: Set<(event: LiveEvent) => void>;
  readonly policy: FakePolicy;
  readonly grants: Grant[];
  readonly limits: LimitStanding[];
  readonly dials: AutonomySetting[];
  readonly plans: Map<string, Plan>;
  status: ServerStatus;
  signedIn: boolean;
  /** True while the server is made to be out of reach. */
  isDown: boolean;
}

/** Appends to the record and tells whoever listens. */
export function record(state: FakeState, type: AuditType, { body = {}, ...more }: Partial<AuditEntry> = {}): void {
  const seq = state.audit.length + 1;
  const hash = (salt: number) => (seq * 2_654_435_761 + salt).toString(16).padStart(64, "a").slice(-64);
  const entry: AuditEntry = {
    seq,
    at: Date.now(),
    type,
    actor: { kind: "person", id: "ada", via: "console" },
    body,
    leafHash: hash(1),
    head: hash(2),
    ...more,
  };
  state.audit.push(entry);
  emit(state, { kind: "recorded", entry });
}

export function emit(state: FakeState, event: LiveEvent): void {
  for (const listener of state.listeners) listener(event);
}

export function refreshStatus(state: FakeState): void {
  const runs = [...state.runs.values()];
  const pending = [...state.requests.values(), ...state.plans.values()].filter(({ status }) => status === "pending");
  for (const run of runs) state.runs.set(run.id, { ...run, waiting: pending.filter(({ runId }) => runId === run.id).length });
  const active = state.uses.find((use) => use.endedAt === undefined && use.expiresAt > Date.now());
  state.status = {
    ...state.status,
    pendingRequests: pending.length,
    runs: {
      running: runs.filter((run) => run.state.status === "running").length,
      paused: runs.filter((run) => run.state.status === "paused").length,
    },
    breakGlass: { active: active !== undefined, expiresAt: active?.expiresAt ?? null },
  };
}
