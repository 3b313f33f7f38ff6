import { PullcordError, type Action, type Explanation, type WhatWouldChange } from "@pullcord/sdk/protocol";
import type { FakeState } from "./state.js";

const policyFile = "/home/ada/.pullcord/policy.yaml";

/** The text of the policy in force; the lines of decisions are those of this text. */
export const policyText = `# What agents may do without asking.
version: 1
autonomy: ask_destructive
thresholds:
  ask_at: 50
rules:
  - id: reading-is-free
    effect: allow
    when: { type: file_read, path: "./**" }
  - id: no-force-push
    effect: deny
    when: { command: "git push --force*" }
    reason: Force pushes to main are denied by the policy.
  - id: production-asks
    effect: require_approval
    level: required
    when: { environment: production }
    reason: Deployments to production wait for a person.
`;

/** Line of `thresholds.ask_at` above. */
const askAtLine = 5;

/** An explanation like those that the server works out. */
export function explain(state: FakeState, id: string): Explanation {
  const asked = [...state.requests.values()].map((request) => request.action);
  const action = [...state.actions.values(), asked].flat().find((one) => one.id === id);
  if (!action) throw new PullcordError("not_found", "unknown_action", `There is no action ${id}.`);
  const wouldChange = action.decision ? changes(action) : [];
  return {
    action,
    policy: { file: policyFile, hasChanged: false },
    wouldChange,
    notes: wouldChange.length > 0 ? [] : ["No single change of autonomy, trust, rules, thresholds or limits would have changed this."],
    today: null,
  };
}

function changes({ decision, assessment }: Action): readonly WhatWouldChange[] {
  if (decision?.effect === "allow")
    return [{ kind: "autonomy", sentence: "At the autonomy level ask_first, a person would have been asked.", effect: "require_approval" }];
  const [rule] = decision?.reasons ?? [];
  const score = assessment?.score ?? 0;
  return [
    ...(rule?.step === "policy" && rule.line !== undefined
      ? ([
          {
            kind: "rule",
            sentence: `Without the rule ${rule.rule ?? ""}, this would have run, and people would have been told.`,
            effect: "allow",
            rule: rule.rule ?? "",
            line: rule.line,
          },
        ] as const)
      : ([
          {
            kind: "autonomy",
            sentence:
              "At the autonomy level notify, and for an agent of trust tier trusted, this would have run, and people would have been told.",
            effect: "allow",
          },
          {
            kind: "threshold",
            sentence: `If the policy asked only from ${score + 1} up (ask_at is 50), this would have run, and people would have been told.`,
            effect: "allow",
            rule: "thresholds.ask_at",
            line: askAtLine,
          },
        ] as const)),
    ...(assessment?.alternatives ?? []).map(({ text }): WhatWouldChange => ({
      kind: "alternative",
      sentence: `With “${text}” in its place, this would have run without a question.`,
      effect: "allow",
    })),
  ];
}
