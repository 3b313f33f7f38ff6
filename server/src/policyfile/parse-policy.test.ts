import { bounds, type PolicyProblem } from "@pullcord/sdk/protocol";
import { hash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Policy } from "../domain/policy/policy.js";
import { defaultPolicy, defaultPolicyText } from "./default-policy.js";
import { parsePolicy } from "./parse-policy.js";
import { conditionHelp, policyJsonSchema, settingHelp } from "./schema.js";

function policy(text: string): Policy {
  const parsed = parsePolicy(text, "policy.yaml");
  if ("problem" in parsed) throw new Error(JSON.stringify(parsed.problem));
  return parsed.ok;
}

function problem(text: string): PolicyProblem {
  const parsed = parsePolicy(text, "policy.yaml");
  if ("ok" in parsed) throw new Error("accepted");
  return parsed.problem;
}

describe("a policy file", () => {
  it("gets the defaults for all it leaves out", () => {
    expect(policy("version: 1")).toMatchObject({
      version: hash("sha256", "version: 1"),
      autonomy: "ask_destructive",
      thresholds: { askAt: 50, denyAt: 95 },
      approval: { levels: { file_read: "none", payment: "required_2fa", unknown: "required" }, expiryMs: { required_2fa: 300_000 } },
      guardrails: {
        limits: [
          { guardrail: "run_time", at: { pause: 28_800_000 } },
          { guardrail: "error_rate", at: { pause: 0.5 } },
          { guardrail: "files_per_run", at: { ask: 10, pause: 50 } },
        ],
        errorsOfLast: 20,
      },
      rules: { rules: [] },
    });
  });

  it("says what it says", () => {
    const text = `version: 1
autonomy: notify
thresholds: { ask_at: 40, deny_at: 90 }
approval:
  default_level: admin_only
  levels: { file_delete: required }
  expiry: { review: 1y }
guardrails: { files_per_run: { ask: 1, pause: 2 }, run_time: 5m, error_rate: { of_last: 5, pause_at: 1 }, forbidden_paths: ["~/.ssh/**"] }
rules:
  - id: everything
    effect: require_approval
    when: { type: [command_execute, payment], program: git, command: "git push*", path: "infra/**", host: "*.x.org", sql: [drop], tool: "mcp__*",
            environment: production, agent: "claude-*", risk_at_least: 60, arguments: { amount: { above: 5 }, to: [a, 1, true] } }
    level: required
    reason: "Because."
`;
    expect(policy(text)).toMatchObject({
      autonomy: "notify",
      thresholds: { askAt: 40, denyAt: 90 },
      approval: { levels: { file_delete: "required", unknown: "admin_only" }, expiryMs: { review: 31_536_000_000, required: 86_400_000 } },
      guardrails: {
        limits: [
          { guardrail: "run_time", at: { pause: 300_000 } },
          { guardrail: "error_rate", at: { pause: 1 } },
          { guardrail: "files_per_run", at: { ask: 1, pause: 2 } },
        ],
        errorsOfLast: 5,
      },
      rules: { rules: [{ id: "everything" }] },
    });
  });

  it("knows on which line each rule and each setting stands", () => {
    const { rules, settingLines } = policy(`version: 1
thresholds:
  # from here on a person is asked
  ask_at: 40
approval: { levels: { payment: admin_only } }
rules:
  - { id: first, effect: deny, when: { program: rm } }

  - effect: allow
    id: second
    when: { program: ls }
`);
    expect(rules.rules.map(({ id, line }) => [id, line])).toEqual([
      ["first", 7],
      ["second", 9],
    ]);
    expect(settingLines.get("thresholds.ask_at")).toBe(4);
    expect(settingLines.get("approval.levels.payment")).toBe(5);
    expect(settingLines.get("thresholds.deny_at")).toBeUndefined();
  });

  it("starts from a text that is a policy", () => {
    expect(defaultPolicy()).toMatchObject({ version: hash("sha256", defaultPolicyText), rules: { rules: [{}] } });
  });
});

function rule(inner: string): string {
  return `version: 1\nrules:\n  - id: a\n    effect: deny\n    ${inner}\n`;
}

describe("a file with a mistake is refused, with the place and the reason", () => {
  it.each<[string, string, number | null, RegExp]>([
    ["nothing in it", "", 1, /empty/],
    ["only remarks", "# hello\n", 1, /empty/],
    ["no version", "autonomy: full", 1, /version is missing/],
    ["another version", "version: 2", 1, /version has to be 1/],
    ["an unknown key", "version: 1\naproval: {}", 2, /"aproval".*Did you mean approval\?/],
    ["an unknown key inside", "version: 1\nguardrails:\n  run_tme: 5m", 3, /"run_tme" in guardrails\. Did you mean run_time\?/],
    ["an unknown condition", rule("when: { comand: x }"), 5, /"comand" in rules\[1\]\.when\. Did you mean command\?/],
    ["an unknown type among the levels", "version: 1\napproval: { levels: { file_delte: review } }", 2, /"file_delte".*file_delete\?/],
    ["an unknown bound", rule("when: { arguments: { amount: { abov: 3 } } }"), 5, /"abov".*Did you mean above\?/],
    ["a key twice", "version: 1\nautonomy: full\nautonomy: notify", 3, /twice/],
    ["a value that is none", "version: 1\nautonomy: ful", 2, /autonomy has to be one of.*Did you mean full\?/],
    ["an unknown effect", "version: 1\nrules:\n  - { id: a, effect: block, when: { agent: x } }", 3, /effect has to be one of allow/],
    ["an unknown type in a list", rule("when: { type: [payment, pament] }"), 5, /type\[2\].*payment\?/],
    ["a number for text", "version: 1\nrules: 5", 2, /rules has to be a list/],
    ["a score out of range", "version: 1\nthresholds: { ask_at: 101 }", 2, /at most 100/],
    ["thresholds the wrong way round", "version: 1\nthresholds: { ask_at: 90, deny_at: 10 }", 2, /above deny_at/],
    ["a length of time that is none", "version: 1\nguardrails: { run_time: soon }", 2, /written like/],
    ["one longer than a year", "version: 1\nguardrails: { run_time: 2y }", 2, /at most 1y/],
    ["a path pattern that leaves its folder", rule("when: { path: ../x }"), 5, /no path pattern/],
    ["a broken glob", rule("when: { path: 'a[b' }"), 5, /no path pattern/],
    ["a rule without conditions", rule("when: {}"), 5, /at least one condition/],
    ["an empty list", rule("when: { program: [] }"), 5, /too short|at least 1/],
    ["a rule that denies with a level", rule("when: { agent: x }\n    level: review"), 6, /denies has no level/],
    [
      "the same id twice",
      "version: 1\nrules:\n  - { id: a, effect: deny, when: { agent: x } }\n  - { id: a, effect: deny, when: { agent: y } }",
      4,
      /id a already/,
    ],
    ["a tag", "version: !!js/regexp 1", 1, /Tags/],
    ["a second document", "version: 1\n---\nversion: 1", null, /second document|YAML/],
    ["broken YAML", "version: 1\nrules: [", 2, /YAML/],
    [
      "an alias bomb",
      `version: 1\na: &a [x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]`,
      null,
      /aliases/,
    ],
    ["deep nesting", `version: 1\nrules: ${"[".repeat(50_000)}`, null, /./],
    ["a prototype", "version: 1\n__proto__: { autonomy: full }", 2, /__proto__/],
    [
      "a pattern that leads out of the workspace",
      "version: 1\nsnapshots: { leave_out: ['../other/**'] }",
      2,
      /snapshots\.leave_out.*no path pattern/,
    ],
    ["a pattern with an open bracket", "version: 1\nsnapshots:\n  keep_also: ['vendor/[a']", 3, /snapshots\.keep_also.*no path pattern/],
    ["files too large to keep", "version: 1\nsnapshots: { largest_file_mib: 1000 }", 2, /snapshots\.largest_file_mib.*256/],
    ["too much of it", "#".repeat(bounds.policyTextLength + 1), null, /larger/],
  ])("%s", (...[, text, line, sentence]) => {
    const found = problem(text);
    expect(found.sentence).toMatch(sentence);
    expect(line === null ? null : found.line).toBe(line);
  });

  it("names the first of several", () => {
    expect(problem("version: 1\nthresholds: { ask: 1 }\nautonmy: full")).toMatchObject({ line: 2, column: 15 });
  });
});

it("is described by the published JSON Schema", async () => {
  await expect(`${JSON.stringify(policyJsonSchema(), null, 2)}\n`).toMatchFileSnapshot("../../schema/policy.schema.json");
});

it("helps with every key of the file, in the schema's own words", () => {
  const settings = settingHelp();
  expect(settings).toContainEqual({ key: "history.decisions", description: expect.stringContaining("180d") as string });
  expect(settings).toContainEqual({ key: "guardrails.files_per_run", description: "warn, ask, pause, stop" });
  expect(settings.some(({ key, description }) => key.startsWith("rules") || description === "")).toBe(false);
  expect(conditionHelp().map(({ key }) => key)).toEqual(expect.arrayContaining(["type", "program", "path", "matcher"]));
});
