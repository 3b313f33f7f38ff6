import { limitResponses } from "@pullcord/sdk/protocol";
import { z } from "zod";
import { countedLimits, newestActions, type CountedGuardrail } from "../domain/limits/limit.js";
import { durationMs } from "../domain/policy/duration.js";
import { duration, mostValues, pathGlob, text, timeZone } from "./schema-words.js";

/** Most tools with a quota of their own. */
const mostTools = 50;
/** Ended actions of a run that are remembered. */
const newestEnded = 20;
const mostProbes = 20;

const money = z.number().min(0).max(Number.MAX_SAFE_INTEGER);
const count = z.int().min(0);
const share = z.number().gt(0).max(1);

/** A graver response never begins before a milder one. */
function inOrder(numberOf: (written: unknown) => number, suffix = "") {
  return (written: Readonly<Record<string, unknown>>, context: z.core.$RefinementCtx): void => {
    const named = limitResponses.map((response) => `${response}${suffix}`).filter((key) => written[key] !== undefined);
    for (const [place, key] of named.entries()) {
      const next = named[place + 1];
      if (next === undefined || numberOf(written[key]) <= numberOf(written[next])) continue;
      context.addIssue({ code: "custom", input: written, path: [key], message: `${key} is above ${next}.` });
    }
  };
}

function thresholds(amount: z.ZodNumber) {
  const one = amount.optional();
  return z.strictObject({ warn: one, ask: one, pause: one, stop: one }).superRefine(inOrder(Number));
}

const counts = thresholds(count);
const length = duration.optional();
const runTimes = z
  .strictObject({ warn: length, ask: length, pause: length, stop: length })
  .superRefine(inOrder((written) => durationMs(String(written)) ?? 0));

const shareAt = share.optional();
const errorRate = z
  .strictObject({
    of_last: z.int().min(1).max(newestEnded).optional(),
    warn_at: shareAt,
    ask_at: shareAt,
    pause_at: shareAt,
    stop_at: shareAt,
  })
  .superRefine(inOrder(Number, "_at"));

/** Every amount that can be limited, by its key; a question about a question would help nobody. */
const amounts = Object.fromEntries(
  countedLimits.map(({ guardrail, measured }) => {
    const at = measured === "money" ? thresholds(money) : counts;
    const noAsk = at.refine(({ ask }) => measured !== "questions" || ask === undefined, {
      path: ["ask"],
      message: "Asking about questions makes more of them: warn, pause or stop.",
    });
    return [guardrail, noAsk.optional()];
  }),
) as Record<CountedGuardrail, z.ZodOptional<typeof counts>>;

const anomaly = z
  .strictObject({
    after: count.describe("Actions that the agent has to have done before anything is unusual for it. Default: 100."),
    new_kind: z.enum(limitResponses).describe("A type of action that it has never done."),
    new_host: z.enum(limitResponses).describe("A host that it has never called."),
    pace: thresholds(z.number().min(1)).describe("So many times as many actions as in its busiest ten minutes."),
  })
  .partial()
  .describe("What is unusual against the agent's own past.");

/** Limits that no rule, no grant and no autonomy lifts. */
export const guardrails = z
  .strictObject({
    ...amounts,
    tools: z
      .record(text, counts)
      .refine((value) => Object.keys(value).length <= mostTools, `At most ${mostTools} tools can have a quota.`)
      .optional()
      .describe("Most uses of a tool in one run, by the agent's own name of it."),
    run_time: z.union([duration, runTimes]).optional().describe("Since a person last let the run go on; 8h alone pauses it then."),
    error_rate: errorRate.optional().describe("The share of the run's newest ended actions that failed."),
    same_action: thresholds(z.int().min(1).max(newestActions))
      .optional()
      .describe(`How often the very same action may be among the run's newest ${newestActions}.`),
    sub_agent_depth: counts.optional().describe("How deep sub-agents may start sub-agents; 1 for those that the agent itself starts."),
    anomaly: anomaly.optional(),
    breaker: z
      .strictObject({
        cool_down: duration.describe("How long a tripped rate stays open before it is tried again. Default: 15m."),
        probes: z.int().min(1).max(mostProbes).describe("Actions that then have to go well, one at a time. Default: 3."),
      })
      .partial()
      .optional(),
    day_zone: timeZone.optional().describe("Where an agent's day begins at midnight. Default: UTC."),
    forbidden_paths: z.array(pathGlob).max(mostValues).optional(),
  })
  .describe("From which amount on people are warned or asked, or the run is paused or stopped.");
