import { z } from "@hono/zod-openapi";
import {
  type AutonomySetting,
  breakGlassMaxMs,
  presenceMethods,
  type ApprovalRequest,
  type BreakGlass,
  type BreakGlassReport,
  type BreakGlassUse,
  type Intervene,
  type Intervention,
  type InterventionEffect,
  type PresenceCheck,
  type Resolution,
  type Resolve,
  type RunWork,
  type SetAutonomy,
  type SetTrust,
} from "@pullcord/sdk/protocol";
import { action } from "./actions.js";
import { endingShape } from "./processes.js";
import { grantTerms } from "./grants.js";
import { rowsPreview } from "./rows-preview.js";
import {
  actionType,
  actor,
  approvalLevel,
  approvalStatus,
  autonomyLevel,
  dialScope,
  interventionKind,
  jsonObject,
  milliseconds,
  scope,
  text,
  time,
  trustTier,
} from "./words.js";

const presenceMethod = z.enum(presenceMethods);

export const resolution = z
  .object({
    status: z.enum(["approved", "denied", "expired", "cancelled"]),
    by: actor,
    at: time,
    reason: z.string().exactOptional(),
    presence: z.object({ method: presenceMethod, checkId: z.string() }).exactOptional(),
  })
  .openapi("Resolution") satisfies z.ZodType<Resolution>;

export const approvalRequest = z
  .object({
    id: z.string(),
    runId: z.string(),
    agent: z.string(),
    level: approvalLevel,
    priority: z.int().min(1).max(5),
    status: approvalStatus,
    resolution: resolution.nullable(),
    consumed: z.boolean(),
    createdAt: time,
    expiresAt: time,
    action,
    rows: rowsPreview.exactOptional(),
  })
  .openapi("ApprovalRequest") satisfies z.ZodType<ApprovalRequest>;

export const resolve = z
  .strictObject({
    effect: z.enum(["approve", "deny"]),
    digest: z.string().regex(/^[0-9a-f]{64}$/, "must be the 64 hex digits of the digest that was shown"),
    reason: text.exactOptional(),
    modifiedArguments: jsonObject.exactOptional(),
    presenceProof: z.string().max(200).exactOptional(),
    grant: grantTerms.exactOptional(),
  })
  .openapi("Resolve") satisfies z.ZodType<Resolve>;

export const beginPresenceCheck = z
  .strictObject({ method: presenceMethod, digest: z.string().regex(/^[0-9a-f]{64}$/) })
  .openapi("BeginPresenceCheck");
export const presenceCheck = z
  .object({ id: z.string(), method: presenceMethod, holdMs: z.int(), sampleEveryMs: z.int(), expiresAt: time })
  .openapi("PresenceCheck") satisfies z.ZodType<PresenceCheck>;
export const presenceSample = z.object({ heldMs: z.int(), holdMs: z.int() }).openapi("PresenceSample");
export const presenceProof = z.object({ proof: z.string() }).openapi("PresenceProof");

export const intervene = z
  .strictObject({
    kind: interventionKind,
    scope,
    reason: text.exactOptional(),
    text: text.min(1).exactOptional(),
    freeze: z.literal(true).exactOptional(),
  })
  .openapi("Intervene") satisfies z.ZodType<Intervene>;

const effectShape = {
  runId: z.string(),
  step: z.enum(["acknowledged", "heard", "delivered", "frozen", "ended", "unproven"]),
  detail: text.exactOptional(),
  actionId: z.string().exactOptional(),
  ...endingShape,
};
export const reportEffect = z
  .strictObject({ ...effectShape, step: z.enum(["heard", "frozen", "ended", "unproven"]) })
  .openapi("ReportEffect") satisfies z.ZodType<Omit<InterventionEffect, "at" | "by">>;

const runWork = z
  .object({
    runId: z.string(),
    finished: z.int(),
    underWay: z.array(z.string()),
    neverBegun: z.array(z.string()),
    permitsRevoked: z.int(),
    requestsCancelled: z.int(),
  })
  .openapi("RunWork") satisfies z.ZodType<RunWork>;

export const intervention = z
  .object({
    id: z.string(),
    kind: interventionKind,
    scope,
    by: actor,
    reason: z.string().exactOptional(),
    text: z.string().exactOptional(),
    freeze: z.literal(true).exactOptional(),
    requestedAt: time.exactOptional(),
    at: time,
    runIds: z.array(z.string()),
    effects: z.array(z.object({ ...effectShape, at: time, by: actor })),
    cancelledRequests: z.int(),
    work: z.array(runWork).exactOptional(),
    unrecorded: z.literal(true).exactOptional(),
  })
  .openapi("Intervention") satisfies z.ZodType<Intervention>;

export const autonomySetting = z
  .object({ scope: dialScope, level: autonomyLevel, setAt: time })
  .openapi("AutonomySetting") satisfies z.ZodType<AutonomySetting>;

export const setAutonomy = z
  .strictObject({ scope: dialScope, level: autonomyLevel.nullable(), reason: text.exactOptional() })
  .openapi("SetAutonomy") satisfies z.ZodType<SetAutonomy>;
export const setTrust = z
  .strictObject({ tier: trustTier, capability: actionType.exactOptional(), reason: text.exactOptional() })
  .openapi("SetTrust") satisfies z.ZodType<SetTrust>;

export const breakGlass = z
  .strictObject({ scope, durationMs: milliseconds.max(breakGlassMaxMs), reason: text.exactOptional() })
  .openapi("BreakGlass") satisfies z.ZodType<BreakGlass>;
export const breakGlassUse = z
  .object({
    id: z.string(),
    scope,
    by: actor,
    at: time,
    expiresAt: time,
    endedAt: time.exactOptional(),
    reason: z.string().exactOptional(),
    actions: z.int(),
  })
  .openapi("BreakGlassUse") satisfies z.ZodType<BreakGlassUse>;
export const breakGlassReport = z
  .object({
    from: time,
    to: time,
    uses: z.int(),
    gatedDecisions: z.int(),
    rate: z.number(),
    days: z.array(z.object({ day: z.string(), uses: z.int(), gatedDecisions: z.int() })),
  })
  .openapi("BreakGlassReport") satisfies z.ZodType<BreakGlassReport>;
