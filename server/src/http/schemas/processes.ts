import { z } from "@hono/zod-openapi";
import {
  containments,
  bounds,
  processOutcomes,
  processStates,
  survivalReasons,
  type ContainmentPlace,
  type ProcessIdentity,
  type ProcessResult,
  type RunProcess,
  type RunningProcesses,
} from "@pullcord/sdk/protocol";
import { name, text } from "./words.js";

export const containment = z.enum(containments);

/** A time that something took, in milliseconds. */
const took = z.int().min(0);

const pid = z.int().min(1);

const processIdentity = z
  .strictObject({ pid, startedAt: name, machine: name })
  .openapi("ProcessIdentity") satisfies z.ZodType<ProcessIdentity>;

const containmentPlace = z
  .strictObject({ kind: containment, folder: text.startsWith("/").exactOptional(), init: processIdentity.exactOptional() })
  .openapi("ContainmentPlace") satisfies z.ZodType<ContainmentPlace>;

export const runProcess = z
  .strictObject({
    pid: pid.exactOptional(),
    marker: z.strictObject({ name, value: name }).exactOptional(),
    supervised: z.literal(true).exactOptional(),
    supervisor: processIdentity.exactOptional(),
    place: containmentPlace.exactOptional(),
  })
  .openapi("RunProcess") satisfies z.ZodType<RunProcess>;

export const runningProcesses = z
  .object({
    items: z.array(z.object({ pid, parent: z.int().min(0), command: z.string(), state: z.enum(processStates) })),
    unseen: z.string().nullable(),
  })
  .openapi("RunningProcesses") satisfies z.ZodType<RunningProcesses>;

/** What the machine says of the processes it ended. */
export const endingShape = {
  processesEnded: z.int().min(0).exactOptional(),
  survivors: z.array(text).max(1000).exactOptional(),
  unknown: z.int().min(0).exactOptional(),
  tookMs: took.exactOptional(),
  containment: containment.exactOptional(),
  processes: z
    .array(
      z
        .strictObject({
          pid,
          command: z.string().max(bounds.commandLineLength),
          outcome: z.enum(processOutcomes),
          afterMs: took.exactOptional(),
          why: z.enum(survivalReasons).exactOptional(),
        })
        .openapi("ProcessResult") satisfies z.ZodType<ProcessResult>,
    )
    .max(bounds.processResults)
    .exactOptional(),
};
