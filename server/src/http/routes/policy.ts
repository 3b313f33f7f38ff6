import {
  bounds,
  PullcordError,
  type CaseResult,
  type PolicyHelp,
  type PolicyInForce,
  type PolicyProblem,
  type ReplacePolicy,
} from "@pullcord/sdk/protocol";
import { z } from "@hono/zod-openapi";
import { backtest } from "../../commands/backtest.js";
import { recordPolicyChange, setShadow, shadowView } from "../../commands/policy-acts.js";
import { suggestRules } from "../../commands/suggest.js";
import { diffPolicies } from "../../domain/policy/diff.js";
import type { PolicyDocument, RuleDocument } from "../../domain/policy/document.js";
import type { Policy } from "../../domain/policy/policy.js";
import { findPolicyText, listPolicyVersions } from "../../store/policy-versions.js";
import { page, pageOf, pageQuery, readTimeCursor, timeCursor } from "../paging.js";
import { addRoute, type Serving } from "../route.js";
import * as schemas from "../schemas/policy.js";

/** A policy made of a text that need not be in force. */
interface Candidate {
  readonly policy: Policy;
  readonly text: string;
  close(): void;
}

/** What can be done with policies; wired by app.ts. */
export interface PolicyDesk {
  inForce(): PolicyInForce;
  help(): PolicyHelp;
  policy(): Policy;
  shadow(): Policy | null;
  load(text: string): Promise<{ readonly ok: Candidate } | { readonly problem: PolicyProblem }>;
  document(text: string): PolicyDocument;
  cases(text: string, policy: Policy): { readonly ok: readonly CaseResult[] } | { readonly problem: PolicyProblem };
  /** The cases beside the policy file; null where there are none. */
  casesText(): Promise<string | null>;
  replace(
    replace: ReplacePolicy,
    record: (loaded: { readonly policy: Policy; readonly text: string }) => Promise<void>,
  ): Promise<PolicyInForce>;
  setShadow(text: string | null): Promise<Policy | null>;
  addRule(text: string, rule: RuleDocument): { readonly text: string; readonly rule: string };
}

const tag = "policy";

/** The action policy: what is in force, what would change, what was. */
export function addPolicyRoutes(serving: Serving, desk: PolicyDesk): void {
  addText(serving, desk);
  addVersions(serving);
  addTrials(serving, desk);
  addShadow(serving, desk);
}

function addText(serving: Serving, desk: PolicyDesk): void {
  const { runner } = serving;
  addRoute(serving, {
    method: "get",
    path: "/v1/policy",
    tag,
    summary: "The action policy in force",
    who: "viewer",
    answer: schemas.policyInForce,
    handle: () => Promise.resolve(desk.inForce()),
  });
  addRoute(serving, {
    method: "put",
    path: "/v1/policy",
    tag,
    summary: "Put a policy text in force, and into the policy file",
    who: "admin",
    body: schemas.replacePolicy,
    largestBodyBytes: bounds.policyBodyBytes,
    answer: schemas.policyInForce,
    handle: ({ body, caller }) =>
      desk.replace(body, ({ policy, text }) =>
        runner.run(recordPolicyChange, { version: policy.version, file: desk.inForce().file, text, reason: body.reason }, caller),
      ),
  });
  addRoute(serving, {
    method: "get",
    path: "/v1/policy/conditions",
    tag,
    summary: "What a rule can test, and what else a policy file can say",
    who: "viewer",
    answer: schemas.policyConditions,
    handle: () => Promise.resolve(desk.help()),
  });
  addRoute(serving, {
    method: "post",
    path: "/v1/policy/check",
    tag,
    summary: "Whether a policy text is sound, what it would change, and what its test cases come to",
    who: "viewer",
    body: schemas.checkPolicy,
    largestBodyBytes: bounds.policyBodyBytes,
    answer: schemas.policyCheck,
    handle: ({ body }) => check(desk, body.text, body.cases),
  });
}

async function check(desk: PolicyDesk, text: string, given: string | undefined) {
  const loaded = await desk.load(text);
  if ("problem" in loaded) return { problem: loaded.problem, changes: [], cases: [], casesText: given ?? (await desk.casesText()) };
  try {
    const casesText = given ?? (await desk.casesText());
    const ran = casesText === null ? { ok: [] } : desk.cases(casesText, loaded.ok.policy);
    const changes = diffPolicies(desk.document(desk.inForce().text), desk.document(text));
    return "problem" in ran
      ? { problem: ran.problem, changes, cases: [], casesText }
      : { problem: null, changes, cases: ran.ok, casesText };
  } finally {
    loaded.ok.close();
  }
}

function addVersions(serving: Serving): void {
  const { store } = serving.runner;
  addRoute(serving, {
    method: "get",
    path: "/v1/policy/versions",
    tag,
    summary: "The policies that were in force, the newest first, each with its author",
    who: "viewer",
    query: pageQuery,
    answer: pageOf(schemas.policyVersion, "PolicyVersion"),
    handle: async ({ query }) => {
      const rows = await listPolicyVersions(store.read, { cursor: readTimeCursor(query.cursor), limit: query.limit + 1 });
      return page(rows, query.limit, { item: ({ id: _id, ...version }) => version, cursor: ({ at, id }) => timeCursor(at, id) });
    },
  });
  addRoute(serving, {
    method: "get",
    path: "/v1/policy/versions/{version}",
    tag,
    summary: "The text of a policy that was in force",
    who: "viewer",
    params: z.object({ version: z.string().regex(/^[0-9a-f]{64}$/) }),
    answer: schemas.policyText,
    handle: async ({ params }) => {
      const text = await findPolicyText(store.read, params.version);
      if (text === null)
        throw new PullcordError("not_found", "unknown_version", `No policy of version ${params.version} was in force here.`);
      return { text };
    },
  });
}

function addTrials(serving: Serving, desk: PolicyDesk): void {
  const { store } = serving.runner;
  addRoute(serving, {
    method: "post",
    path: "/v1/policy/backtest",
    tag,
    summary: "Decide recorded history again by a policy text, and list every decision that would differ",
    who: "operator",
    body: schemas.backtestPolicy,
    largestBodyBytes: bounds.policyBodyBytes,
    answer: schemas.backtest,
    handle: async ({ body, signal }) => {
      const candidate = await loadOrThrow(desk, body.text);
      try {
        return await backtest(store.read, { before: desk.policy(), after: candidate.policy }, { most: body.most, signal });
      } finally {
        candidate.close();
      }
    },
  });
  addRoute(serving, {
    method: "get",
    path: "/v1/policy/suggestions",
    tag,
    summary: "Rules that would have saved questions, with all that they would have let through",
    who: "operator",
    answer: schemas.policySuggestions,
    handle: async () => {
      const base = desk.inForce().text;
      const withRule = async (rule: RuleDocument) => {
        const { text, rule: written } = desk.addRule(base, rule);
        return { ...(await loadOrThrow(desk, text)), rule: written };
      };
      return { items: await suggestRules(store.read, { policy: desk.policy(), withRule }) };
    },
  });
}

function addShadow(serving: Serving, desk: PolicyDesk): void {
  const { runner } = serving;
  const view = async () => ({ shadow: await shadowView(runner.store.read, desk.shadow()?.version ?? null) });
  addRoute(serving, {
    method: "get",
    path: "/v1/policy/shadow",
    tag,
    summary: "The policy that runs beside the one in force and only logs, and what it would have decided otherwise",
    who: "viewer",
    answer: schemas.policyShadowAnswer,
    handle: view,
  });
  addRoute(serving, {
    method: "put",
    path: "/v1/policy/shadow",
    tag,
    summary: "Let a policy text run beside the one in force",
    who: "operator",
    body: schemas.policyText,
    largestBodyBytes: bounds.policyBodyBytes,
    answer: schemas.policyShadowAnswer,
    handle: async ({ body, caller }) => {
      const shadow = await desk.setShadow(body.text);
      await runner.run(setShadow, shadow && { text: body.text, version: shadow.version }, caller);
      return view();
    },
  });
  addRoute(serving, {
    method: "delete",
    path: "/v1/policy/shadow",
    tag,
    summary: "End the shadow",
    who: "operator",
    handle: async ({ caller }) => {
      await desk.setShadow(null);
      await runner.run(setShadow, null, caller);
    },
  });
}

/** @throws PullcordError `invalid`/`policy` with the line */
async function loadOrThrow(desk: PolicyDesk, text: string): Promise<Candidate> {
  const loaded = await desk.load(text);
  if ("ok" in loaded) return loaded.ok;
  const { line, sentence } = loaded.problem;
  throw new PullcordError("invalid", "policy", line === null ? sentence : `Line ${line}: ${sentence}`, { field: "/text" });
}
