import type { PolicyDocument, RuleDocument } from "../../server/dist/domain/policy/document.js";

/** One rule in words that all three engines have: who, what, where. */
export interface BenchRule {
  readonly id: string;
  readonly effect: "allow" | "deny";
  readonly agent: string;
  readonly type: "file_read" | "file_write" | "file_delete";
  /** Everything below this folder. */
  readonly folder: string;
}

export interface BenchAction {
  readonly agent: string;
  readonly type: BenchRule["type"];
  readonly path: string;
}

const types = ["file_read", "file_write", "file_delete"] as const;
const agents = 100;
const denyEvery = 5;

/** As many rules, spread over agents, types and folders; every fifth denies a folder inside one that is allowed. */
export function benchRules(count: number): readonly BenchRule[] {
  return Array.from({ length: count }, (_, at) => {
    const isDeny = at % denyEvery === denyEvery - 1;
    const project = isDeny ? at - 1 : at;
    return {
      id: `rule-${at}`,
      effect: isDeny ? "deny" : "allow",
      agent: `agent-${project % agents}`,
      type: types[project % types.length] ?? "file_read",
      folder: isDeny ? `/srv/project-${project}/secret` : `/srv/project-${project}`,
    };
  });
}

/** Actions that meet an allow, a deny and no rule at all, in turn. */
export function benchActions(rules: readonly BenchRule[], count: number): readonly BenchAction[] {
  const stride = 7_919;
  return Array.from({ length: count }, (_, at) => {
    const { agent, type, folder } = rules[(at * stride) % rules.length] ?? { agent: "nobody", type: "file_read" as const, folder: "/srv" };
    return at % 3 === 2
      ? { agent: "agent-none", type, path: `${folder}/a/b.ts` }
      : { agent, type, path: `${folder}/src/deep/file-${at}.ts` };
  });
}

/** The rules in our own words. */
export function pullcordRules(rules: readonly BenchRule[]): PolicyDocument {
  const own = rules.map(({ id, effect, agent, type, folder }): RuleDocument => ({
    id,
    effect,
    when: { agent, type, path: `${folder}/**` },
  }));
  return { version: 1, rules: own };
}
