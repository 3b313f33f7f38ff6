import { z } from "@hono/zod-openapi";
import {
  decisionSteps,
  bounds,
  outcomeStatuses,
  previewTopics,
  type Action,
  type ActionAnswer,
  type ActionState,
  type Decision,
  type ProposedAction,
  type ReportOutcome,
  type RiskAssessment,
  type SafePointAnswer,
} from "@pullcord/sdk/protocol";
import {
  actionType,
  approvalLevel,
  autonomyLevel,
  autonomySource,
  effect,
  jsonObject,
  name,
  reversibility,
  riskLevel,
  text,
  time,
  trustTier,
} from "./words.js";
import { limitBasis, usage } from "./limits.js";

const score = z.number().min(0).max(100);
const digest = z.string().regex(/^[0-9a-f]{64}$/);
/** Arguments may be as large as the body that carries them. */
const path = z.string().max(bounds.textLength);

export const proposedAction = z
  .strictObject({
    type: actionType,
    arguments: jsonObject,
    tool: z.strictObject({ name, input: jsonObject }).exactOptional(),
    workingDirectory: path.exactOptional(),
    environment: name.exactOptional(),
    claim: z
      .strictObject({
        description: text.exactOptional(),
        reason: text.exactOptional(),
        risk: score.exactOptional(),
        reversibility: reversibility.exactOptional(),
        confidence: z.number().min(0).max(1).exactOptional(),
      })
      .exactOptional(),
    externalId: name.exactOptional(),
    subagent: z.strictObject({ id: name, type: name.exactOptional() }).exactOptional(),
    expiresInMs: z.int().min(1).max(bounds.approvalWaitMs).exactOptional(),
  })
  .openapi("ProposedAction") satisfies z.ZodType<ProposedAction>;

export const affectedNames = z.object({ first: z.array(z.string()), count: z.int() });

const modelReview = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("given"), model: z.string(), scoreBefore: score, addedRisk: score, concerns: z.array(z.string()) }),
  z.object({ kind: z.literal("missing"), model: z.string(), why: z.string() }),
]);

export const riskAssessment = z
  .object({
    score,
    level: riskLevel,
    factors: z.array(
      z.object({
        name: z.string(),
        score,
        sentence: z.string(),
        evidence: z.string().exactOptional(),
        isDestructive: z.literal(true).exactOptional(),
      }),
    ),
    reversibility,
    understood: z.boolean(),
    affected: z.object({
      reads: affectedNames,
      writes: affectedNames,
      deletes: affectedNames,
      programs: affectedNames,
      hosts: affectedNames,
      databases: affectedNames,
    }),
    alternatives: z.array(z.object({ text: z.string(), sentence: z.string(), score })),
    preview: z.array(z.object({ about: z.enum(previewTopics), sentence: z.string(), query: z.string().exactOptional() })).exactOptional(),
    modelReview: modelReview.exactOptional(),
  })
  .openapi("RiskAssessment") satisfies z.ZodType<RiskAssessment>;

export const decisionReason = z.object({
  step: z.enum(decisionSteps),
  sentence: z.string(),
  rule: z.string().exactOptional(),
  line: z.int().min(1).exactOptional(),
});

const decisionBasis = z.object({
  autonomySet: autonomyLevel,
  autonomyFrom: autonomySource,
  breakGlassId: z.string().exactOptional(),
  counters: z.object({
    filesTouched: z.int(),
    touchedAgain: z.int(),
    recentFailures: z.int(),
    recentEnded: z.int(),
    calls: z.int(),
    openQuestions: z.int(),
  }),
  authorisedMs: z.number().exactOptional(),
  limits: limitBasis.exactOptional(),
});

export const decision = z
  .object({
    effect,
    reasons: z.array(decisionReason),
    obligations: z.array(z.union([z.object({ kind: z.literal("notify") }), z.object({ kind: z.literal("snapshot") })])),
    approvalLevel,
    breakGlassId: z.string().exactOptional(),
    grantId: z.string().exactOptional(),
    planStep: z.object({ plan: z.string(), number: z.int().min(1), isAnswer: z.boolean() }).exactOptional(),
    deviatesFrom: z.string().exactOptional(),
    policyVersion: z.string(),
    autonomy: autonomyLevel,
    trustTier,
    basis: decisionBasis.exactOptional(),
    types: z.array(actionType),
    at: time,
  })
  .openapi("Decision") satisfies z.ZodType<Decision>;

const outcome = z.object({
  status: z.enum(outcomeStatuses),
  summary: z.string().max(bounds.textLength).exactOptional(),
  durationMs: z.number().min(0).exactOptional(),
});

export const reportOutcome = z
  .strictObject({ ...outcome.shape, approvedAtTerminal: z.boolean().exactOptional(), usage: usage.exactOptional() })
  .openapi("ReportOutcome") satisfies z.ZodType<ReportOutcome>;

const ended = { at: time, outcome };
const actionState = z
  .discriminatedUnion("status", [
    z.object({ status: z.literal("held"), at: time }),
    z.object({ status: z.literal("allowed") }),
    z.object({ status: z.literal("waiting"), approvalRequestId: z.string() }),
    z.object({ status: z.literal("approved"), approvalRequestId: z.string() }),
    z.object({ status: z.literal("running"), startedAt: time }),
    z.object({ status: z.literal("denied"), at: time, reason: z.string() }),
    z.object({ status: z.literal("succeeded"), ...ended }),
    z.object({ status: z.literal("failed"), ...ended }),
    z.object({ status: z.literal("skipped"), ...ended }),
    z.object({ status: z.literal("cancelled"), at: time, reason: z.string() }),
  ])
  .openapi("ActionState") satisfies z.ZodType<ActionState>;

export const action = z
  .object({
    id: z.string(),
    runId: z.string(),
    agent: z.string(),
    digest,
    proposed: proposedAction,
    approvedArguments: jsonObject.exactOptional(),
    approvedDigest: digest.exactOptional(),
    assessment: riskAssessment.nullable(),
    decision: decision.nullable(),
    state: actionState,
    proposedAt: time,
  })
  .openapi("Action") satisfies z.ZodType<Action>;

const instructions = z.array(z.object({ interventionId: z.string(), text: z.string() }));

export const actionAnswer = z
  .object({
    action,
    next: z.enum(["run", "consume", "wait", "deny"]),
    guidance: z.string(),
    stop: z.boolean(),
    dialogMayAnswer: z.boolean(),
    instructions,
  })
  .openapi("ActionAnswer") satisfies z.ZodType<ActionAnswer>;

export const safePointAnswer = z
  .object({ status: z.enum(["running", "paused", "stopped", "finished"]), guidance: z.string(), instructions })
  .openapi("SafePointAnswer") satisfies z.ZodType<SafePointAnswer>;

export const startAction = z.strictObject({ digest }).openapi("StartAction");
export const withdrawal = z.strictObject({ reason: text }).openapi("Withdrawal");
