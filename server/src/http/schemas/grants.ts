import { z } from "@hono/zod-openapi";
import { approvalLevels, bounds, type Grant, type GrantCover, type GrantOption, type GrantTerms } from "@pullcord/sdk/protocol";
import { actor, jsonObject, time } from "./words.js";

/** Most uses of one grant. */
const mostUses = 1_000;

const covers = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("action") }),
  z.strictObject({ kind: z.literal("pattern"), when: jsonObject }),
]) satisfies z.ZodType<GrantCover>;

export const grantTerms = z
  .strictObject({
    covers,
    forMs: z.int().min(1).max(bounds.grantMs),
    uses: z.int().min(1).max(mostUses).exactOptional(),
    runOnly: z.boolean().exactOptional(),
  })
  .openapi("GrantTerms") satisfies z.ZodType<GrantTerms>;

const grantOption = z.object({ covers, sentence: z.string() }) satisfies z.ZodType<GrantOption>;
export const grantOptions = z.object({ items: z.array(grantOption) }).openapi("GrantOptions");

export const grant = z
  .object({
    id: z.string(),
    agent: z.string(),
    runId: z.string().nullable(),
    covers,
    digest: z.string(),
    sentence: z.string(),
    score: z.number(),
    isIrreversible: z.boolean(),
    level: z.enum(approvalLevels),
    usesLeft: z.int().nullable(),
    used: z.int(),
    by: actor,
    at: time,
    expiresAt: time,
    endedAt: time.nullable(),
  })
  .openapi("Grant") satisfies z.ZodType<Grant>;
