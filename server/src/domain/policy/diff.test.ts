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
  [{}, { guardrails: { tokens_per_run: { ask: 5 } } }, ["added", "guardrails.tokens_per_run.ask", "tighter"]],
  [{ guardrails: { tokens_per_run: { ask: 5 } } }, {}, ["removed", "guardrails.tokens_per_run.ask", "looser"]],
  [
    { guardrails: { money_per_agent_day: { stop: 5 } } },
    { guardrails: { money_per_agent_day: { stop: 6 } } },
    ["changed", "guardrails.money_per_agent_day.stop", "looser"],
  ],
  // The default asks above 10.
  [{}, { guardrails: { files_per_run: { ask: 20 } } }, ["added", "guardrails.files_per_run.ask", "looser"]],
  [{ guardrails: { run_time: "8h" } }, { guardrails: { run_time: "1h" } }, ["changed", "guardrails.run_time", "tighter"]],
  [{}, { guardrails: { error_rate: { ask_at: 0.2 } } }, ["added", "guardrails.error_rate.ask_at", "tighter"]],
  [
    { guardrails: { anomaly: { new_host: "stop" as const } } },
    { guardrails: { anomaly: { new_host: "warn" as const } } },
    ["changed", "guardrails.anomaly.new_host", "looser"],
  ],
  [{}, { guardrails: { tools: { mcp__deploy: { ask: 1 } } } }, ["added", "guardrails.tools.mcp__deploy.ask", "tighter"]],
  [{}, { guardrails: { day_zone: "Europe/Vienna" } }, ["added", "guardrails.day_zone", null]],
  [{}, { guardrails: { forbidden_paths: ["/etc/**"] } }, ["added", "guardrails.forbidden_paths", null]],
])("from %j to %j", (before, after, change) => {
  expect(changes(before, after)).toEqual([change]);
});
