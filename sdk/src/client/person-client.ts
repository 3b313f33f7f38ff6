import type {
  Agent,
  AgentTrust,
  AgentToken,
  ApprovalRequest,
  AuditEntry,
  AuditVerification,
  AutonomySetting,
  BreakGlass,
  BreakGlassReport,
  BreakGlassUse,
  Canary,
  DrillReport,
  Here,
  Intervene,
  Intervention,
  IssuedAgentToken,
  MakeUndo,
  Page,
  PolicyInForce,
  PresenceCheck,
  Resolve,
  RunChanges,
  ServerStatus,
  Session,
  SetAutonomy,
  StopReceipt,
  StopTimes,
  SetTrust,
  TrustTier,
  Undo,
  UndoPreview,
  UndoScope,
} from "../protocol/index.js";
import type { CallOptions } from "./agent-client.js";
import type { AuditQuery, PageQuery, RequestQuery } from "./queries.js";
import { liveEvents, type EventQuery } from "./events.js";
import { GrantClient } from "./grant-client.js";
import { PlanClient } from "./plan-client.js";
import { LimitClient } from "./limit-client.js";
import { PolicyClient } from "./policy-client.js";
import { RunReviewClient } from "./run-review-client.js";
import { RunReader } from "./run-reader.js";
import { WebhookClient } from "./webhook-client.js";
import { path, Transport, type ClientOptions } from "./transport.js";

/** A large workspace takes its time to be looked at and put back, in milliseconds. */
const undoWaitMs = 120_000;

/** What a signed-in person can do. Ids may be unique prefixes. Every method may throw `PullcordError`. */
export class PersonClient extends RunReader {
  readonly policies: PolicyClient;
  readonly grants: GrantClient;
  readonly reviews: RunReviewClient;
  readonly plans: PlanClient;
  readonly webhooks: WebhookClient;
  readonly limits: LimitClient;
  readonly #transport: Transport;

  constructor(options: ClientOptions) {
    const transport = new Transport(options);
    super(transport);
    this.#transport = transport;
    this.policies = new PolicyClient(this.#transport);
    this.grants = new GrantClient(this.#transport);
    this.reviews = new RunReviewClient(this.#transport);
    this.plans = new PlanClient(this.#transport);
    this.webhooks = new WebhookClient(this.#transport);
    this.limits = new LimitClient(this.#transport);
  }

  status(options: CallOptions = {}): Promise<ServerStatus> {
    return this.#get("/v1/status", {}, options);
  }

  /** Signs in with a one-time code; a `cli` session's answer carries its `token`, a `console` session gets a cookie. */
  signIn(code: string, kind: Session["kind"] = "console"): Promise<Session & { readonly token?: string }> {
    return this.#post("/v1/sessions", { code, kind });
  }

  session(options: CallOptions = {}): Promise<Session> {
    return this.#get("/v1/session", {}, options);
  }

  signOut(): Promise<void> {
    return this.#transport.json("DELETE", "/v1/session");
  }

  /** A one-time sign-in link for the person itself, on another device; valid ten minutes. */
  makeSignInLink(): Promise<{ readonly url: string; readonly expiresAt: number }> {
    return this.#post("/v1/sign-in-links", {});
  }

  listApprovalRequests(query: RequestQuery = {}, options: CallOptions = {}): Promise<Page<ApprovalRequest>> {
    return this.#get("/v1/approval-requests", { ...query }, options);
  }

  getApprovalRequest(request: string, options: CallOptions = {}): Promise<ApprovalRequest> {
    return this.#get(path`/v1/approval-requests/${request}`, {}, options);
  }

  /** @throws PullcordError `conflict`/`already_resolved` with who was first; `forbidden`/`presence_required` */
  resolve(request: string, resolve: Resolve, options: CallOptions = {}): Promise<ApprovalRequest> {
    return this.#post(path`/v1/approval-requests/${request}/resolution`, resolve, options);
  }

  intervene(intervention: Intervene, options: CallOptions = {}): Promise<Intervention> {
    return this.#post("/v1/interventions", intervention, options);
  }

  listInterventions(query: PageQuery & { readonly run?: string } = {}, options: CallOptions = {}): Promise<Page<Intervention>> {
    return this.#get("/v1/interventions", { ...query }, options);
  }

  getIntervention(intervention: string, options: CallOptions = {}): Promise<Intervention> {
    return this.#get(path`/v1/interventions/${intervention}`, {}, options);
  }

  /** Says that a person is there: starts the dead man's timer anew. */
  here(): Promise<Here> {
    return this.#post("/v1/here", {});
  }

  /** What came of a stop so far. */
  stopReceipt(intervention: string, options: CallOptions = {}): Promise<StopReceipt> {
    return this.#get(path`/v1/interventions/${intervention}/receipt`, {}, options);
  }

  /** How fast the stops of the last days were. */
  stopTimes(days = 7, options: CallOptions = {}): Promise<StopTimes> {
    return this.#get("/v1/stop-times", { days }, options);
  }

  /** Everything a run changed on the server's machine. */
  changesOf(run: string, options: CallOptions = {}): Promise<RunChanges> {
    return this.#get(path`/v1/runs/${run}/changes`, {}, options);
  }

  /** What an undo would do now; nothing is changed. */
  previewUndo(scope: UndoScope, options: CallOptions = {}): Promise<UndoPreview> {
    return this.#transport.json("POST", "/v1/undo-previews", { body: scope, extraMs: undoWaitMs, ...options });
  }

  /** @throws PullcordError `conflict`/`run_running`, `conflict`/`preview_outdated` */
  undo(undo: MakeUndo, options: CallOptions = {}): Promise<Undo> {
    return this.#transport.json("POST", "/v1/undos", { body: undo, extraMs: undoWaitMs, ...options });
  }

  listUndos(query: PageQuery & { readonly run?: string } = {}, options: CallOptions = {}): Promise<Page<Undo>> {
    return this.#get("/v1/undos", { ...query }, options);
  }

  getUndo(undo: string, options: CallOptions = {}): Promise<Undo> {
    return this.#get(path`/v1/undos/${undo}`, {}, options);
  }

  /** Turns the dial; holds from the next action on. What waits for a person still waits. */
  setAutonomy(setting: SetAutonomy): Promise<void> {
    return this.#transport.json("PUT", "/v1/autonomy", { body: setting });
  }

  /** What the dial is set to for more than a single run; a run says its own. */
  autonomySettings(options: CallOptions = {}): Promise<Page<AutonomySetting>> {
    return this.#get("/v1/autonomy", {}, options);
  }

  listAgents(options: CallOptions = {}): Promise<Page<Agent>> {
    return this.#get("/v1/agents", {}, options);
  }

  /** What the agent has earned, by type of action, with its history (P39). */
  agentTrust(agent: string, options: CallOptions = {}): Promise<AgentTrust> {
    return this.#get(path`/v1/agents/${agent}/trust`, {}, options);
  }

  /** A person's word: for one `capability`, or for all. It also ratifies what `agentTrust` says is proposed. */
  setTrust(agent: string, tier: TrustTier, more: Omit<SetTrust, "tier"> = {}): Promise<void> {
    return this.#transport.json("PUT", path`/v1/agents/${agent}/trust`, { body: { tier, ...more } });
  }

  /** A token for a run belongs to the first that it opens, and ends with it. */
  issueAgentToken(agent: string, expiresInMs?: number, more: { readonly isForRun?: boolean } = {}): Promise<IssuedAgentToken> {
    return this.#post("/v1/agent-tokens", { agent, expiresInMs, ...more });
  }

  listAgentTokens(options: CallOptions = {}): Promise<Page<AgentToken>> {
    return this.#get("/v1/agent-tokens", {}, options);
  }

  revokeAgentToken(id: string): Promise<void> {
    return this.#transport.json("DELETE", path`/v1/agent-tokens/${id}`);
  }

  breakGlass(use: BreakGlass): Promise<BreakGlassUse> {
    return this.#post("/v1/break-glass", use);
  }

  endBreakGlass(id: string): Promise<BreakGlassUse> {
    return this.#transport.json("DELETE", path`/v1/break-glass/${id}`);
  }

  listBreakGlass(query: PageQuery = {}, options: CallOptions = {}): Promise<Page<BreakGlassUse>> {
    return this.#get("/v1/break-glass", { ...query }, options);
  }

  breakGlassReport(days = 30, options: CallOptions = {}): Promise<BreakGlassReport> {
    return this.#get("/v1/break-glass/report", { days }, options);
  }

  beginPresenceCheck(digest: string): Promise<PresenceCheck> {
    return this.#post("/v1/presence-checks", { method: "hold", digest });
  }

  /** One sample of a key or button still held. */
  samplePresence(check: string): Promise<{ readonly heldMs: number; readonly holdMs: number }> {
    return this.#post(path`/v1/presence-checks/${check}/samples`, {});
  }

  /** Ends the hold; the proof works once, for the digest it was begun with. */
  completePresence(check: string): Promise<{ readonly proof: string }> {
    return this.#post(path`/v1/presence-checks/${check}/completion`, {});
  }

  listAudit(query: AuditQuery = {}, options: CallOptions = {}): Promise<Page<AuditEntry>> {
    return this.#get("/v1/audit", { ...query }, options);
  }

  verifyAudit(options: CallOptions = {}): Promise<AuditVerification> {
    return this.#transport.json("GET", "/v1/audit/verification", { extraMs: 120_000, signal: options.signal });
  }

  recordDrill(report: DrillReport): Promise<AuditEntry> {
    return this.#post("/v1/drills", report);
  }

  policy(options: CallOptions = {}): Promise<PolicyInForce> {
    return this.#get("/v1/policy", {}, options);
  }

  plantCanary(agent: string): Promise<Canary> {
    return this.#post("/v1/canaries", { agent });
  }

  getCanary(id: string, options: CallOptions = {}): Promise<Canary> {
    return this.#get(path`/v1/canaries/${id}`, {}, options);
  }

  /** The live stream, reconnecting by itself until `signal` aborts. */
  events(query: EventQuery = {}) {
    return liveEvents(this.#transport, query);
  }

  #get<T>(from: string, query: Readonly<Record<string, string | number | undefined>>, options: CallOptions): Promise<T> {
    return this.#transport.json("GET", from, { query, signal: options.signal });
  }

  #post<T>(to: string, body: unknown, options: CallOptions = {}): Promise<T> {
    return this.#transport.json("POST", to, { body, ...options });
  }
}
