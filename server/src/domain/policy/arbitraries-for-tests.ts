import { actionTypes, effects, type ProposedAction } from "@pullcord/sdk/protocol";
import * as fc from "fast-check";
import { readingOf } from "../facts-for-tests.js";
import type { ReadCommand, Reading } from "../reading.js";
import type { Conditions, OneOrMore, RuleDocument } from "./document.js";
import { subjectOf, type Subject } from "./subject.js";

/** Rules and actions from small vocabularies, so that they meet often; for tests only. */

const words = ["git", "push", "npm", "test", "rm", "-rf", "--force", "--force=yes", "--forc", "origin", "a  b", "--", "ſ", "ΟΔΟΣ"];
const steps = ["infra", "Infra", "prod", "etc", "work", "a.tf", ".ssh", "οδος", "οδοσ", "x(y)"];
const hostNames = ["api.example.com", "example.com", "API.Example.com:443", "badexample.com", "localhost", "10.0.0.1", "x.org."];
const tables = ["users", "Orders", "logs"];
const kinds = ["DropStmt", "TruncateStmt", "UpdateStmt", "SelectStmt", "AlterTableStmt"];

function some<T>(values: fc.Arbitrary<T>): fc.Arbitrary<OneOrMore<T>> {
  return fc.oneof(values, fc.array(values, { minLength: 1, maxLength: 3 }));
}

const lines = fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 10 }).map((list) => list.join(" "));
const commandPatterns = fc.oneof(
  lines,
  lines.map((line) => `${line}*`),
  lines.map((line) => `${line} *`),
  fc.constantFrom("*", "g?t push", "git * origin", "*push*"),
);
const paths = fc.array(fc.constantFrom(...steps), { maxLength: 10 }).map((list) => `/${list.join("/")}`);
const pathPatterns = fc
  .tuple(
    fc.constantFrom("/", "~/", "", "./"),
    fc.array(fc.constantFrom(...steps, "*", "**", "p*", "{prod,etc}", "[ei]*"), { minLength: 1, maxLength: 9 }),
  )
  .map(([from, list]) => `${from}${list.join("/")}`);
const hostPatterns = fc.constantFrom(...hostNames, "*.example.com", "*example.com", "api.*", "*", "*.com", "x.org");
const windows = fc.record(
  {
    days: some(fc.constantFrom("mon" as const, "thu" as const)),
    from: fc.constantFrom("00:00", "12:00"),
    to: fc.constantFrom("06:00", "13:00"),
  },
  { requiredKeys: [] },
);
const argumentConditions = fc.dictionary(
  fc.constantFrom("amount", "to.country", "to.tags", "resource"),
  fc.oneof(some(fc.constantFrom<string | number | boolean>("FR", "big", 5, "5", true, "*")), fc.record({ above: fc.constant(3) })),
  { minKeys: 1, maxKeys: 2 },
);

const full = {
  type: some(fc.constantFrom(...actionTypes)),
  program: some(fc.constantFrom("git", "npm", "n*", "rm", "*")),
  command: some(commandPatterns),
  flag: some(fc.constantFrom("--force", "-f", "-r", "--f*", "*")),
  path: some(pathPatterns),
  host: some(hostPatterns),
  resource: some(fc.constantFrom("users", "orders", "ORDERS", "u*", "*")),
  sql: some(fc.constantFrom("drop", "Truncate", "unbounded", "AlterTableStmt", "s*", "*")),
  tool: some(fc.constantFrom("mcp__pay__send", "mcp__pay__*", "mcp__*", "mcp_*", "mcp___*", "Bash", "*")),
  environment: some(fc.constantFrom("production", "Test", "*")),
  agent: some(fc.constantFrom("claude-code", "codex", "c*")),
  time: some(windows),
  risk_at_least: fc.integer({ min: 0, max: 100 }),
  arguments: argumentConditions,
};

/** One to three conditions. */
export const conditions: fc.Arbitrary<Conditions> = fc
  .tuple(fc.record(full), fc.shuffledSubarray(Object.keys(full) as (keyof typeof full)[], { minLength: 1, maxLength: 3 }))
  .map(([all, kept]) => Object.fromEntries(kept.map((key) => [key, all[key]])) as Conditions);

/** Rules with ids of their own, `rule-0` and on. */
export function ruleLists(length: { readonly minLength: number; readonly maxLength: number }): fc.Arbitrary<RuleDocument[]> {
  return fc
    .array(fc.record({ effect: fc.constantFrom(...effects), when: conditions }), length)
    .map((list) => list.map((rule, at) => ({ ...rule, id: `rule-${at}` })));
}

function unknown<T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.oneof({ weight: 9, arbitrary: values }, { weight: 1, arbitrary: fc.constant(null) });
}

const commands: fc.Arbitrary<ReadCommand> = fc
  .tuple(unknown(fc.constantFrom("git", "npm", "rm", "sudo")), fc.array(unknown(fc.constantFrom(...words)), { maxLength: 9 }))
  .map(([program, rest]) => ({ program, words: rest, text: [program ?? "$X", ...rest.map((word) => word ?? '"$X"')].join(" ") }));

const pathLists = fc.array(unknown(paths), { maxLength: 3 });

const readings: fc.Arbitrary<Reading> = fc
  .record({
    commands: fc.array(commands, { maxLength: 2 }),
    reads: pathLists,
    writes: pathLists,
    deletes: pathLists,
    hosts: fc.array(unknown(fc.constantFrom(...hostNames)), { maxLength: 2 }),
    statements: fc.array(fc.record({ kind: fc.constantFrom(...kinds), tables: fc.subarray(tables), bounded: fc.boolean() }), {
      maxLength: 2,
    }),
    understood: fc.boolean(),
  })
  .map(({ understood, ...parts }) => readingOf({ ...parts, assessment: { understood } }));

const proposals: fc.Arbitrary<ProposedAction> = fc.record(
  {
    type: fc.constantFrom(...actionTypes),
    arguments: fc.record(
      {
        command: lines,
        amount: fc.constantFrom(1, 5, "5", true),
        to: fc.record({ country: fc.constant("FR"), tags: fc.constant(["big", "new"]) }),
        resource: fc.constantFrom("users", "other"),
      },
      { requiredKeys: [] },
    ),
    tool: fc.record({
      name: fc.constantFrom("Bash", "mcp__pay__send", "mcp___x", "mcp__pay__refund"),
      input: fc.record({ amount: fc.constant(5) }, { requiredKeys: [] }),
    }),
  },
  { requiredKeys: ["type", "arguments"] },
);

const oneWeekMs = 7 * 86_400_000;

/** Actions as rules see them, in places that are known or not. */
export const subjects: fc.Arbitrary<Subject> = fc
  .record({
    proposed: proposals,
    reading: readings,
    agent: fc.constantFrom("claude-code", "codex", "gemini"),
    environments: fc.subarray(["production", "test"]),
    score: fc.integer({ min: 0, max: 100 }),
    now: fc.integer({ min: 0, max: oneWeekMs }),
    workspace: unknown(fc.constantFrom("/work", "/", "/work/Infra")),
    home: unknown(fc.constantFrom("/etc", "/work")),
  })
  .map(subjectOf);
