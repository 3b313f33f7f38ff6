import {
  PullcordError,
  type Action,
  type Agent,
  type AgentTrust,
  type BreakGlass,
  type Intervene,
  type IssueWebhookToken,
  type Resolve,
  type RunningProcesses,
  type SetAutonomy,
  type SetTrust,
} from "@pullcord/sdk/protocol";
import { beginPresence, completePresence, samplePresence } from "./presence.js";
import { intervene, resolve } from "./acts.js";
import { id } from "./actions.js";
import { setAutonomy } from "./dials.js";
import { explain } from "./explain.js";
import { endGrant, grantOptionsOf } from "./grants.js";
import { planRoutes } from "./plans.js";
import { limitRoutes } from "./limits.js";
import { policyRoutes } from "./policy-routes.js";
import { record, refreshStatus, type FakeState } from "./state.js";
import { stopReceipt, stopTimes } from "./stops.js";
import { listed } from "./rows.js";
import { reviewRoutes } from "./reviews.js";
import { changesOf, makeUndo, previewUndo } from "./undos.js";
import { endWebhook, makeWebhook } from "./webhooks.js";

export interface FakeCall {
  readonly state: FakeState;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, never>>;
}

export type Route = readonly [method: string, path: RegExp, act: (call: FakeCall, part: string) => unknown];

const routes: readonly Route[] = [
  ["GET", /^\/v1\/status$/u, ({ state }) => (refreshStatus(state), state.status)],
  ["GET", /^\/v1\/session$/u, ({ state }) => session(state)],
  ["POST", /^\/v1\/sessions$/u, ({ state, body }) => signIn(state, body["code"] ?? "")],
  ["DELETE", /^\/v1\/session$/u, ({ state }) => void (state.signedIn = false)],
  ["POST", /^\/v1\/sign-in-links$/u, () => ({ url: "http://127.0.0.1:7420/sign-in#code=4Q2N-8XKM-T7RP", expiresAt: Date.now() + 600_000 })],
  [
    "GET",
    /^\/v1\/runs$/u,
    ({ state, query }) =>
      page(
        [...state.runs.values()]
          .filter((run) => !query.get("status") || run.state.status === query.get("status"))
          .toSorted((a, b) => b.openedAt - a.openedAt),
      ),
  ],
  ["GET", /^\/v1\/runs\/(\w+)$/u, ({ state }, run) => found(state.runs.get(run))],
  ["GET", /^\/v1\/runs\/(\w+)\/actions$/u, ({ state }, run) => page(state.actions.get(run) ?? [])],
  ["GET", /^\/v1\/runs\/(\w+)\/processes$/u, () => sampleProcesses],
  ["GET", /^\/v1\/runs\/(\w+)\/changes$/u, ({ state }, run) => changesOf(state, run)],
  ["GET", /^\/v1\/undos$/u, ({ state, query }) => page(state.undos.filter((one) => !query.get("run") || one.runId === query.get("run")))],
  ["POST", /^\/v1\/undo-previews$/u, ({ state, body }) => previewUndo(state, body)],
  ["POST", /^\/v1\/undos$/u, ({ state, body }) => makeUndo(state, body)],
  ["GET", /^\/v1\/undos\/(\w+)$/u, ({ state }, undo) => found(state.undos.find((one) => one.id === undo))],
  ...reviewRoutes,
  ...planRoutes,
  ...limitRoutes,
  ["GET", /^\/v1\/runs\/(\w+)\/log$/u, ({ state }, run) => ({ items: state.logs.get(run) ?? [] })],
  [
    "GET",
    /^\/v1\/actions\/(\w+)$/u,
    ({ state }, action) => found([...state.actions.values()].flat().find((one: Action) => one.id === action)),
  ],
  ["GET", /^\/v1\/actions\/(\w+)\/explanation$/u, ({ state }, action) => explain(state, action)],
  [
    "GET",
    /^\/v1\/approval-requests$/u,
    ({ state, query }) =>
      page([...state.requests.values()].filter((one) => !query.get("status") || one.status === query.get("status")).map(listed)),
  ],
  ["GET", /^\/v1\/approval-requests\/(\w+)$/u, ({ state }, request) => found(state.requests.get(request))],
  [
    "POST",
    /^\/v1\/approval-requests\/(\w+)\/resolution$/u,
    ({ state, body }, request) => resolve(state, request, body as unknown as Resolve),
  ],
  ["POST", /^\/v1\/interventions$/u, ({ state, body }) => intervene(state, body as unknown as Intervene)],
  [
    "GET",
    /^\/v1\/interventions$/u,
    ({ state, query }) =>
      page([...state.interventions.values()].filter((one) => !query.get("run") || one.runIds.includes(query.get("run") ?? ""))),
  ],
  ["GET", /^\/v1\/interventions\/(\w+)\/receipt$/u, ({ state }, one) => stopReceipt(state, state.interventions.get(one))],
  ["GET", /^\/v1\/stop-times$/u, () => stopTimes()],
  ["GET", /^\/v1\/interventions\/(\w+)$/u, ({ state }, one) => found(state.interventions.get(one))],
  ["GET", /^\/v1\/autonomy$/u, ({ state }) => page(state.dials.filter(({ scope }) => scope.kind !== "run"))],
  ["PUT", /^\/v1\/autonomy$/u, ({ state, body }) => setAutonomy(state, body as unknown as SetAutonomy)],
  ["GET", /^\/v1\/agents$/u, ({ state }) => page(state.agents)],
  ["GET", /^\/v1\/agents\/([^/]+)\/trust$/u, ({ state }, agent) => trustOf(found(state.agents.find((one) => one.name === agent)))],
  ["PUT", /^\/v1\/agents\/([^/]+)\/trust$/u, ({ state, body }, agent) => setTrust(state, agent, body as unknown as SetTrust)],
  ["GET", /^\/v1\/agent-tokens$/u, ({ state }) => page(state.tokens)],
  ["POST", /^\/v1\/agent-tokens$/u, ({ state, body }) => issue(state, body["agent"] ?? "agent")],
  ["DELETE", /^\/v1\/agent-tokens\/(\w+)$/u, ({ state }, token) => revoke(state, token)],
  ["POST", /^\/v1\/here$/u, () => ({ personSilent: null })],
  ["GET", /^\/v1\/webhook-tokens$/u, ({ state }) => page(state.webhooks)],
  ["POST", /^\/v1\/webhook-tokens$/u, ({ state, body }) => makeWebhook(state, body as unknown as IssueWebhookToken)],
  ["DELETE", /^\/v1\/webhook-tokens\/(\w+)$/u, ({ state }, token) => endWebhook(state, token)],
  ...policyRoutes,
  ["GET", /^\/v1\/grants$/u, ({ state }) => page(state.grants)],
  ["DELETE", /^\/v1\/grants\/(\w+)$/u, ({ state }, grant) => endGrant(state, grant)],
  ["GET", /^\/v1\/approval-requests\/(\w+)\/grant-options$/u, ({ state }, request) => grantOptionsOf(state, request)],
  [
    "GET",
    /^\/v1\/audit$/u,
    ({ state, query }) =>
      page(
        state.audit
          .filter(
            (entry) =>
              (!query.get("type") || entry.type === query.get("type")) && (!query.get("actor") || entry.actor.id === query.get("actor")),
          )
          .toReversed(),
      ),
  ],
  ["GET", /^\/v1\/audit\/verification$/u, ({ state }) => ({ ok: true, entries: state.audit.length, head: state.audit.at(-1)?.head ?? "" })],
  ["GET", /^\/v1\/break-glass$/u, ({ state }) => page(state.uses.toReversed())],
  ["POST", /^\/v1\/break-glass$/u, ({ state, body }) => breakGlass(state, body as unknown as BreakGlass)],
  ["DELETE", /^\/v1\/break-glass\/(\w+)$/u, ({ state }, use) => endBreakGlass(state, use)],
  ["GET", /^\/v1\/break-glass\/report$/u, () => report()],
  ["POST", /^\/v1\/presence-checks$/u, () => beginPresence()],
  ["POST", /^\/v1\/presence-checks\/(\w+)\/samples$/u, (_, check) => samplePresence(check)],
  ["POST", /^\/v1\/presence-checks\/(\w+)\/completion$/u, (_, check) => completePresence(check)],
];

export function answer(call: FakeCall): unknown {
  for (const [method, path, act] of routes) {
    const match = method === call.method ? path.exec(call.path) : null;
    if (match) return act(call, decodeURIComponent(match[1] ?? ""));
  }
  throw new PullcordError("not_found", "no_route", `The in-memory server has no ${call.method} ${call.path}.`);
}

function page<T>(items: readonly T[]) {
  return { items, next: null };
}

function found<T>(item: T | undefined): T {
  if (item === undefined) throw new PullcordError("not_found", "unknown_id", "There is nothing with this id.");
  return item;
}

function session(state: FakeState) {
  if (!state.signedIn) throw new PullcordError("unauthenticated", "signed_out", "Nobody is signed in here.");
  return {
    person: { id: "ada", name: "Ada Lovelace", role: "admin" },
    kind: "console",
    requestToken: "w",
    expiresAt: Date.now() + 3_600_000,
  };
}

function signIn(state: FakeState, code: string) {
  if (code === "used") throw new PullcordError("expired", "code_used", "This sign-in link was used already.");
  state.signedIn = true;
  return session(state);
}

function setTrust(state: FakeState, name: string, { tier, capability }: SetTrust): void {
  for (const agent of state.agents.filter((one) => one.name === name)) {
    const trust = agent.trust.map((one) => (one.capability === capability ? { ...one, tier, proposed: null, at: Date.now() } : one));
    replace(state.agents, (one) => one === agent, capability ? { trust } : { trustTier: tier, trust: [] });
  }
  record(state, "trust.changed", { body: { agent: name, tier, ...(capability && { capability }) } });
}

/** A history in steps towards where each capability stands. */
function trustOf({ name, trustTier, trust }: Agent): AgentTrust {
  const steps = 12;
  const betweenMs = 17 * 3_600_000;
  const capabilities = trust.map((one) => ({
    ...one,
    history: Array.from({ length: steps }, (_, step) => {
      const score = 0.45 + (one.score - 0.45) * (step / steps) ** 2;
      return { at: one.at - (steps - step) * betweenMs, score, tier: one.tier };
    }),
  }));
  return { agent: name, tier: trustTier, limits: { calls: 50, files: 5 }, capabilities };
}

function issue(state: FakeState, agent: string) {
  const token = { id: id("t"), agent, issuedAt: Date.now(), expiresAt: null, revokedAt: null, isForRun: false };
  state.tokens.push(token);
  record(state, "agent_token.issued", { body: { agent } });
  return { ...token, secret: "pca_7Qm2xV9rT4nK8sW1yB6dF3hJ5pL0cZ" };
}

function revoke(state: FakeState, token: string): void {
  replace(state.tokens, (one) => one.id === token, { revokedAt: Date.now() });
  record(state, "agent_token.revoked", { body: { id: token } });
}

function breakGlass(state: FakeState, { scope, durationMs, reason }: BreakGlass) {
  const at = Date.now();
  const use = {
    id: id("b"),
    scope,
    by: { kind: "person" as const, id: "ada" },
    at,
    expiresAt: at + durationMs,
    actions: 0,
    ...(reason && { reason }),
  };
  state.uses.push(use);
  record(state, "break_glass.used", { body: { id: use.id } });
  return use;
}

function endBreakGlass(state: FakeState, use: string) {
  replace(state.uses, (one) => one.id === use, { endedAt: Date.now() });
  record(state, "break_glass.ended", { body: { id: use } });
  return state.uses.find((one) => one.id === use);
}

function replace<T>(items: T[], matches: (item: T) => boolean, change: Partial<T>): void {
  const at = items.findIndex(matches);
  const item = items[at];
  if (item) items[at] = { ...item, ...change };
}

function report() {
  const dayMs = 86_400_000;
  const to = Date.now();
  const days = Array.from({ length: 30 }, (_, index) => ({
    day: new Date(to - (29 - index) * dayMs).toISOString().slice(0, 10),
    uses: [0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 1, 0, 0, 5, 3, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0][index] ?? 0,
    gatedDecisions: 120 + ((index * 37) % 90),
  }));
  const uses = days.reduce((sum, day) => sum + day.uses, 0);
  const gatedDecisions = days.reduce((sum, day) => sum + day.gatedDecisions, 0);
  return { from: to - 30 * dayMs, to, uses, gatedDecisions, rate: uses / gatedDecisions, days };
}

const sampleProcesses: RunningProcesses = {
  items: [
    { pid: 4181, parent: 1, command: "claude", state: "waiting" },
    { pid: 4212, parent: 4181, command: "bash -c npm test -- cart", state: "waiting" },
    { pid: 4213, parent: 4212, command: "node node_modules/.bin/vitest run cart", state: "working" },
  ],
  unseen: null,
};
