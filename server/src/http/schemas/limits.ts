import { z } from "@hono/zod-openapi";
import {
  breakerActs,
  limitResponses,
  bounds,
  limitScopes,
  limitUnits,
  type ActOnBreaker,
  type Breaker,
  type BreakerState,
  type LimitBasis,
  type LimitOwner,
  type LimitStanding,
  type Usage,
} from "@pullcord/sdk/protocol";
import { actor, milliseconds, name, text, time } from "./words.js";

const owner = z.strictObject({ kind: z.enum(["run", "agent"]), id: name }).openapi("LimitOwner") satisfies z.ZodType<LimitOwner>;
const tripped = { response: z.enum(["ask", "pause", "stop"]), reason: z.string(), at: time, probes: z.int() };

const breakerState = z
  .discriminatedUnion("status", [
    z.object({ status: z.literal("closed"), warned: z.object({ at: time, until: time.nullable() }).exactOptional() }),
    z.object({ status: z.literal("open"), ...tripped, until: time.nullable() }),
    z.object({
      status: z.literal("half_open"),
      ...tripped,
      probesLeft: z.int(),
      probe: z.object({ actionId: z.string(), until: time }).nullable(),
    }),
    z.object({
      status: z.literal("held"),
      as: z.enum(["open", "closed"]),
      by: actor,
      at: time,
      until: time.nullable(),
      reason: z.string().exactOptional(),
    }),
  ])
  .openapi("BreakerState") satisfies z.ZodType<BreakerState>;

const breakerShape = { guardrail: z.string(), owner, state: breakerState };
export const breaker = z.object(breakerShape).openapi("Breaker") satisfies z.ZodType<Breaker>;

const amounts = z.partialRecord(z.enum(limitResponses), z.number());

export const limitStanding = z
  .object({
    ...breakerShape,
    unit: z.enum(limitUnits),
    used: z.number(),
    at: amounts,
    resetsAt: time.nullable(),
    line: z.int().exactOptional(),
  })
  .openapi("LimitStanding") satisfies z.ZodType<LimitStanding>;

export const actOnBreaker = z
  .strictObject({
    guardrail: name,
    owner,
    act: z.enum(breakerActs),
    forMs: milliseconds.max(bounds.breakerHoldMs).exactOptional(),
    reason: text.exactOptional(),
  })
  .openapi("ActOnBreaker") satisfies z.ZodType<ActOnBreaker>;

export const usage = z
  .strictObject({
    tokens: z.int().min(0).max(bounds.usageReport).exactOptional(),
    cost: z.number().min(0).max(bounds.usageReport).exactOptional(),
  })
  .openapi("Usage") satisfies z.ZodType<Usage>;

const counted = z.record(z.string(), z.number());

export const limitBasis = z.object({
  used: z.record(z.enum(limitScopes), counted),
  sameAction: z.int(),
  depth: z.int(),
  newResources: z.array(z.string().nullable()),
  newKinds: z.array(z.string()),
  newHosts: z.array(z.string()),
  pace: z.object({ now: z.int(), busiest: z.int() }).nullable(),
  breakers: z.record(z.string(), breakerState),
}) satisfies z.ZodType<LimitBasis>;
