import { z } from "@hono/zod-openapi";
import {
  bounds,
  planEnds,
  type ArrangePlan,
  type HandInPlan,
  type Plan,
  type PlanAnswer,
  type PlanStep,
  type ResolvePlan,
} from "@pullcord/sdk/protocol";
import { affectedNames, decision, proposedAction, riskAssessment } from "./actions.js";
import { resolution } from "./human-acts.js";
import { rowsPreview } from "./rows-preview.js";
import { actor, approvalLevel, approvalStatus, effect, jsonObject, reversibility, riskLevel, text, time } from "./words.js";

export const handInPlan = z
  .strictObject({
    steps: z.array(proposedAction).min(1).max(bounds.planSteps),
    summary: text.exactOptional(),
    expiresInMs: z.int().min(1).max(bounds.approvalWaitMs).exactOptional(),
  })
  .openapi("HandInPlan") satisfies z.ZodType<HandInPlan>;

const number = z.int().min(1).max(bounds.planSteps);
const digest = z.string().max(bounds.nameLength);

export const arrangePlan = z
  .strictObject({
    digest,
    steps: z.array(z.strictObject({ number, arguments: jsonObject.exactOptional() })).max(bounds.planSteps),
  })
  .openapi("ArrangePlan") satisfies z.ZodType<ArrangePlan>;

export const resolvePlan = z
  .strictObject({
    effect: z.enum(["approve", "deny"]),
    digest,
    reason: text.exactOptional(),
    presenceProof: z.string().max(bounds.nameLength).exactOptional(),
    forMs: z.int().min(1).max(bounds.grantMs).exactOptional(),
  })
  .openapi("ResolvePlan") satisfies z.ZodType<ResolvePlan>;

const stepState = z.discriminatedUnion("status", [
  z.object({ status: z.literal("open") }),
  z.object({ status: z.enum(["running", "succeeded", "failed"]), actionId: z.string() }),
  z.object({ status: z.literal("skipped") }),
]);

const { reasons } = decision.shape;
const planStep = z
  .object({
    number,
    proposed: proposedAction,
    approvedArguments: jsonObject.exactOptional(),
    judged: z.object({ assessment: riskAssessment.nullable(), effect, reasons, approvalLevel }),
    state: stepState,
    rows: rowsPreview.exactOptional(),
    rowsWithout: z.array(number).exactOptional(),
  })
  .openapi("PlanStep") satisfies z.ZodType<PlanStep>;

export const plan = z
  .object({
    id: z.string(),
    runId: z.string(),
    agent: z.string(),
    summary: z.string().exactOptional(),
    digest: z.string(),
    steps: z.array(planStep),
    removed: z.array(planStep),
    whole: z.object({ effect, reversibility, score: z.number(), level: riskLevel, files: affectedNames, undo: z.string() }),
    level: approvalLevel,
    status: approvalStatus,
    resolution: resolution.nullable(),
    createdAt: time,
    expiresAt: time,
    holdsUntil: time.nullable(),
    ended: z.object({ why: z.enum(planEnds), at: time, by: actor }).nullable(),
    position: z.int().min(0),
    deviations: z.int().min(0),
  })
  .openapi("Plan") satisfies z.ZodType<Plan>;

export const planAnswer = z
  .object({ plan, next: z.enum(["wait", "follow", "deny"]), guidance: z.string(), stop: z.boolean() })
  .openapi("PlanAnswer") satisfies z.ZodType<PlanAnswer>;
