import { expect, it } from "vitest";
import { parsePolicy } from "../../policyfile/parse-policy.js";
import { decide } from "../decide.js";
import { factsOf, readingOf, type FactsForTests } from "../facts-for-tests.js";

const text = `version: 1
autonomy: ask_destructive
thresholds:
  ask_at: 40
  deny_at: 90
approval:
  levels:
    payment: admin_only
guardrails:
  files_per_run: { ask: 1, pause: 9 }
  forbidden_paths: ["secret/**"]
rules:
  - id: no-reading
    effect: deny
    when: { path: "private/**" }
`;

function policy() {
  const parsed = parsePolicy(text, "policy.yaml");
  if ("problem" in parsed) throw new Error(parsed.problem.sentence);
  return parsed.ok;
}

function placesOf(facts: FactsForTests): readonly (string | number | undefined)[] {
  const verdict = decide(factsOf({ policy: policy(), ...facts }), 1);
  if (verdict.kind !== "decided") throw new Error(verdict.sentence);
  return verdict.decision.reasons.flatMap(({ rule, line }) => (line === undefined ? [] : [rule, line]));
}

const reads = (path: string) => readingOf({ reads: [path] });

it.each<[string, FactsForTests, readonly (string | number)[]]>([
  ["a rule", { reading: reads("/work/private/a") }, ["no-reading", 13]],
  ["the ask threshold", { reading: readingOf({ assessment: { score: 45 } }) }, ["ask_destructive", 4]],
  ["the deny threshold", { reading: readingOf({ assessment: { score: 92 } }) }, ["deny_at", 5]],
  ["a type's level", { proposed: { type: "payment", arguments: {} } }, ["approval_level", 8]],
  ["the file count", { reading: readingOf({ writes: ["/work/a", "/work/b"] }) }, ["files_per_run", 10]],
  ["a forbidden area", { reading: reads("/work/secret/a") }, ["forbidden_paths", 11]],
  ["the dial", {}, ["ask_destructive", 2]],
])("points at the line of %s", (_name, facts, places) => {
  expect(placesOf(facts)).toEqual(expect.arrayContaining([...places]));
});

it("points nowhere for what the file does not say", () => {
  expect(placesOf({ autonomySet: { level: "notify", from: "run" } })).toEqual([]);
  expect(placesOf({ trustTier: "restricted" })).toEqual([]);
});
