import { z } from "@hono/zod-openapi";
import {
  bounds,
  logStreams,
  runResults,
  runStatuses,
  type LogLine,
  type OpenRun,
  type Progress,
  type Run,
  type RunState,
  type RunSummary,
} from "@pullcord/sdk/protocol";
import { containment, runProcess } from "./processes.js";
import { silence } from "./server.js";
import { autonomyLevel, autonomySource, jsonObject, name, text, time, trustTier } from "./words.js";

export const progress = z
  .strictObject({ n: z.int().min(0), of: z.int().min(0), item: text })
  .openapi("Progress") satisfies z.ZodType<Progress>;

export const openRun = z
  .strictObject({
    task: text,
    externalId: name.exactOptional(),
    workingDirectory: z.string().max(bounds.textLength).startsWith("/", "must be an absolute path").exactOptional(),
    environment: name.exactOptional(),
    containment: containment.exactOptional(),
    labels: jsonObject.exactOptional(),
    process: runProcess.exactOptional(),
  })
  .openapi("OpenRun") satisfies z.ZodType<OpenRun>;

const runState = z
  .discriminatedUnion("status", [
    z.object({ status: z.literal("running") }),
    z.object({ status: z.literal("paused"), interventionId: z.string(), at: time }),
    z.object({ status: z.literal("stopped"), interventionId: z.string(), at: time }),
    z.object({ status: z.literal("finished"), at: time, result: z.enum(runResults) }),
  ])
  .openapi("RunState") satisfies z.ZodType<RunState>;

const runShape = {
  id: z.string(),
  agent: z.string(),
  task: z.string(),
  externalId: z.string().exactOptional(),
  workingDirectory: z.string().exactOptional(),
  environment: z.string().exactOptional(),
  containment,
  labels: jsonObject,
  state: runState,
  autonomy: z.object({ level: autonomyLevel, from: autonomySource }),
  trustTier,
  openedAt: time,
  serverSilent: silence.exactOptional(),
};

export const run = z.object(runShape).openapi("Run") satisfies z.ZodType<Run>;

export const runSummary = z
  .object({
    ...runShape,
    now: z.object({ actionId: z.string(), sentence: z.string(), status: z.string(), since: time }).nullable(),
    progress: progress.nullable(),
    waiting: z.int(),
    questions: z.int(),
    actions: z.int(),
    denied: z.int(),
    riskTrail: z.array(z.number()),
    lastActivityAt: time,
  })
  .openapi("RunSummary") satisfies z.ZodType<RunSummary>;

export const runStatus = z.enum(runStatuses);
export const finishRun = z.strictObject({ result: z.enum(runResults) }).openapi("FinishRun");

const logStream = z.enum(logStreams);
export const appendLog = z
  .strictObject({
    lines: z
      .array(z.strictObject({ stream: logStream, text: z.string() }))
      .min(1)
      .max(bounds.logLines),
  })
  .openapi("AppendLog");
export const logLine = z
  .object({ seq: z.int(), at: time, stream: logStream, text: z.string() })
  .openapi("LogLine") satisfies z.ZodType<LogLine>;
