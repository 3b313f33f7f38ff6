import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { PullcordError } from "@pullcord/sdk";
import { exitStatus } from "../exit-status.js";
import { escapeLine, escapeLines } from "../screen/escape.js";
import { clockTime } from "../screen/time.js";
import type { Verb } from "../verb.js";

const show: Verb = {
  usage: "show",
  summary: "the policy in force",
  examples: ["policy show", "policy show --json"],
  run: async (cli) => {
    const policy = await cli.person().policy();
    if (cli.isJson) return cli.screen.json(policy);
    cli.screen.note(`# ${policy.file ?? "built in"}, version ${policy.version.slice(0, shownHash)}, since ${clockTime(policy.loadedAt)}`);
    for (const line of escapeLines(policy.text.replace(/\n$/, ""))) cli.screen.line(line);
    const { problem } = policy;
    if (problem)
      cli.screen.note(
        cli.screen.paint.amber(`# A newer file was refused, ${problem.file}:${problem.line ?? "?"}: ${escapeLine(problem.sentence)}`),
      );
  },
};

const check: Verb = {
  usage: "check <file>",
  summary: "whether a policy file is sound; works without a server",
  examples: ["policy check policy.yaml", "policy check policy.yaml --json"],
  run: async (cli, call) => {
    // Loaded only here: the YAML reader would make every other command start later.
    const { parsePolicy } = await import("../../policyfile/parse-policy.js");
    const path = resolve(cli.surroundings.workingDirectory, call.argument(0));
    const result = parsePolicy(readPolicy(path), path);
    const { screen, isJson } = cli;
    const problem = "problem" in result ? result.problem : null;
    if (isJson) screen.json({ file: path, problem });
    else if (problem === null) screen.line(`${path} is sound.`);
    else screen.line(`${path}:${problem.line ?? 1}:${problem.column ?? 1}: ${escapeLine(problem.sentence)}`);
    return problem === null ? exitStatus.ok : exitStatus.no;
  },
};

const shownHash = 12;

function readPolicy(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new PullcordError("not_found", "file", `${path} can't be read.`, { cause });
  }
}

/** The action policy. */
export const policy: Verb = {
  usage: "policy",
  summary: "the action policy: show it, check a file",
  verbs: [show, check],
  examples: ["policy show", "policy check policy.yaml"],
};
