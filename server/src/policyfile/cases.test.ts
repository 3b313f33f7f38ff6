import { beforeAll, describe, expect, it } from "vitest";
import { prepareReading } from "../domain/risk/read-action.js";
import type { Surroundings } from "../domain/reading.js";
import { casesFile, runCases } from "./cases.js";
import { parsePolicy } from "./parse-policy.js";

const policyText = `version: 1
rules:
  - { id: no-force, effect: deny, when: { program: git, flag: --force } }
  - { id: nights, effect: deny, when: { command: "make deploy", time: { from: "22:00", to: "06:00" } } }
`;

beforeAll(prepareReading);

function placeOf({ workspace, home }: { readonly workspace: string; readonly home: string }): Surroundings {
  const resolve = (path: string) => ({
    path: path.startsWith("/") ? path : `${workspace}/${path}`,
    exists: false,
    kind: "absent" as const,
  });
  return { workspace, home, gate: { paths: [], hosts: [], pids: [] }, resolve, isCommitted: () => null };
}

function ran(cases: string) {
  const parsed = parsePolicy(policyText, "policy.yaml");
  if ("problem" in parsed) throw new Error(parsed.problem.sentence);
  return runCases(cases, "policy.test.yaml", { policy: parsed.ok, placeOf });
}

describe("the cases of a policy", () => {
  it("stand beside it", () => {
    expect(casesFile("/etc/policy.yaml")).toBe("/etc/policy.test.yaml");
    expect(casesFile("/etc/policy")).toBe("/etc/policy.test.yaml");
  });

  it("hold, or say what came instead, with their line", () => {
    const results = ran(`version: 1
cases:
  - { name: denied, action: { type: command_execute, command: "git push --force" }, expect: deny, rule: no-force }
  - { name: by night, action: { type: command_execute, command: "make deploy" }, at: "2026-11-21T23:00:00Z", expect: deny, rule: nights }
  - { name: wrong, action: { type: command_execute, command: "git status" }, expect: deny }
  - { name: other rule, action: { type: command_execute, command: "git push --force" }, expect: deny, rule: nights }
`);
    if ("problem" in results) throw new Error(results.problem.sentence);
    expect(results.ok.map(({ name, ok, line }) => [name, ok, line])).toEqual([
      ["denied", true, 3],
      ["by night", true, 4],
      ["wrong", false, 5],
      ["other rule", false, 6],
    ]);
    expect(results.ok[2]).toMatchObject({ expected: { effect: "deny" }, got: { effect: "allow" } });
  });

  it.each([
    ["version: 1\ncases:\n  - { name: a, action: { type: command_execute }, expect: deny, rul: a }\n", "Did you mean rule?", 3],
    ["version: 1\ncases:\n  - { name: a, action: { type: file_raed }, expect: deny }\n", "Did you mean file_read?", 3],
    ["version: 1\ncases: []\n", "cases", 2],
  ])("are refused when they are none: %j", (text, sentence, line) => {
    expect(ran(text)).toMatchObject({ problem: { line, sentence: expect.stringContaining(sentence) as string } });
  });
});
