import { describe, expect, it } from "vitest";
import type { RuleDocument } from "../domain/policy/document.js";
import { addRule } from "./add-rule.js";
import { defaultPolicyText } from "./default-policy.js";
import { readPolicy } from "./read-policy.js";

const rule: RuleDocument = {
  id: "allow-x",
  effect: "allow",
  when: { agent: "codex", command: ["npm test", 'a "b": c #d'] },
  reason: "Why: because.",
};

function rulesOf(text: string): readonly RuleDocument[] {
  const read = readPolicy(text, "policy.yaml");
  if ("problem" in read) throw new Error(`${read.problem.line}: ${read.problem.sentence}\n${text}`);
  return read.ok.document.rules ?? [];
}

describe("a rule is added", () => {
  it.each([
    ["to the starter policy", defaultPolicyText],
    ["where there are no rules", "version: 1\n"],
    ["where the list is empty", "version: 1\nrules: []\nautonomy: full\n"],
    ["where the key has nothing", "version: 1\nrules:\n"],
    ["to a list that is not indented", "version: 1\nrules:\n- id: a\n  effect: deny\n  when: { program: rm }\n"],
    [
      "before what follows the rules",
      "version: 1\nrules:\n  - { id: a, effect: deny, when: { program: rm } }\n# after\nautonomy: full # end\n",
    ],
    ["to a list in one line", "version: 1\nrules: [{ id: a, effect: deny, when: { program: rm } }]\n"],
    ["to a text without a last line break", "version: 1\nrules:\n  - { id: a, effect: deny, when: { program: rm } }"],
  ])("%s", (_, text) => {
    const before = rulesOf(text.replace(/rules:\n$/, ""));
    const { text: after } = addRule(text, rule);
    expect(rulesOf(after)).toEqual([...before, rule]);
    for (const comment of text.match(/#.*/g) ?? []) expect(after).toContain(comment);
  });
});
