import { actionTypes, approvalLevels, autonomyLevels, effects, bounds, type PolicyCondition } from "@pullcord/sdk/protocol";
import { z } from "zod";
import { daysOfWeek } from "../domain/policy/document.js";
import { durationMs } from "../domain/policy/duration.js";
import { endpointFault } from "../domain/policy/endpoint.js";
import { reviewApis } from "../domain/policy/policy.js";
import { guardrails } from "./guardrails-schema.js";
import { duration, longestText, mostValues, pathGlob, text, timeZone } from "./schema-words.js";

/** Most rules in one file. */
const mostRules = 20_000;
/** Most databases that one policy names. */
const mostDatabases = 100;
/** Most conditions on arguments in one rule. */
const mostArguments = 50;

/** Room for one file of the largest size that is kept, and then some, in MiB. */
const smallestQuotaMib = 64;
/** A file is read as a whole: a larger one would hold up everybody else for too long. */
const largestFileMib = 256;
const keptPaths = z.array(pathGlob).max(mostValues);

const score = z.number().min(0).max(100);
function oneOrMore<T extends z.ZodType>(value: T) {
  return z.union([value, z.array(value).min(1).max(mostValues)]);
}

const clockTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, "A time of day is written like 08:30.")
  .describe("A time of day: 08:30.");

const timeWindow = z
  .strictObject({
    days: oneOrMore(z.enum(daysOfWeek)).describe("Days of the week; a span past midnight belongs to the day it began."),
    from: clockTime,
    to: clockTime.describe("Up to, not including; at or before from, it is the next day's."),
    zone: timeZone.describe("Default: UTC."),
  })
  .partial()
  .refine((value) => Object.keys(value).some((key) => key !== "zone"), "Name at least one of days, from and to.");

const between = z
  .strictObject({ at_least: z.number(), at_most: z.number(), above: z.number(), below: z.number() })
  .partial()
  .refine((value) => Object.keys(value).length > 0, "Name at least one bound: at_least, at_most, above or below.");

const conditions = z
  .strictObject({
    type: oneOrMore(z.enum(actionTypes)).describe("What the action is, or by its reading also is."),
    program: oneOrMore(text).describe("Base name of a program it runs, behind any wrapper: git."),
    command: oneOrMore(text).describe("A command it runs, * for any characters: git push * --force*."),
    path: oneOrMore(pathGlob).describe("A path it reads, writes or deletes."),
    flag: oneOrMore(text).describe("A flag of a command it runs: --force, -f."),
    host: oneOrMore(text).describe("A host it speaks to: *.example.com."),
    resource: oneOrMore(text).describe("A table of its SQL, or what its arguments name as resource."),
    sql: oneOrMore(text).describe("The verb of an SQL statement: drop, truncate, update; unbounded for a write to every row."),
    tool: oneOrMore(text).describe("The agent's own name of the tool: mcp__*."),
    environment: oneOrMore(text).describe("production, for example; not for rules that allow, since agents name it themselves."),
    agent: oneOrMore(text).describe("The agent's name."),
    time: oneOrMore(timeWindow).describe("When it is decided."),
    risk_at_least: score.describe("The lowest risk score that fits."),
    arguments: z
      .record(text, z.union([oneOrMore(z.union([text, z.number(), z.boolean()])), between]))
      .refine((value) => Object.keys(value).length <= mostArguments, `At most ${mostArguments} arguments can be tested.`)
      .describe("Arguments by name, dots leading inwards: a value, a pattern, several, or bounds."),
    matcher: oneOrMore(z.string().regex(/^[A-Za-z_$][\w$]{0,99}$/, "A matcher is named like a function.")).describe(
      "A function exported by the file that matchers names.",
    ),
  })
  .partial()
  .refine((value) => Object.keys(value).length > 0, "A rule needs at least one condition.")
  .describe("All of these have to hold; a list means any of its values.");

const silence = z.strictObject({ after: duration, act: z.enum(["stop", "pause"]) });

const rule = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,99}$/, "An id is made of small letters, digits, dots, dashes and underscores."),
    effect: z.enum(effects).describe("deny wins over require_approval, which wins over allow; the order of the rules never matters."),
    when: conditions,
    level: z
      .enum(approvalLevels)
      .optional()
      .describe("require_approval: the least proof needed. allow: the highest level it lifts (default: required)."),
    reason: text.optional().describe("Reaches the agent and its human."),
  })
  .refine((value) => !(value.effect === "deny" && value.level !== undefined), {
    path: ["level"],
    message: "A rule that denies has no level.",
  })
  .refine((value) => !(value.effect === "allow" && value.when.environment !== undefined), {
    path: ["when", "environment"],
    message: "An agent names its environment itself, so a rule that allows can't go by it.",
  });

const review = z
  .strictObject({
    api: z.enum(reviewApis).describe("The wire format: openai (chat completions) or anthropic (messages)."),
    endpoint: text
      .superRefine((value, context) => {
        const fault = endpointFault(value);
        if (fault !== null) context.addIssue(fault);
      })
      .describe("The API's base address: https://api.anthropic.com, https://api.openai.com/v1, http://127.0.0.1:11434/v1."),
    model: text,
    key_env: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/, "Name an environment variable of the server. The key itself does not belong here.")
      .optional()
      .describe("The environment variable of the server that holds the key."),
    key_file: text
      .regex(/^\//, "Name a file by its absolute path. The key itself does not belong here.")
      .optional()
      .describe("The file that holds the key; absolute."),
    time_limit: duration
      .refine(
        (value) => (durationMs(value) ?? 0) <= bounds.modelReviewMs,
        `An agent waits for this: at most ${bounds.modelReviewMs / 1_000}s.`,
      )
      .optional(),
    on_failure: z
      .enum(["ask", "ignore"])
      .optional()
      .describe("What follows when the model does not answer in time and form. Default: ask."),
    from_score: score.optional().describe("The lowest risk score that is reviewed. Default: 15, above plain edits."),
  })
  .refine((value) => value.key_env === undefined || value.key_file === undefined, {
    path: ["key_file"],
    message: "Name the key once: key_env or key_file.",
  })
  .describe("A model's second look at what would run without a person. It can only add caution. Off unless this is there.");

const database = z
  .strictObject({
    url_env: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/, "Name an environment variable of the server. The address itself does not belong here.")
      .optional()
      .describe("The environment variable of the server that holds the address: postgres://name:password@host/database."),
    url_file: text
      .regex(/^\//, "Name a file by its absolute path. The address itself does not belong here.")
      .optional()
      .describe("The file that holds the address; absolute."),
    preview_rows: z
      .boolean()
      .optional()
      .describe("Whether people see which rows an action would change: it is tried, and taken back, before they decide. On by default."),
  })
  .refine((value) => (value.url_env === undefined) !== (value.url_file === undefined), {
    path: ["url_env"],
    message: "Name the address once: url_env or url_file.",
  });

/** The policy file, version 1. */
export const policySchema = z
  .strictObject({
    $schema: z.string().max(longestText).optional(),
    version: z.literal(1),
    autonomy: z.enum(autonomyLevels).optional().describe("The level that holds where no person set one."),
    thresholds: z
      .strictObject({ ask_at: score.optional(), deny_at: score.optional() })
      .refine((value) => (value.ask_at ?? 0) <= (value.deny_at ?? 100), { path: ["ask_at"], message: "ask_at is above deny_at." })
      .optional()
      .describe("Risk scores, 0 to 100, from which a person is asked, and from which nothing runs."),
    approval: z
      .strictObject({
        default_level: z.enum(approvalLevels).optional(),
        levels: z.partialRecord(z.enum(actionTypes), z.enum(approvalLevels)).optional(),
        expiry: z.strictObject({ review: duration, required: duration, required_2fa: duration, admin_only: duration }).partial().optional(),
        expiry_by_type: z
          .partialRecord(z.enum(actionTypes), duration)
          .optional()
          .describe("How long requests about a type wait, in place of their level's expiry."),
      })
      .optional(),
    guardrails: guardrails.optional(),
    review: review.optional(),
    databases: z
      .record(
        z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/, "A database is named with letters, digits, dots, dashes and underscores."),
        database,
      )
      .refine((value) => Object.keys(value).length <= mostDatabases, `At most ${mostDatabases} databases can be named.`)
      .optional()
      .describe("PostgreSQL and MySQL databases whose rows are kept before an action changes them, so that undo can put them back."),
    matchers: text
      .regex(/^(?:\.\/)?(?!\.\.?\/)[^/\\]+\.(?:ts|mts|js|mjs)$/, "The matchers' file lies beside the policy: ./matchers.ts.")
      .optional()
      .describe("A TypeScript file beside this one; rules name its exported functions as matcher."),
    oversight: z
      .strictObject({
        person_silent: silence.describe("No person has done anything for so long."),
        server_silent: silence.describe("A gate has heard nothing from this server for so long."),
        pause_stops_expiry: z.boolean().describe("Requests of a paused run keep the time they had left."),
      })
      .partial()
      .optional()
      .describe("What happens by itself while nobody watches. All of it is off where nothing is said."),
    snapshots: z
      .strictObject({
        quota_mib: z.int().min(smallestQuotaMib).describe("Most disk space that snapshots take, in MiB. Default: 5120."),
        keep: duration.describe("How long what a run changed can be undone. Default: 30d."),
        leave_out: keptPaths.describe(
          "Path patterns of what is not kept, from the workspace's root: what can't be undone then asks before.",
        ),
        keep_also: keptPaths.describe("Path patterns of what is kept though an install or a build makes it again: vendor/node_modules/**."),
        largest_file_mib: z.int().min(1).max(largestFileMib).describe("Larger files are not kept, in MiB. Default: 32."),
      })
      .partial()
      .optional()
      .describe("What is kept for undo."),
    history: z
      .strictObject({
        decisions: duration.describe("How long it is kept what decisions were made from. Default: 180d."),
        most_decisions: z.int().min(1_000).max(10_000_000).describe("Most decisions that this is kept of. Default: 200000."),
        policies: duration.describe("How long the texts of policies are kept that are not in force any more. Default: 365d."),
      })
      .partial()
      .optional()
      .describe("What backtests, suggestions and explanations reach back to. The record itself is kept for good."),
    rules: z.array(rule).max(mostRules).optional(),
  })
  .check(({ value, issues }) => {
    for (const [index, { when }] of (value.rules ?? []).entries())
      if (when.matcher !== undefined && value.matchers === undefined)
        issues.push({
          code: "custom",
          input: when,
          path: ["rules", index, "when", "matcher"],
          message: "Name the file it is in: matchers: ./matchers.ts",
        });
    const seen = new Set<string>();
    for (const [index, { id }] of (value.rules ?? []).entries()) {
      if (seen.has(id))
        issues.push({ code: "custom", input: id, path: ["rules", index, "id"], message: `Another rule has the id ${id} already.` });
      seen.add(id);
    }
  });

/** The JSON Schema that editors check policy files with; `server/schema/policy.schema.json` is a copy. */
export function policyJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(policySchema, { io: "input" }), title: "Pullcord action policy, version 1" };
}

/** What a rule can test, in the schema's own words. */
export function conditionHelp(): readonly PolicyCondition[] {
  return described(z.toJSONSchema(conditions, { io: "input" }).properties, 1);
}

/** Every other key that a policy file can have, as `thresholds.ask_at`, in the schema's own words. */
export function settingHelp(): readonly PolicyCondition[] {
  const { rules: _, ...settings } = z.toJSONSchema(policySchema, { io: "input" }).properties ?? {};
  return described(settings, settingDepth);
}

/** Deepest setting that is told: `thresholds.ask_at`. */
const settingDepth = 2;

/** A key without words of its own is told by the keys in it. */
function described(properties: z.core.JSONSchema.JSONSchema["properties"], depth: number, above = ""): readonly PolicyCondition[] {
  return Object.entries(properties ?? {}).flatMap(([name, property]) => {
    if (typeof property !== "object") return [];
    const key = `${above}${name}`;
    const inner = depth === 1 ? [] : described(property.properties, depth - 1, `${key}.`);
    const description = property.description ?? Object.keys(property.properties ?? {}).join(", ");
    return description === "" ? inner : [{ key, description }, ...inner];
  });
}
