import { z } from "@hono/zod-openapi";
import {
  actionTypes,
  approvalLevels,
  approvalStatuses,
  autonomyLevels,
  autonomySources,
  effects,
  interventionKinds,
  bounds,
  reversibilities,
  riskLevels,
  trustTiers,
  type Actor,
  type JsonObject,
  type DialScope,
  type Scope,
} from "@pullcord/sdk/protocol";

/** The small words that the other schemas are made of. */

export const name = z.string().min(1).max(bounds.nameLength);
export const text = z.string().max(bounds.textLength);
export const time = z.int().openapi({ description: "Milliseconds since 1970 UTC" });
export const milliseconds = z.int().min(1);

/** An object as the strict reader gave it: already checked, kept as it is. */
export const jsonObject = z
  .custom<JsonObject>((value) => typeof value === "object" && value !== null && !Array.isArray(value), "must be an object")
  .openapi({ type: "object", additionalProperties: true });

export const actionType = z.enum(actionTypes).openapi("ActionType");
export const riskLevel = z.enum(riskLevels).openapi("RiskLevel");
export const reversibility = z.enum(reversibilities).openapi("Reversibility");
export const effect = z.enum(effects).openapi("Effect");
export const approvalLevel = z.enum(approvalLevels).openapi("ApprovalLevel");
export const approvalStatus = z.enum(approvalStatuses).openapi("ApprovalStatus");
export const autonomyLevel = z.enum(autonomyLevels).openapi("AutonomyLevel");
export const autonomySource = z.enum(autonomySources).openapi("AutonomySource");
export const trustTier = z.enum(trustTiers).openapi("TrustTier");
export const interventionKind = z.enum(interventionKinds).openapi("InterventionKind");

export const scope = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("run"), id: name }),
    z.strictObject({ kind: z.literal("agent"), id: name }),
    z.strictObject({ kind: z.literal("everything") }),
  ])
  .openapi("Scope") satisfies z.ZodType<Scope>;

/** A task is an operator's own words, and as long as those. */
export const dialScope = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("run"), id: name }),
    z.strictObject({ kind: z.literal("agent"), id: name }),
    z.strictObject({ kind: z.literal("task"), id: text }),
    z.strictObject({ kind: z.literal("environment"), id: name }),
    z.strictObject({ kind: z.literal("everything") }),
  ])
  .openapi("DialScope") satisfies z.ZodType<DialScope>;

export const actor = z
  .object({
    kind: z.enum(["person", "agent", "webhook", "system"]),
    id: name,
    via: z.enum(["console", "cli", "api", "agent_terminal"]).exactOptional(),
  })
  .openapi("Actor") satisfies z.ZodType<Actor>;

export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    reason: z.string(),
    field: z.string().exactOptional(),
  })
  .openapi("Problem");
