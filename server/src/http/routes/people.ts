import { z } from "@hono/zod-openapi";
import { bounds, PullcordError } from "@pullcord/sdk/protocol";
import { setTrust } from "../../commands/settings.js";
import { viewCapabilities, viewTrust } from "../../commands/trust-view.js";
import { makeSignInCode, signIn, signOut } from "../../commands/sign-in.js";
import { issueAgentToken, revokeToken } from "../../commands/tokens.js";
import { listAgentTokens } from "../../store/agent-tokens.js";
import { listAgents } from "../../store/agents.js";
import { listAutonomy } from "../../store/autonomy.js";
import { pageOf } from "../paging.js";
import { sessionCookie } from "../principal.js";
import { addRoute, type Serving } from "../route.js";
import { setTrust as setTrustBody } from "../schemas/human-acts.js";
import * as schemas from "../schemas/server.js";
import { personOf } from "./approvals.js";
import { runParams } from "./runs.js";

/** Sessions of people, and agents with their tokens and trust. @param address how people reach the console */
export function addPeopleRoutes(serving: Serving, address: () => string): void {
  addSessions(serving);
  addHere(serving);
  addSignInLinks(serving, address);
  addAgents(serving);
  addTokens(serving);
}

function addSessions(serving: Serving): void {
  const { runner } = serving;
  addRoute(serving, {
    method: "post",
    path: "/v1/sessions",
    tag: "people",
    summary: "Sign in with a one-time code",
    who: "anyone",
    body: schemas.signIn,
    answer: schemas.openedSession,
    handle: async ({ body, caller, context }) => {
      const { session, token } = await runner.run(signIn, body, { ...caller, idempotencyKey: undefined });
      if (body.kind === "cli") return { ...session, token };
      const maxAge = Math.floor((session.expiresAt - runner.now) / 1000);
      context.header("set-cookie", `${sessionCookie}=${token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAge}`);
      return session;
    },
  });
  addRoute(serving, {
    method: "get",
    path: "/v1/session",
    tag: "people",
    summary: "Who is signed in",
    who: "viewer",
    answer: schemas.session,
    handle: ({ principal }) => {
      if (principal?.kind !== "person") throw new PullcordError("forbidden", "people_only", "Agents have no session.");
      return Promise.resolve(principal.session);
    },
  });
  addRoute(serving, {
    method: "delete",
    path: "/v1/session",
    tag: "people",
    summary: "Sign out",
    who: "viewer",
    handle: async ({ principal, caller, context }) => {
      if (principal?.kind !== "person") return;
      await runner.run(signOut, { tokenHash: principal.tokenHash }, caller);
      context.header("set-cookie", `${sessionCookie}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0`);
    },
  });
}

function addHere(serving: Serving): void {
  addRoute(serving, {
    method: "post",
    path: "/v1/here",
    tag: "people",
    summary: "Say that a person is there: starts the dead man's timer anew",
    who: "viewer",
    body: z.strictObject({}),
    answer: schemas.here,
    handle: async () => {
      await serving.watch.note();
      return { personSilent: serving.runner.outside.policy().oversight.personSilent };
    },
  });
}

function addSignInLinks(serving: Serving, address: () => string): void {
  const { runner } = serving;
  addRoute(serving, {
    method: "post",
    path: "/v1/sign-in-links",
    tag: "people",
    summary: "A one-time sign-in link for oneself, for another device",
    who: "viewer",
    body: z.strictObject({}),
    answer: schemas.signInLink,
    handle: async ({ principal, caller }) => {
      const made = await runner.run(makeSignInCode, { personId: personOf(principal).id }, { ...caller, idempotencyKey: undefined });
      return { url: signInUrl(address(), made.code), expiresAt: made.expiresAt };
    },
  });
}

/** The code rides in the fragment, which no server or log ever sees. */
export function signInUrl(address: string, code: string): string {
  return `${address}/sign-in#code=${code}`;
}

const agentName = z.object({ name: z.string().max(bounds.nameLength) });

function addAgents(serving: Serving): void {
  const { runner } = serving;
  const { store } = runner;
  addRoute(serving, {
    method: "get",
    path: "/v1/agents",
    tag: "agents",
    summary: "Known agents with their trust",
    who: "viewer",
    answer: pageOf(schemas.agent, "Agent"),
    handle: async () => {
      const agents = await listAgents(store.read);
      const dials = await listAutonomy(store.read);
      const items = agents.map(({ trust, ...known }) => ({
        ...known,
        trustTier: trust.tier,
        trust: viewCapabilities(trust, runner.now),
        autonomy: dials.find(({ scope }) => scope.kind === "agent" && scope.id === known.name)?.level ?? null,
      }));
      return { items, next: null };
    },
  });
  addRoute(serving, {
    method: "get",
    path: "/v1/agents/{name}/trust",
    tag: "agents",
    summary: "What an agent has earned, by type of action, with its history",
    who: "viewer",
    params: agentName,
    answer: schemas.agentTrust,
    handle: ({ params }) => viewTrust(store.read, params.name, runner.now),
  });
  addRoute(serving, {
    method: "put",
    path: "/v1/agents/{name}/trust",
    tag: "agents",
    summary: "Set an agent's trust tier, for one type of action or for all",
    who: "admin",
    params: agentName,
    body: setTrustBody,
    handle: ({ params, body, caller }) => runner.run(setTrust, { agent: params.name, ...body }, caller),
  });
}

function addTokens(serving: Serving): void {
  const { runner } = serving;
  addRoute(serving, {
    method: "post",
    path: "/v1/agent-tokens",
    tag: "agents",
    summary: "Issue an agent token; its secret is shown this once",
    who: "admin",
    body: schemas.issueAgentToken,
    answer: schemas.issuedAgentToken,
    handle: ({ body, caller }) => runner.run(issueAgentToken, body, { ...caller, idempotencyKey: undefined }),
  });
  addRoute(serving, {
    method: "get",
    path: "/v1/agent-tokens",
    tag: "agents",
    summary: "Agent tokens, without their secrets",
    who: "viewer",
    answer: pageOf(schemas.agentToken, "AgentToken"),
    handle: async () => ({ items: await listAgentTokens(runner.store.read), next: null }),
  });
  addRoute(serving, {
    method: "delete",
    path: "/v1/agent-tokens/{id}",
    tag: "agents",
    summary: "Revoke an agent token",
    who: "operator",
    params: runParams,
    handle: ({ params, caller }) => runner.run(revokeToken, { id: params.id }, caller),
  });
}
