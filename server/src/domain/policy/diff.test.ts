import { expect, it } from "vitest";
import { diffPolicies } from "./diff.js";
import type { PolicyDocument, RuleDocument } from "./document.js";

const deny: RuleDocument = { id: "b", effect: "deny", when: { program: "rm" } };
const allow: RuleDocument = { id: "a", effect: "allow", when: { program: "ls" } };

function changes(before: Partial<PolicyDocument>, after: Partial<PolicyDocument>) {
  return diffPolicies({ version: 1, ...before }, { version: 1, ...after }).map(({ kind, what, direction }) => [kind, what, direction]);
}

it("says nothing where only the order differs", () => {
  expect(changes({ rules: [allow, deny] }, { rules: [deny, allow] })).toEqual([]);
});

it.each([
  [{ rules: [] }, { rules: [allow] }, ["added", "rules.a", "looser"]],
  [{ rules: [allow] }, { rules: [] }, ["removed", "rules.a", "tighter"]],
  [{ rules: [] }, { rules: [deny] }, ["added", "rules.b", "tighter"]],
  [{ rules: [deny] }, {}, ["removed", "rules.b", "looser"]],
  [{ rules: [deny] }, { rules: [{ ...deny, when: { program: "mv" } }] }, ["changed", "rules.b", null]],
  [{ autonomy: "notify" as const }, { autonomy: "ask_first" as const }, ["changed", "autonomy", "tighter"]],
  [{ thresholds: { ask_at: 50 } }, { thresholds: { ask_at: 60 } }, ["changed", "thresholds.ask_at", "looser"]],
  [
    { approval: { levels: { payment: "review" as const } } },
    { approval: { levels: { payment: "required" as const } } },
    ["changed", "approval.levels.payment", "tighter"],
  ],
  [{}, { guardrails: { forbidden_paths: ["/etc/**"] } }, ["added", "guardrails.forbidden_paths", null]],
])("from %j to %j", (before, after, change) => {
  expect(changes(before, after)).toEqual([change]);
});
