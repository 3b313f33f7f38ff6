import { z } from "@hono/zod-openapi";
import {
  approvalLevels,
  bounds,
  type Backtest,
  type CaseResult,
  type PolicyChange,
  type PolicyCheck,
  type PolicyHelp,
  type PolicyDifference,
  type PolicyInForce,
  type PolicyOutcome,
  type PolicyProblem,
  type PolicyShadow,
  type PolicySuggestion,
  type PolicyVersion,
  type ReplacePolicy,
} from "@pullcord/sdk/protocol";
import { decisionReason } from "./actions.js";
import { actor, effect, time } from "./words.js";

const text = z.string().max(bounds.policyTextLength);
const level = z.enum(approvalLevels);
/** Recorded actions that a backtest decides again at most, and unless it is told. */
const mostReplayed = 100_000;
const defaultReplayed = 10_000;

export const policyProblem = z.object({
  file: z.string(),
  line: z.int().nullable(),
  column: z.int().nullable(),
  sentence: z.string(),
}) satisfies z.ZodType<PolicyProblem>;

export const policyInForce = z
  .object({ version: z.string(), file: z.string().nullable(), text: z.string(), loadedAt: time, problem: policyProblem.nullable() })
  .openapi("PolicyInForce") satisfies z.ZodType<PolicyInForce>;

export const policyText = z.strictObject({ text }).openapi("PolicyText");
export const replacePolicy = z
  .strictObject({ text, base: z.string().max(bounds.nameLength), reason: z.string().max(bounds.textLength).exactOptional() })
  .openapi("ReplacePolicy") satisfies z.ZodType<ReplacePolicy>;
export const checkPolicy = z.strictObject({ text, cases: text.optional() }).openapi("CheckPolicy");
export const backtestPolicy = z
  .strictObject({ text, most: z.int().min(1).max(mostReplayed).default(defaultReplayed) })
  .openapi("BacktestPolicy");

const caseResult = z.object({
  name: z.string(),
  line: z.int().nullable(),
  ok: z.boolean(),
  expected: z.object({ effect, rule: z.string().exactOptional(), level: level.exactOptional() }),
  got: z.object({ effect, level, reasons: z.array(decisionReason) }),
}) satisfies z.ZodType<CaseResult>;

const policyChange = z.object({
  kind: z.enum(["added", "removed", "changed"]),
  what: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
  direction: z.enum(["looser", "tighter"]).nullable(),
}) satisfies z.ZodType<PolicyChange>;

export const policyCheck = z
  .object({
    problem: policyProblem.nullable(),
    changes: z.array(policyChange),
    cases: z.array(caseResult),
    casesText: z.string().nullable(),
  })
  .openapi("PolicyCheck") satisfies z.ZodType<PolicyCheck>;

const outcome = z.object({
  effect,
  level,
  sentence: z.string(),
  rule: z.string().exactOptional(),
  line: z.int().exactOptional(),
}) satisfies z.ZodType<PolicyOutcome>;

const policyDifference = z
  .object({
    description: z.string(),
    agent: z.string(),
    score: z.number(),
    before: outcome,
    after: outcome,
    count: z.int(),
    actionIds: z.array(z.string()),
    lastAt: time,
  })
  .openapi("PolicyDifference") satisfies z.ZodType<PolicyDifference>;

const changed = z.record(z.string(), z.int());

export const backtest = z
  .object({
    replayed: z.int(),
    leftOut: z.int(),
    from: time.nullable(),
    to: time.nullable(),
    reachesBackTo: time.nullable(),
    changed,
    differences: z.array(policyDifference),
    unlisted: z.int(),
  })
  .openapi("Backtest") satisfies z.ZodType<Backtest>;

const policyShadow = z.object({
  version: z.string(),
  text: z.string(),
  since: time,
  compared: z.int(),
  changed,
  differences: z.array(policyDifference),
}) satisfies z.ZodType<PolicyShadow>;
export const policyShadowAnswer = z.object({ shadow: policyShadow.nullable() }).openapi("PolicyShadow");

const policySuggestion = z.object({
  id: z.string(),
  rule: z.string(),
  sentence: z.string(),
  saved: z.int(),
  letThrough: z.array(policyDifference),
  text: z.string(),
  base: z.string(),
}) satisfies z.ZodType<PolicySuggestion>;
export const policySuggestions = z.object({ items: z.array(policySuggestion) }).openapi("PolicySuggestions");

export const policyVersion = z
  .object({ version: z.string(), at: time, by: actor, reason: z.string().exactOptional() })
  .openapi("PolicyVersion") satisfies z.ZodType<PolicyVersion>;

const policyCondition = z.object({ key: z.string(), description: z.string() });

export const policyConditions = z
  .object({ items: z.array(policyCondition), settings: z.array(policyCondition) })
  .openapi("PolicyHelp") satisfies z.ZodType<PolicyHelp>;
