import { z } from "@hono/zod-openapi";
import { actionFates, receiptStandings, receiptSteps, type StopReceipt, type StopTimes } from "@pullcord/sdk/protocol";
import { intervention } from "./human-acts.js";
import { containment, endingShape } from "./processes.js";
import { time } from "./words.js";

const processes = z.object({
  status: z.enum(["awaited", "ended", "unproven", "unwatched"]),
  ended: z.int(),
  survivors: z.array(z.string()),
  unknown: z.int(),
  containment: containment.exactOptional(),
  each: endingShape.processes,
  detail: z.string().exactOptional(),
  at: time.exactOptional(),
  saidBy: z.string().exactOptional(),
});

const runReceipt = z
  .object({
    runId: z.string(),
    agent: z.string(),
    task: z.string(),
    acknowledgedAt: time,
    heardAt: time.exactOptional(),
    processes,
    finished: z.int(),
    permitsRevoked: z.int(),
    requestsCancelled: z.int(),
    actions: z.array(z.object({ actionId: z.string(), sentence: z.string(), fate: z.enum(actionFates) })),
    resume: z.string(),
  })
  .openapi("RunReceipt");

export const stopReceipt = z
  .object({
    intervention,
    standing: z.enum(receiptStandings),
    sentence: z.string(),
    steps: z.array(z.object({ step: z.enum(receiptSteps), at: time, count: z.int().exactOptional() })),
    runs: z.array(runReceipt),
  })
  .openapi("StopReceipt") satisfies z.ZodType<StopReceipt>;

const percentiles = z.object({ p50: z.number().nullable(), p99: z.number().nullable() });

export const stopTimes = z
  .object({
    from: time,
    to: time,
    stops: z.int(),
    unproven: z.int(),
    acknowledgedMs: percentiles,
    endedMs: percentiles,
    days: z.array(z.object({ day: z.string(), stops: z.int(), unproven: z.int(), endedP99: z.number().nullable() })),
  })
  .openapi("StopTimes") satisfies z.ZodType<StopTimes>;
