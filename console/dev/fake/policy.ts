import {
  PullcordError,
  type Backtest,
  type PolicyCheck,
  type PolicyDifference,
  type PolicyInForce,
  type PolicyShadow,
  type PolicySuggestion,
  type PolicyVersion,
  type ReplacePolicy,
} from "@pullcord/sdk/protocol";
import { policyText } from "./explain.js";
import { record, type FakeState } from "./state.js";

const dayMs = 86_400_000;

/** The policy of the in-memory server. It understands little: a line with `oops` in it is a mistake. */
export interface FakePolicy {
  text: string;
  readonly versions: (PolicyVersion & { readonly text: string })[];
  shadow: { readonly text: string; readonly since: number } | null;
}

export function seedPolicy(isEmpty: boolean): FakePolicy {
  const now = Date.now();
  const by = { kind: "person" as const, id: "ada", via: "console" as const };
  const older = policyText.replace("ask_at: 50", "ask_at: 60");
  const versions = [
    { version: "3f9a1c".padEnd(64, "0"), at: now - dayMs / 24, by, reason: "Ask a little earlier", text: policyText },
    { version: "77b0e2".padEnd(64, "0"), at: now - 3 * dayMs, by: { kind: "system" as const, id: "pullcord" }, text: older },
  ];
  return {
    text: policyText,
    versions: isEmpty ? [] : versions,
    shadow: isEmpty ? null : { text: withRule(policyText), since: now - dayMs },
  };
}

function withRule(text: string): string {
  return `${text.trimEnd()}\n  - id: no-deploys-on-fridays\n    effect: deny\n    when: { command: "make deploy*", time: { days: fri } }\n`;
}

export function policyInForce(state: FakeState): PolicyInForce {
  return { ...state.status.policy, text: state.policy.text };
}

export function replacePolicy(state: FakeState, { text, base, reason }: ReplacePolicy): PolicyInForce {
  if (base !== state.status.policy.version) throw new PullcordError("conflict", "policy_changed", "Another policy is in force by now.");
  const { problem } = checkPolicy(state, text);
  if (problem) throw new PullcordError("invalid", "policy", `Line ${problem.line}: ${problem.sentence}`);
  const version = (text.length * 2_654_435_761).toString(16).padStart(64, "0");
  state.policy.text = text;
  state.policy.versions.unshift({
    version,
    at: Date.now(),
    by: { kind: "person", id: "ada", via: "console" },
    text,
    ...(reason && { reason }),
  });
  state.status = { ...state.status, policy: { ...state.status.policy, version, loadedAt: Date.now() } };
  record(state, "policy.changed", { body: { version, file: state.status.policy.file } });
  return policyInForce(state);
}

export function checkPolicy(state: FakeState, text: string): PolicyCheck {
  const lines = text.split("\n");
  const wrong = lines.findIndex((line) => line.includes("oops"));
  const file = state.status.policy.file ?? "policy.yaml";
  if (wrong >= 0)
    return {
      problem: { file, line: wrong + 1, column: 1, sentence: 'There is no key "oops" in this file.' },
      changes: [],
      cases: [],
      casesText: null,
    };
  const ids = (of: string) => new Set([...of.matchAll(/id: ([\w-]+)/gu)].map(([, id]) => id ?? ""));
  const [before, after] = [ids(state.policy.text), ids(text)];
  const changed = (kind: "added" | "removed", id: string, direction: "looser" | "tighter" | null) => ({
    kind,
    what: `rules.${id}`,
    before: null,
    after: null,
    direction,
  });
  return {
    problem: null,
    changes: [
      ...[...after].filter((id) => !before.has(id)).map((id) => changed("added", id, "tighter")),
      ...[...before].filter((id) => !after.has(id)).map((id) => changed("removed", id, "looser")),
    ],
    cases: [
      {
        name: "Force pushes are denied",
        line: 3,
        ok: after.has("no-force-push"),
        expected: { effect: "deny", rule: "no-force-push" },
        got: after.has("no-force-push")
          ? { effect: "deny", level: "none", reasons: [{ step: "policy", sentence: "Force pushes to main are denied by the policy." }] }
          : { effect: "require_approval", level: "review", reasons: [{ step: "risk", sentence: "Rewrites what others have." }] },
      },
    ],
    casesText: "version: 1\n",
  };
}

function differences(): readonly PolicyDifference[] {
  const at = Date.now() - 5 * 60_000;
  return [
    {
      description: "git push --force origin main",
      agent: "claude-code",
      score: 71,
      before: {
        effect: "deny",
        level: "none",
        sentence: "Force pushes to main are denied by the policy.",
        rule: "no-force-push",
        line: 10,
      },
      after: { effect: "require_approval", level: "required", sentence: "Rewrites what others have." },
      count: 2,
      actionIds: ["a7k2m9x4pq"],
      lastAt: at,
    },
    {
      description: "make deploy",
      agent: "deploy-bot",
      score: 55,
      before: {
        effect: "require_approval",
        level: "required",
        sentence: "The rule production-asks wants a person to approve this.",
        rule: "production-asks",
        line: 14,
      },
      after: {
        effect: "deny",
        level: "none",
        sentence: "The rule no-deploys-on-fridays denies this.",
        rule: "no-deploys-on-fridays",
        line: 19,
      },
      count: 3,
      actionIds: ["a3n8b2v6wy"],
      lastAt: at - dayMs,
    },
  ];
}

const changed = { "deny>require_approval": 2, "require_approval>deny": 3 };

export function backtestPolicy(state: FakeState, text: string): Backtest {
  const to = Date.now();
  const isSame = text === state.policy.text;
  return {
    replayed: 1_284,
    leftOut: 6,
    from: to - 9 * dayMs,
    to,
    reachesBackTo: to - 121 * dayMs,
    changed: isSame ? {} : changed,
    differences: isSame ? [] : differences(),
    unlisted: 0,
  };
}

export function shadowOf({ policy: { shadow } }: FakeState): { readonly shadow: PolicyShadow | null } {
  if (!shadow) return { shadow: null };
  const [, one] = differences();
  return {
    shadow: {
      ...shadow,
      version: "c41d".repeat(16),
      compared: 214,
      changed: { "require_approval>deny": 3 },
      differences: one ? [one] : [],
    },
  };
}

export function suggestionsOf(state: FakeState): { readonly items: readonly PolicySuggestion[] } {
  if (state.policy.versions.length === 0 || state.policy.text.includes("allow-npm-run-build")) return { items: [] };
  const rule = `- id: allow-npm-run-build\n  effect: allow\n  when:\n    agent: claude-code\n    command: npm run build\n  reason: Proposed from what people approved before.\n`;
  const [first] = differences();
  const after = {
    effect: "allow" as const,
    level: "none" as const,
    sentence: "Proposed from what people approved before.",
    rule: "allow-npm-run-build",
  };
  const before = { effect: "require_approval" as const, level: "review" as const, sentence: "A part of this could not be understood." };
  return {
    items: [
      {
        id: "allow-npm-run-build",
        rule,
        sentence: "People said yes to all 7 of these questions; nobody would have been asked.",
        saved: 7,
        letThrough: first ? [{ ...first, description: "npm run build", score: 24, before, after, count: 7 }] : [],
        text: `${state.policy.text.trimEnd()}\n\n${rule.replaceAll(/^(?=.)/gmu, "  ")}`,
        base: state.status.policy.version,
      },
    ],
  };
}

export const conditions = {
  items: [
    { key: "type", description: "What the action is, or by its reading also is." },
    { key: "program", description: "Base name of a program it runs, behind any wrapper: git." },
    { key: "command", description: "A command it runs, * for any characters: git push * --force*." },
    { key: "path", description: "A path it reads, writes or deletes." },
  ],
  settings: [
    { key: "thresholds.ask_at", description: "Risk from which on a person is asked. Default: 50." },
    { key: "guardrails.run_time", description: "After this long a person has to let the run go on. Default: 8h." },
    { key: "history.decisions", description: "How long it is kept what decisions were made from. Default: 180d." },
  ],
};
