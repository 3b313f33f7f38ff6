import {
  actionTypes,
  approvalLevels,
  autonomyLevels,
  effects,
  bounds,
  trustTiers,
  type CaseResult,
  type Json,
  type PolicyProblem,
  type ProposedAction,
} from "@pullcord/sdk/protocol";
import { z } from "zod";
import { judgeAction } from "../domain/judge-action.js";
import type { Policy } from "../domain/policy/policy.js";
import type { Surroundings } from "../domain/reading.js";
import { readYaml } from "./read-policy.js";

/** Most cases in one file. */
const mostCases = 2_000;
/** Where a case takes place unless it says otherwise. */
const defaultPlace = { workspace: "/work", home: "/home/user" } as const;

const text = z.string().min(1).max(bounds.textLength);
const folder = z.string().regex(/^\//, "A folder is an absolute path.");
const json = z.json() as z.ZodType<Json>;

const place = {
  workspace: folder.optional().describe("The run's folder. Default: /work."),
  home: folder.optional().describe("The agent's home folder. Default: /home/user."),
  agent: text.optional(),
  autonomy: z.enum(autonomyLevels).optional(),
  trust_tier: z.enum(trustTiers).optional().describe("Default: standard."),
};

const policyCase = z.strictObject({
  name: text,
  action: z
    .object({ type: z.enum(actionTypes), tool: z.strictObject({ name: text, input: z.record(z.string(), json) }).optional() })
    .catchall(json)
    .describe("The action: its type, its arguments, and the tool call where rules go by it."),
  environment: text.optional(),
  at: z.iso.datetime({ offset: true }).optional().describe("When it is decided: 2026-11-21T08:30:00Z."),
  ...place,
  expect: z.enum(effects),
  rule: text.optional().describe("A rule that has to be among the reasons."),
  level: z.enum(approvalLevels).optional().describe("The level that an approval has to need."),
});

const casesSchema = z.strictObject({
  version: z.literal(1),
  defaults: z.strictObject(place).optional().describe("For every case that does not say otherwise."),
  cases: z.array(policyCase).min(1).max(mostCases),
});

type PolicyCase = z.output<typeof policyCase>;

/** The file that a policy's cases are in: `policy.test.yaml` beside `policy.yaml`. */
export function casesFile(policyPath: string): string {
  return policyPath.replace(/(?:\.ya?ml)?$/, ".test.yaml");
}

export interface CaseBench {
  readonly policy: Policy;
  /** A place that is described and not looked at: paths as they are written, nothing committed. */
  readonly placeOf: (place: { readonly workspace: string; readonly home: string }) => Surroundings;
}

/** Decides every case of a file by a policy; needs `prepareReading` done. */
export function runCases(
  content: string,
  fileName: string,
  bench: CaseBench,
): { readonly ok: readonly CaseResult[] } | { readonly problem: PolicyProblem } {
  const read = readYaml(content, fileName, { schema: casesSchema, jsonSchema: () => z.toJSONSchema(casesSchema, { io: "input" }) });
  if ("problem" in read) return read;
  const { value, yaml, counter } = read.ok;
  const results = value.cases.map((one, at) => {
    const node: unknown = yaml.getIn(["cases", at], true);
    const offset = (node as { readonly range?: readonly number[] } | undefined)?.range?.[0];
    return { ...runCase({ ...value.defaults, ...one }, bench), line: offset === undefined ? null : counter.linePos(offset).line };
  });
  return { ok: results };
}

function runCase(one: PolicyCase, { policy, placeOf }: CaseBench): Omit<CaseResult, "line"> {
  const surroundings = placeOf({ workspace: one.workspace ?? defaultPlace.workspace, home: one.home ?? defaultPlace.home });
  const { effect, level, reasons } = judgeAction(proposedOf(one), {
    policy,
    surroundings,
    autonomy: one.autonomy ?? null,
    trustTier: one.trust_tier ?? "standard",
    agent: one.agent ?? "test",
    now: one.at === undefined ? 0 : Date.parse(one.at),
  });
  const hasRule = one.rule === undefined || reasons.some(({ rule }) => rule === one.rule);
  const hasLevel = one.level === undefined || one.level === level;
  return {
    name: one.name,
    ok: effect === one.expect && hasRule && hasLevel,
    expected: {
      effect: one.expect,
      ...(one.rule === undefined ? {} : { rule: one.rule }),
      ...(one.level === undefined ? {} : { level: one.level }),
    },
    got: { effect, level, reasons },
  };
}

function proposedOf({ action: { type, tool, ...given }, environment }: PolicyCase): ProposedAction {
  return {
    type,
    arguments: given,
    ...(tool === undefined ? {} : { tool }),
    ...(environment === undefined ? {} : { environment }),
  };
}
