import { z } from "@hono/zod-openapi";
import { containments, type DrillReport } from "@pullcord/sdk/protocol";
import { containment } from "./processes.js";
import { text, time } from "./words.js";

const count = z.int().min(0);

export const drillReport = z
  .strictObject({
    startedAt: time,
    tookMs: count,
    machine: text,
    isPassed: z.boolean(),
    summaries: z
      .array(z.strictObject({ containment, rounds: count, left: count, unnamed: count, unknown: count, p50Ms: count, p99Ms: count }))
      .max(containments.length),
    missing: z.array(z.strictObject({ containment, reason: text })).max(containments.length),
  })
  .openapi("DrillReport") satisfies z.ZodType<DrillReport>;
