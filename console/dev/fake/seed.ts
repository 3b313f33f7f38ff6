import type { Action, AuditType, CapabilityStanding, JsonObject, LogLine, ServerStatus } from "@pullcord/sdk/protocol";
import { action, assessment, command, factor } from "./actions.js";
import { samplePlans } from "./plans.js";
import { sampleRequests } from "./requests.js";
import { sampleLimits } from "./limits.js";
import { fillRuns, ids } from "./sample-runs.js";
import { record, refreshStatus, type FakeState } from "./state.js";
import { seedPolicy } from "./policy.js";

const minute = 60_000;

/** What the in-memory server starts with. */
export function seed(now: number, empty = false): FakeState {
  const state: FakeState = {
    runs: new Map(),
    actions: new Map(),
    logs: new Map(),
    requests: new Map(),
    interventions: new Map(),
    agents: [],
    webhooks: [],
    policy: seedPolicy(empty),
    grants: [],
    limits: sampleLimits(),
    dials: [
      { scope: { kind: "agent", id: "codex" }, level: "ask_first", setAt: now - 120 * minute },
      { scope: { kind: "environment", id: "production" }, level: "ask_first", setAt: now - 26 * 60 * minute },
    ],
    plans: new Map(),
    undos: [],
    reviews: [],
    tokens: [],
    uses: [],
    audit: [],
    listeners: new Set(),
    signedIn: true,
    isDown: false,
    status: statusAt(now),
  };
  if (!empty) fill(state, now);
  refreshStatus(state);
  return state;
}

function statusAt(now: number): ServerStatus {
  return {
    version: "0.1.0",
    mode: "same-user",
    advisory: "Advisory: server and agents share one account of this machine, so an agent that sets out to could act as you.",
    startedAt: now - 190 * minute,
    database: "sqlite",
    policy: { version: "3f9a1c", file: "/home/ada/.pullcord/policy.yaml", loadedAt: now - 60 * minute, problem: null },
    killFile: { path: "/home/ada/.pullcord/STOP", present: false },
    autonomy: "ask_destructive",
    runs: { running: 0, paused: 0 },
    pendingRequests: 0,
    gateProvenAt: now - 12_000,
    breakGlass: { active: false, expiresAt: null },
    modelReview: {
      model: "small-reviewer",
      endpoint: "http://127.0.0.1:11434/v1",
      fromScore: 15,
      onFailure: "ask",
      pausedUntil: null,
      answered: 118,
      failed: 2,
      problem: null,
    },
  };
}

function fill(state: FakeState, now: number): void {
  fillRuns(state, now);
  for (const request of sampleRequests(ids, now)) state.requests.set(request.id, request);
  for (const plan of samplePlans(ids, now)) state.plans.set(plan.id, plan);
  state.actions.set(ids.shop, sampleActions(state, now));
  state.logs.set(ids.shop, sampleLog(now));
  state.agents.push(
    {
      name: "claude-code",
      trustTier: "supervised",
      trust: sampleTrust(now),
      autonomy: null,
      firstSeenAt: now - 9 * 24 * 60 * minute,
      runs: 41,
    },
    { name: "codex", trustTier: "restricted", trust: [], autonomy: "ask_first", firstSeenAt: now - 2 * 24 * 60 * minute, runs: 5 },
    { name: "deploy-bot", trustTier: "standard", trust: [], autonomy: null, firstSeenAt: now - 30 * 24 * 60 * minute, runs: 212 },
    { name: "docs-writer", trustTier: "restricted", trust: [], autonomy: null, firstSeenAt: now - 24 * 60 * minute, runs: 3 },
  );
  state.tokens.push(
    { id: "t4k7m2p9qa", agent: "claude-code", issuedAt: now - 9 * 24 * 60 * minute, expiresAt: null, revokedAt: null, isForRun: false },
    {
      id: "tb3n8r5s1c",
      agent: "deploy-bot",
      issuedAt: now - 30 * 24 * 60 * minute,
      expiresAt: now + 60 * 24 * 60 * minute,
      revokedAt: null,
      isForRun: true,
    },
  );
  state.uses.push({
    id: "b7c2d9e4fa",
    scope: { kind: "agent", id: "claude-code" },
    by: { kind: "person", id: "ada", via: "cli" },
    at: now - 3 * 24 * 60 * minute,
    expiresAt: now - 3 * 24 * 60 * minute + 5 * minute,
    reason: "The provider is down and the hotfix must go out",
    actions: 4,
  });
  sampleAudit(state, now);
}

function sampleActions(state: FakeState, now: number): Action[] {
  const agent = "claude-code";
  const quiet = assessment({ factors: [factor("reads_workspace", 2, "Reads inside the workspace.")], reversibility: "read_only" });
  const done = (text: string, minutes: number, summary: string): Action =>
    action({
      runId: ids.shop,
      agent,
      proposed: command(text),
      assessment: quiet,
      effect: "allow",
      sentence: "Reading is allowed at this autonomy level.",
      state: { status: "succeeded", at: now - minutes * minute, outcome: { status: "succeeded", summary, durationMs: 840 } },
      at: now - minutes * minute - 900,
    });
  const denied = action({
    runId: ids.shop,
    agent,
    proposed: command("git push --force origin main"),
    assessment: assessment({
      factors: [factor("rewrites_history", 78, ["Overwrites the history that others work on.", "--force"])],
      reversibility: "externally_reversible",
    }),
    effect: "deny",
    sentence: "Force pushes to main are denied by the policy.",
    state: { status: "denied", at: now - 8 * minute, reason: "Force pushes to main are denied by the policy." },
    at: now - 8 * minute,
  });
  const waiting = [...state.requests.values()]
    .filter((request) => request.runId === ids.shop)
    .map((request): Action => ({ ...request.action, state: { status: "waiting", approvalRequestId: request.id } }));
  return [
    ...waiting.toSorted((a, b) => b.proposedAt - a.proposedAt),
    done('rg -n "total\\(" src', 5, "14 matches"),
    denied,
    done("git status --short", 12, "clean"),
    done("cat package.json", 25, ""),
  ];
}

function sampleLog(now: number): LogLine[] {
  const texts = [
    "> shop@2.4.0 test",
    "> vitest run",
    " ✓ cart/total.test.js (9 tests) 41ms",
    " ✓ cart/price.test.js (4 tests) 12ms",
    " ❯ cart/discount.test.js (6 tests | 1 failed)",
    "   × never goes below zero",
    "AssertionError: expected -5 to be 0",
    "The discount is larger than the sum; clamping it.",
    " ✓ cart/discount.test.js (6 tests) 18ms",
    "Test Files  3 passed (3)",
  ];
  return texts.map((text, index) => ({
    seq: index + 1,
    at: now - (texts.length - index) * 4_000,
    stream: index === 6 ? "stderr" : index === 7 ? "note" : "stdout",
    text,
  }));
}

function sampleDrill(now: number): JsonObject {
  const clean = { rounds: 21, left: 0, unnamed: 0, unknown: 0 };
  return {
    startedAt: now - 15 * minute,
    tookMs: 9_400,
    machine: "linux 6.18.0, user 1000",
    isPassed: true,
    summaries: [
      { containment: "cgroup", ...clean, p50Ms: 24, p99Ms: 131 },
      { containment: "marker", ...clean, p50Ms: 61, p99Ms: 190 },
    ],
    missing: [{ containment: "freezer", reason: "this kind of control group is not mounted here" }],
  };
}

function sampleAudit(state: FakeState, now: number): void {
  const lines: readonly (readonly [AuditType, JsonObject, string?])[] = [
    ["server.started", { version: "0.1.0" }],
    ["person.signed_in", { person: "ada" }],
    ["policy.changed", { version: "3f9a1c", file: "policy.yaml" }],
    ["gate.proven", { agent: "claude-code" }],
    ["run.opened", { task: "Add discount codes to the cart" }, ids.shop],
    ["action.decided", { effect: "allow", type: "command_execute" }, ids.shop],
    ["action.decided", { effect: "deny", type: "command_execute", command: "git push --force origin main" }, ids.shop],
    ["action.decided", { effect: "require_approval", type: "database_modify" }, ids.shop],
    ["approval.requested", { level: "review" }, ids.shop],
    ["run.paused", { reason: "lunch" }, ids.paused],
    ["autonomy.changed", { scope: "agent codex", level: "ask_first" }],
    ["drill.recorded", sampleDrill(now)],
    ["intervention.made", { kind: "stop", scope: "run" }, ids.stopped],
  ];
  for (const [index, [type, body, runId]] of lines.entries()) {
    const system = ["server.started", "policy.changed", "gate.proven"].includes(type);
    record(state, type, {
      body,
      at: now - (lines.length - index) * 7 * minute,
      actor: system
        ? { kind: "system", id: "server" }
        : type.startsWith("action") || type === "run.opened"
          ? { kind: "agent", id: "claude-code" }
          : { kind: "person", id: "ada", via: "console" },
      ...(runId && { runId }),
    });
  }
}

/** One that rose and waits to be ratified, one that a failure threw back. */
function sampleTrust(now: number): CapabilityStanding[] {
  return [
    { capability: "file_write", tier: "supervised", score: 0.64, at: now - 12 * minute, proposed: "standard" },
    { capability: "command_execute", tier: "supervised", score: 0.41, at: now - 3 * minute, proposed: null },
    { capability: "network_request", tier: "restricted", score: 0.24, at: now - 50 * minute, proposed: null },
  ];
}
