import { explainOptions } from "../policy/explain-options.js";
import { escapeLine, escapeLines } from "../screen/escape.js";
import { clockTime } from "../screen/time.js";
import type { Verb } from "../verb.js";
import { shortVersion } from "../views/policy-version.js";

const show: Verb = {
  usage: "show",
  summary: "the policy in force",
  examples: ["policy show", "policy show --json"],
  run: async (cli) => {
    const policy = await cli.person().policy();
    if (cli.isJson) return cli.screen.json(policy);
    cli.screen.note(`# ${policy.file ?? "built in"}, version ${shortVersion(policy.version)}, since ${clockTime(policy.loadedAt)}`);
    for (const line of escapeLines(policy.text.replace(/\n$/, ""))) cli.screen.line(line);
    const { problem } = policy;
    if (problem)
      cli.screen.note(
        cli.screen.paint.amber(`# A newer file was refused, ${problem.file}:${problem.line ?? "?"}: ${escapeLine(problem.sentence)}`),
      );
  },
};

// Each loaded only when it runs: the YAML reader would make every other command start later.
const check: Verb = {
  usage: "check <file>",
  summary: "whether a policy file is sound, its matchers and cases with it; works without a server",
  examples: ["policy check policy.yaml", "policy check policy.yaml --json"],
  run: async (cli, call) => (await import("../policy/check.js")).checkPolicy(cli, call.argument(0)),
};

const test: Verb = {
  usage: "test <file>",
  summary: "decide the cases beside a policy file (policy.test.yaml); works without a server",
  examples: ["policy test policy.yaml"],
  run: async (cli, call) => (await import("../policy/test.js")).testPolicy(cli, call.argument(0)),
};

const explain: Verb = {
  usage: "explain [command...]",
  summary: "what would be decided about an action, and by which lines of the policy",
  options: explainOptions,
  examples: ['policy explain "git push --force"', "policy explain --policy policy.yaml --type file_write --path infra/main.tf"],
  run: async (cli, call) => (await import("../policy/explain.js")).explainPolicy(cli, call),
};

const diff: Verb = {
  usage: "diff <file> [other]",
  summary: "what a file would change: against what is in force, or from one file to the other",
  examples: ["policy diff policy.yaml", "policy diff old.yaml new.yaml"],
  run: async (cli, call) => (await import("../policy/diff.js")).diffPolicy(cli, call.argument(0), call.args[1]),
};

const backtest: Verb = {
  usage: "backtest <file>",
  summary: "decide recorded history again by a file, and list every decision that would differ",
  options: [{ flags: "--last <count>", summary: "how many of the newest actions; default 10000, at most 100000" }],
  examples: ["policy backtest policy.yaml", "policy backtest policy.yaml --last 100000 --json"],
  run: async (cli, call) => (await import("../policy/history.js")).backtestPolicy(cli, call),
};

const shadow: Verb = {
  usage: "shadow [file]",
  summary: "let a policy run beside the one in force and only log; show what it would have decided otherwise",
  options: [{ flags: "--off", summary: "end it" }],
  examples: ["policy shadow next.yaml", "policy shadow", "policy shadow --off"],
  run: async (cli, call) => (await import("../policy/history.js")).shadowPolicy(cli, call),
};

const suggest: Verb = {
  usage: "suggest",
  summary: "rules that would have saved questions, with all that they would have let through",
  options: [{ flags: "--ratify <id>", summary: "put this one in force" }],
  examples: ["policy suggest", "policy suggest --ratify allow-npm-test-1"],
  run: async (cli, call) => (await import("../policy/history.js")).suggestPolicy(cli, call),
};

const apply: Verb = {
  usage: "apply <file>",
  summary: "put a file's text in force, and into the server's policy file",
  options: [{ flags: "--reason <text>", summary: "why, for the record" }],
  examples: ['policy apply next.yaml --reason "Deploys ask from now on"'],
  run: async (cli, call) => (await import("../policy/history.js")).applyPolicy(cli, call),
};

const versions: Verb = {
  usage: "versions",
  summary: "the policies that were in force, and who put them there",
  examples: ["policy versions"],
  run: async (cli) => (await import("../policy/history.js")).listVersions(cli),
};

/** The action policy. */
export const policy: Verb = {
  usage: "policy",
  summary: "the action policy: show, check, test, explain, compare, try on history, change",
  verbs: [show, check, test, explain, diff, backtest, shadow, suggest, apply, versions],
  examples: ["policy show", "policy check policy.yaml", "policy test policy.yaml"],
};
