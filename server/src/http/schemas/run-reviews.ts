import { z } from "@hono/zod-openapi";
import {
  actionTypes,
  runStatuses,
  type KeepPreview,
  type MakeReview,
  type ReviewOutcome,
  type RunAccount,
  type RunReview,
} from "@pullcord/sdk/protocol";
import { pathChange, pathLeft } from "./undos.js";
import { actor, name, text, time } from "./words.js";

/** Git's own bound for a ref is that of a path. */
const branch = z.string().min(1).max(240);
const digest = z.string().regex(/^[0-9a-f]{64}$/, "must be the 64 hex digits of the preview");
const reason = text.exactOptional();

export const makeReview = z
  .discriminatedUnion("outcome", [
    z.strictObject({
      outcome: z.literal("keep"),
      branch: branch.exactOptional(),
      message: text.min(1).exactOptional(),
      digest: digest.exactOptional(),
      reason,
    }),
    z.strictObject({ outcome: z.literal("discard"), digest: digest.exactOptional(), reason }),
    z.strictObject({ outcome: z.literal("leave"), reason }),
  ])
  .openapi("MakeReview") satisfies z.ZodType<MakeReview>;

const made = { id: z.string(), runId: z.string(), by: actor, at: time, reason: z.string().exactOptional() };
export const reviewOutcome = z
  .discriminatedUnion("outcome", [
    z.object({
      ...made,
      outcome: z.literal("kept"),
      branch: z.string(),
      commit: z.string(),
      base: z.string().nullable(),
      paths: z.array(z.string()),
      left: z.array(pathLeft),
    }),
    z.object({ ...made, outcome: z.literal("discarded"), undoId: z.string(), restored: z.int(), conflicts: z.array(pathLeft) }),
    z.object({ ...made, outcome: z.literal("left") }),
  ])
  .openapi("ReviewOutcome") satisfies z.ZodType<ReviewOutcome>;

const keepPreview = z
  .discriminatedUnion("isPossible", [
    z.object({
      isPossible: z.literal(true),
      branch: z.string(),
      base: z.object({ commit: z.string(), subject: z.string() }).nullable(),
      message: z.string(),
      paths: z.array(z.string()),
      left: z.array(pathLeft),
      digest: z.string(),
    }),
    z.object({ isPossible: z.literal(false), reason: z.string(), sentence: z.string() }),
  ])
  .openapi("KeepPreview") satisfies z.ZodType<KeepPreview>;

const line = { actionId: z.string(), line: z.string() };
const counts = <Word extends string>(words: readonly [Word, ...Word[]]) => z.partialRecord(z.enum(words), z.int());
const actionStatuses = [
  "held",
  "allowed",
  "waiting",
  "approved",
  "running",
  "denied",
  "succeeded",
  "failed",
  "skipped",
  "cancelled",
] as const;

const runAccount = z
  .object({
    runId: z.string(),
    agent: name,
    task: z.string(),
    status: z.enum(runStatuses),
    openedAt: time,
    endedAt: time.nullable(),
    told: z.array(z.object({ text: z.string(), by: actor, at: time })),
    actions: z.int(),
    byStatus: counts(actionStatuses),
    byType: counts(actionTypes),
    did: z.array(z.object(line)),
    didBefore: z.int(),
    answers: z.array(z.object({ ...line, effect: z.enum(["approved", "denied"]), by: actor, at: time })),
    forced: z.int(),
  })
  .openapi("RunAccount") satisfies z.ZodType<RunAccount>;

export const runReview = z
  .object({
    account: runAccount,
    changes: z.array(pathChange),
    notKept: z.array(z.string()),
    keep: keepPreview,
    outcomes: z.array(reviewOutcome),
  })
  .openapi("RunReview") satisfies z.ZodType<RunReview>;
