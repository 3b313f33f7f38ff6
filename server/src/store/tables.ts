/**
 * The tables, as both databases see them: booleans are 0 or 1, JSON is text, times are epoch milliseconds.
 * Statements are written against these types with Kysely and run on SQLite and PostgreSQL alike.
 */
export interface Tables {
  meta: { key: string; value: string };
  /** `capabilities` is JSON: `CapabilityTrust` by action type; `tally` is an `AgentTally`. */
  agents: { name: string; trust_tier: string; first_seen_at: number; runs: number; capabilities: string; tally: string };
  /** Where trust stood at the end of an hour; `hour` is its beginning. */
  trust_history: { agent: string; capability: string; hour: number; score: number; tier: string };
  people: { id: string; name: string; role: string; created_at: number };
  sessions: {
    token_hash: string;
    person_id: string;
    kind: string;
    request_token: string;
    created_at: number;
    expires_at: number;
    ended_at: number | null;
  };
  sign_in_codes: { code_hash: string; person_id: string; expires_at: number; used_at: number | null };
  agent_tokens: {
    id: string;
    token_hash: string;
    agent: string;
    issued_at: number;
    expires_at: number | null;
    revoked_at: number | null;
    is_for_run: number;
    run_id: string | null;
  };
  continuations: {
    run_id: string;
    agent: string;
    external_id: string | null;
    working_directory: string | null;
    intervention_id: string;
    taken_by: string | null;
  };
  webhook_tokens: {
    id: string;
    token_hash: string;
    name: string;
    kind: string;
    act: string;
    /** `Scope` as JSON. */
    scope: string;
    issued_at: number;
    expires_at: number | null;
    revoked_at: number | null;
  };
  runs: {
    id: string;
    agent: string;
    token_id: string;
    external_id: string | null;
    status: string;
    opened_at: number;
    last_activity_at: number;
    /** The opening, as JSON (`OpenRun`). */
    opening: string;
    /** `RunState` as JSON. */
    state: string;
    /** `Progress` as JSON. */
    progress: string | null;
    /** What the board counts, as JSON (`RunTally`). */
    tally: string;
  };
  actions: {
    id: string;
    run_id: string;
    agent: string;
    digest: string;
    status: string;
    effect: string | null;
    external_id: string | null;
    proposed_at: number;
    /** The rest of the action, as JSON (`ActionBody`). */
    body: string;
  };
  approval_requests: {
    id: string;
    run_id: string;
    action_id: string;
    agent: string;
    level: string;
    priority: number;
    status: string;
    created_at: number;
    expires_at: number;
    consumed_at: number | null;
    /** `Resolution` as JSON. */
    resolution: string | null;
  };
  interventions: { id: string; at: number; kind: string; body: string };
  /** An intervention's runs, for looking up from the run. */
  intervention_runs: { intervention_id: string; run_id: string };
  instructions: {
    intervention_id: string;
    run_id: string;
    text: string;
    queued_at: number;
    handed_at: number | null;
    delivered_at: number | null;
  };
  autonomy_settings: { scope_kind: string; scope_id: string; level: string; set_at: number };
  break_glass: { id: string; at: number; expires_at: number; ended_at: number | null; actions: number; body: string };
  presence_checks: {
    id: string;
    person_id: string;
    digest: string;
    begun_at: number;
    last_sample_at: number;
    hold_ms: number;
    expires_at: number;
    status: string;
    proof_hash: string | null;
  };
  /** `RecordedFacts` as JSON. */
  decided_facts: { action_id: string; at: number; body: string };
  /** `RowsPreview` as JSON: rows of databases, for people alone. */
  rows_previews: { action_id: string; at: number; body: string };
  /** The same of a plan's steps: `PreviewedStep[]` as JSON, for the plan as it stands by its digest. */
  plan_rows_previews: { plan_id: string; digest: string; at: number; body: string };
  /** The policies that were in force; `body` is the text, `actor` who put it there, as JSON. */
  policy_versions: { id: string; version: string; at: number; actor: string; reason: string | null; body: string };
  /** Where the shadow would have decided otherwise: `PolicyDifference` as JSON. */
  shadow_decisions: { action_id: string; version: string; at: number; body: string };
  /** Circuit breakers that are not simply closed. `due_at` is when time changes it, `state` a `BreakerState` as JSON. */
  breakers: { owner_kind: string; owner_id: string; guardrail: string; status: string; due_at: number | null; state: string };
  /** `Grant` as JSON. */
  grants: { id: string; agent: string; at: number; expires_at: number; ended_at: number | null; body: string };
  /** `ReviewOutcome` as JSON. */
  run_reviews: { id: string; run_id: string; at: number; body: string };
  /** `Plan` as JSON. */
  plans: {
    id: string;
    run_id: string;
    status: string;
    created_at: number;
    expires_at: number;
    holds_until: number | null;
    ended_at: number | null;
    body: string;
  };
  /** `Undo` as JSON. */
  undos: { id: string; run_id: string; at: number; status: string; body: string };
  canaries: { id: string; agent: string; command: string; planted_at: number; proven_at: number | null };
  run_log: { run_id: string; seq: number; at: number; stream: string; text: string };
  idempotency_keys: { principal: string; key: string; request_hash: string; answer: string; at: number };
  audit_entries: {
    seq: number;
    at: number;
    type: string;
    actor_kind: string;
    actor_id: string;
    actor_via: string | null;
    run_id: string | null;
    action_id: string | null;
    body: string;
    leaf_hash: string;
    head: string;
  };
}
