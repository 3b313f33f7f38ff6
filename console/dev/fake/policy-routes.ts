import { PullcordError, type ReplacePolicy } from "@pullcord/sdk/protocol";
import { backtestPolicy, checkPolicy, conditions, policyInForce, replacePolicy, shadowOf, suggestionsOf } from "./policy.js";
import type { Route } from "./routes.js";
import { record, type FakeState } from "./state.js";

export const policyRoutes: readonly Route[] = [
  ["GET", /^\/v1\/policy$/u, ({ state }) => policyInForce(state)],
  ["PUT", /^\/v1\/policy$/u, ({ state, body }) => replacePolicy(state, body as unknown as ReplacePolicy)],
  ["POST", /^\/v1\/policy\/check$/u, ({ state, body }) => checkPolicy(state, body["text"] ?? "")],
  ["POST", /^\/v1\/policy\/backtest$/u, ({ state, body }) => backtestPolicy(state, body["text"] ?? "")],
  ["GET", /^\/v1\/policy\/conditions$/u, () => conditions],
  ["GET", /^\/v1\/policy\/suggestions$/u, ({ state }) => suggestionsOf(state)],
  ["GET", /^\/v1\/policy\/shadow$/u, ({ state }) => shadowOf(state)],
  ["PUT", /^\/v1\/policy\/shadow$/u, ({ state, body }) => setShadow(state, body["text"] ?? "")],
  ["DELETE", /^\/v1\/policy\/shadow$/u, ({ state }) => void setShadow(state, null)],
  [
    "GET",
    /^\/v1\/policy\/versions$/u,
    ({ state }) => ({ items: state.policy.versions.map(({ text: _text, ...version }) => version), next: null }),
  ],
  ["GET", /^\/v1\/policy\/versions\/(\w+)$/u, ({ state }, version) => textOf(state, version)],
];

function setShadow(state: FakeState, text: string | null) {
  state.policy.shadow = text === null ? null : { text, since: Date.now() };
  record(state, "policy.shadowed", { body: {} });
  return shadowOf(state);
}

function textOf(state: FakeState, version: string) {
  const found = state.policy.versions.find((one) => one.version === version);
  if (!found) throw new PullcordError("not_found", "unknown_version", "No such policy was in force here.");
  return { text: found.text };
}
