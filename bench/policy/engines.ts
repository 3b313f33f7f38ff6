import { compilePolicy } from "../../server/dist/domain/policy/compile.js";
import { matchRules } from "../../server/dist/domain/policy/match.js";
import { subjectOf } from "../../server/dist/domain/policy/subject.js";
import { pullcordRules, type BenchAction, type BenchRule } from "./rules.ts";

/** Decides one action; true where it is allowed. */
export type Decides = (action: BenchAction) => boolean;

/** One engine with the same rules as the others. */
export interface Engine {
  readonly name: string;
  readonly load: (rules: readonly BenchRule[]) => Promise<Decides>;
}

/** All that are installed; the peers come with the workspace's development dependencies. */
export const engines: readonly Engine[] = [
  { name: "Pullcord", load: (rules) => Promise.resolve(pullcord(rules)) },
  { name: "CASL", load: casl },
  { name: "Cedar (WASM)", load: cedar },
];

function pullcord(rules: readonly BenchRule[]): Decides {
  const { rules: index } = compilePolicy(pullcordRules(rules), { version: "0" });
  return ({ agent, type, path }) => {
    const reading = {
      ...nothingRead,
      ...(type === "file_read" ? { reads: [path] } : type === "file_write" ? { writes: [path] } : { deletes: [path] }),
    };
    const proposed = { type, arguments: { path } };
    const place = { workspace: "/work", home: "/home/ada", environments: [], score: 0, now: 0 };
    const { denies, allows } = matchRules(index, subjectOf({ agent, proposed, reading, ...place }));
    return denies.length === 0 && allows.length > 0;
  };
}

const nothing = { first: [], count: 0 };
const nothingRead = {
  commands: [],
  reads: [],
  writes: [],
  deletes: [],
  hosts: [],
  statements: [],
  sqlRuns: [],
  touchesGate: null,
  assessment: {
    score: 0,
    level: "none",
    factors: [],
    reversibility: "reversible",
    understood: true,
    affected: { reads: nothing, writes: nothing, deletes: nothing, programs: nothing, hosts: nothing, databases: nothing },
    alternatives: [],
  },
} as const;

interface Casl {
  readonly createMongoAbility: (rules: readonly object[]) => { can: (action: string, subject: object) => boolean };
  readonly subject: (type: string, object: object) => object;
}

/** CASL tells rules apart by verb and subject; who and where are conditions. The last rule that matches wins. */
async function casl(rules: readonly BenchRule[]): Promise<Decides> {
  const { createMongoAbility, subject } = await peer<Casl>("@casl/ability");
  const written = rules.map(({ effect, agent, type, folder }) => ({
    action: type,
    subject: "File",
    inverted: effect === "deny",
    conditions: { agent, path: { $regex: `^${folder}/` } },
  }));
  const ability = createMongoAbility([...written.filter(({ inverted }) => !inverted), ...written.filter(({ inverted }) => inverted)]);
  return ({ agent, type, path }) => ability.can(type, subject("File", { agent, path }));
}

interface Cedar {
  readonly preparsePolicySet: (id: string, policies: object) => { readonly type: string };
  readonly statefulIsAuthorized: (call: object) => { readonly type: string; readonly response?: { readonly decision: string } };
}

/** Cedar with its policies parsed beforehand. */
async function cedar(rules: readonly BenchRule[]): Promise<Decides> {
  const { preparsePolicySet, statefulIsAuthorized } = await peer<Cedar>("@cedar-policy/cedar-wasm/nodejs");
  const texts = rules.map(
    ({ effect, agent, type, folder }) =>
      `${effect === "allow" ? "permit" : "forbid"}(principal == Agent::"${agent}", action == Action::"${type}", resource) when { context.path like "${folder}/*" };`,
  );
  const name = `bench-${rules.length}`;
  const parsed = preparsePolicySet(name, { staticPolicies: texts.join("\n"), templates: {}, templateLinks: [] });
  if (parsed.type !== "success") throw new Error(`Cedar takes the policies for wrong: ${JSON.stringify(parsed)}`);
  return ({ agent, type, path }) => {
    const answer = statefulIsAuthorized({
      principal: { type: "Agent", id: agent },
      action: { type: "Action", id: type },
      resource: { type: "File", id: "it" },
      context: { path },
      preparsedPolicySetId: name,
      entities: [],
    });
    if (answer.type !== "success") throw new Error(`Cedar gives no answer: ${JSON.stringify(answer)}`);
    return answer.response?.decision === "allow";
  };
}

/** By its name alone, so that nothing but the bench needs it installed. */
async function peer<Module>(name: string): Promise<Module> {
  return (await import(name)) as Module;
}
