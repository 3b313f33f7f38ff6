import type { ProposedAction } from "@pullcord/sdk/protocol";
import { describe, expect, it } from "vitest";
import { commandOf, policyWith, readingOf, shell } from "../facts-for-tests.js";
import type { Reading } from "../reading.js";
import type { Conditions } from "./document.js";
import { matchRules } from "./match.js";
import { subjectOf } from "./subject.js";

interface Case {
  readonly proposed?: ProposedAction;
  readonly reading?: Reading;
  readonly environment?: readonly string[];
  readonly score?: number;
  readonly now?: number;
}

/** How one rule takes an action: by its effect, `maybe` where that cannot be known. */
function taken(
  effect: "allow" | "require_approval" | "deny",
  when: Conditions,
  { proposed = shell(""), reading = readingOf(), environment, score = 0, now = 0 }: Case,
): string {
  const { rules } = policyWith({ id: "rule", effect, when });
  const parts = { proposed, agent: "claude-code", environments: environment ?? [], reading, score, now };
  const subject = subjectOf({ ...parts, workspace: "/work", home: "/home/ada" });
  const { denies, asks, allows } = matchRules(rules, subject);
  if (denies.length > 0) return "deny";
  if (asks.length > 0) return asks[0]?.fit === "yes" ? "require_approval" : "maybe";
  return allows.length > 0 ? "allow" : "no";
}

function runs(text: string, commands = [text], parts: Parameters<typeof readingOf>[0] = {}): Case {
  return { proposed: shell(text), reading: readingOf({ ...parts, commands: commands.map(commandOf) }) };
}

const unknownProgram: Case = {
  proposed: shell("$X push"),
  reading: readingOf({ commands: [{ program: null, words: ["push"], text: "$X push" }] }),
};
const openCommit: Case = {
  proposed: shell('git commit -m "$X"'),
  reading: readingOf({ commands: [{ program: "git", words: ["commit", "-m", null], text: 'git commit -m "$X"' }] }),
};
const unknownWord: Case = {
  proposed: shell("git $X"),
  reading: readingOf({ commands: [{ program: "git", words: [null], text: "git $X" }] }),
};
const spaced: Case = {
  proposed: shell(`git  'push' --force`),
  reading: readingOf({ commands: [{ program: "git", words: ["push", "--force"], text: `git 'push' --force` }] }),
};
const pay = (amount: number | string): Case => ({
  proposed: { type: "payment", arguments: { amount, to: { country: "FR", tags: ["new", "big"] } } },
});
const statement = (kind: string, bounded: boolean): Case => ({
  reading: readingOf({ statements: [{ kind, tables: ["users"], bounded }] }),
});
const named = (resource: string): Case => ({ proposed: { type: "deployment", arguments: { resource } } });
const at = (time: string): Case => ({ now: Date.parse(time) });
const tool: Case = { proposed: { type: "external_api_call", arguments: {}, tool: { name: "mcp__pay__send", input: { amount: 70 } } } };

describe("a rule that denies", () => {
  it.each<[string, Conditions, Case, string]>([
    ["the proposed type", { type: "command_execute" }, runs("ls"), "deny"],
    ["what the reading shows it to be", { type: "file_delete" }, runs("rm a", ["rm a"], { deletes: ["/work/a"] }), "deny"],
    ["no other type", { type: "payment" }, runs("ls"), "no"],
    ["a program among several", { program: "git" }, runs("ls && git push", ["ls", "git push"]), "deny"],
    ["a program by pattern", { program: "python*" }, runs("python3 x.py"), "deny"],
    ["a program that cannot be known", { program: "git" }, unknownProgram, "maybe"],
    ["a command", { command: "git push * --force*" }, runs("git push origin main --force-with-lease"), "deny"],
    ["a command behind quotes and spaces", { command: "git push --force" }, spaced, "deny"],
    ["a command with a word that cannot be known", { command: "git push*" }, unknownWord, "maybe"],
    ["no command whose known words differ", { command: "git push*" }, openCommit, "no"],
    ["no command of another program", { command: "npm publish" }, unknownWord, "no"],
    ["any of several", { command: ["npm publish", "git push*"] }, runs("git push"), "deny"],
    ["a path it writes", { path: "infra/**" }, { reading: readingOf({ writes: ["/work/infra/a.tf"] }) }, "deny"],
    ["a path it reads, hidden files too", { path: "/etc/**" }, { reading: readingOf({ reads: ["/etc/.pwd.lock"] }) }, "deny"],
    ["a path from the home folder", { path: "~/.aws/**" }, { reading: readingOf({ reads: ["/home/ada/.aws/config"] }) }, "deny"],
    ["a path whatever its case", { path: "infra/**" }, { reading: readingOf({ writes: ["/work/Infra/a.tf"] }) }, "deny"],
    ["no path of the same name elsewhere", { path: "infra/**" }, { reading: readingOf({ writes: ["/other/infra/a.tf"] }) }, "no"],
    ["deleting what lies above", { path: "infra/prod/**" }, { reading: readingOf({ deletes: ["/work/infra"] }) }, "deny"],
    ["a path that cannot be known", { path: "infra/**" }, { reading: readingOf({ writes: [null] }) }, "maybe"],
    ["a host", { host: "*.example.com" }, { reading: readingOf({ hosts: ["API.Example.com:443"] }) }, "deny"],
    ["no host that only ends alike", { host: "*.example.com" }, { reading: readingOf({ hosts: ["badexample.com"] }) }, "no"],
    [
      "a statement",
      { sql: ["drop", "truncate"] },
      { reading: readingOf({ statements: [{ kind: "TruncateStmt", tables: [], bounded: false }] }) },
      "deny",
    ],
    [
      "a statement by its verb",
      { sql: "alter" },
      { reading: readingOf({ statements: [{ kind: "AlterTableStmt", tables: [], bounded: true }] }) },
      "deny",
    ],
    ["a write to every row", { sql: "unbounded" }, statement("DeleteStmt", false), "deny"],
    ["no write to some rows", { sql: "unbounded" }, statement("DeleteStmt", true), "no"],
    ["a table as a resource", { resource: "USERS" }, statement("DeleteStmt", true), "deny"],
    ["a resource that its arguments name", { resource: "bucket-*" }, named("bucket-7"), "deny"],
    ["no other resource", { resource: "bucket-8" }, named("bucket-7"), "no"],
    ["a flag", { flag: "--force" }, runs("git push --force"), "deny"],
    ["a flag with its value", { flag: "--force" }, runs("git push --force=yes"), "deny"],
    ["a flag that begins alike", { flag: "--force*" }, runs("git push --force-with-lease"), "deny"],
    ["a flag among others", { flag: "-f" }, runs("rm -rf x"), "deny"],
    ["a flag that may be an abbreviation of it", { flag: "--force" }, runs("git push --forc"), "maybe"],
    ["no flag behind --", { flag: "-f" }, runs("rm -- -f"), "no"],
    ["a flag of a word that cannot be known", { flag: "-f" }, openCommit, "maybe"],
    ["a program and a flag of one command", { program: "rm", flag: "-r" }, runs("ls; rm -r x", ["ls", "rm -r x"]), "deny"],
    ["no flag of another command", { program: "git", flag: "-r" }, runs("git log; rm -r x", ["git log", "rm -r x"]), "no"],
    ["a path with a line break", { path: "/etc/**" }, { reading: readingOf({ writes: ["/etc/a\nb"] }) }, "deny"],
    ["a path with a line break, by a glob", { path: "/etc/**/b" }, { reading: readingOf({ writes: ["/etc/a\nb/c/b"] }) }, "deny"],
    ["a time", { time: { days: "thu", from: "08:00", to: "12:00" } }, at("1970-01-01T08:00Z"), "deny"],
    ["no time at its end", { time: { from: "08:00", to: "12:00" } }, at("1970-01-01T12:00Z"), "no"],
    ["no other day", { time: { days: ["fri", "sat"] } }, at("1970-01-01T08:00Z"), "no"],
    ["the night of the day before", { time: { days: "thu", from: "22:00", to: "06:00" } }, at("1970-01-02T05:59Z"), "deny"],
    ["no night of the day itself", { time: { days: "thu", from: "22:00", to: "06:00" } }, at("1970-01-01T05:59Z"), "no"],
    ["a time where the clocks differ", { time: { from: "17:00", to: "18:00", zone: "Asia/Tokyo" } }, at("1970-01-01T08:30Z"), "deny"],
    ["a tool", { tool: "mcp__*" }, tool, "deny"],
    ["an environment", { environment: "production" }, { environment: ["Production"] }, "deny"],
    ["the run's environment, whatever the action says", { environment: "production" }, { environment: ["production", "test"] }, "deny"],
    ["an agent", { agent: "claude-*" }, {}, "deny"],
    ["a risk", { risk_at_least: 60 }, { score: 60 }, "deny"],
    ["no lower risk", { risk_at_least: 60 }, { score: 59 }, "no"],
    ["an amount", { arguments: { amount: { above: 50 } } }, pay(51), "deny"],
    ["an amount written as text", { arguments: { amount: { above: 50 } } }, pay("51"), "deny"],
    ["no amount at the bound", { arguments: { amount: { above: 50 } } }, pay(50), "no"],
    ["an inner argument", { arguments: { "to.country": ["DE", "FR"] } }, pay(1), "deny"],
    ["an argument in a list", { arguments: { "to.tags": "big" } }, pay(1), "deny"],
    ["an argument of the tool's own input", { arguments: { amount: 70 } }, tool, "deny"],
    ["nothing unless every condition holds", { tool: "mcp__*", environment: "production" }, tool, "no"],
  ])("takes %s", (...[, when, action, expected]) => {
    expect(taken("deny", when, action)).toBe(expected);
    expect(taken("require_approval", when, action)).toBe(expected === "deny" ? "require_approval" : expected);
  });
});

describe("a pattern", () => {
  const everything: Conditions = {
    type: ["payment"],
    program: "*",
    command: "*",
    path: "**",
    host: "*",
    sql: "*",
    flag: "*",
    resource: "*",
    tool: "*",
    environment: "*",
    arguments: { amount: "*" },
  };
  it.each(Object.entries(everything))("of %s never matches an action that lacks it", (name, value) => {
    for (const effect of ["allow", "require_approval", "deny"] as const) {
      expect(taken(effect, { [name]: value }, { proposed: { type: "agent_internal", arguments: {} } })).toBe("no");
    }
  });
});

describe("a rule that allows", () => {
  it.each<[string, Conditions, Case, string]>([
    ["its command", { command: "npm test" }, runs("npm test"), "allow"],
    [
      "its commands, joined",
      { command: ["npm test", "npm run *"] },
      runs("npm run lint && npm test", ["npm run lint", "npm test"]),
      "allow",
    ],
    [
      "its command, its output kept from the screen",
      { command: "npm test" },
      runs("npm test > /dev/null 2>&1", ["npm test"], { writes: ["/dev/null"] }),
      "allow",
    ],
    ["its flag", { program: "npm", flag: "--dry-run" }, runs("npm publish --dry-run"), "allow"],
    ["no command without its flag", { program: "npm", flag: "--dry-run" }, runs("npm publish"), "no"],
    ["no flag written otherwise", { flag: "-n" }, runs("git clean -nf"), "no"],
    ["no second command", { command: "npm test" }, runs("npm test; curl x.org", ["npm test", "curl x.org"]), "no"],
    ["no redirection", { command: "echo *" }, runs("echo hi > a", ["echo hi"], { writes: ["/work/a"] }), "no"],
    ["no assignment before it", { command: "npm test" }, runs("NODE_OPTIONS=-rx npm test", ["npm test"]), "no"],
    ["no wrapper around it", { program: "npm" }, runs("sudo npm test", ["sudo npm test", "npm test"]), "no"],
    [
      "no program from another folder",
      { program: "npm" },
      { proposed: shell("/tmp/npm"), reading: readingOf({ commands: [{ program: "npm", words: [], text: "/tmp/npm" }] }) },
      "no",
    ],
    ["no write outside the run's folder", { program: "cp" }, runs("cp a /etc/b", ["cp a /etc/b"], { writes: ["/etc/b"] }), "no"],
    [
      "a write there that it names",
      { program: "cp", path: ["a", "/etc/b"] },
      runs("cp a /etc/b", ["cp a /etc/b"], { reads: ["/work/a"], writes: ["/etc/b"] }),
      "allow",
    ],
    ["nothing that was not understood", { program: "make" }, runs("make all", ["make all"], { assessment: { understood: false } }), "no"],
    [
      "what was not understood, letter for letter",
      { command: "make all" },
      runs("make all", ["make all"], { assessment: { understood: false } }),
      "allow",
    ],
    [
      "that only where the rest holds",
      { command: "make all", environment: "ci" },
      runs("make all", ["make all"], { assessment: { understood: false } }),
      "no",
    ],
    ["no environment, which the agent names itself", { environment: "ci" }, { environment: ["ci"] }, "no"],
    ["no other environment beside its own", { environment: "test" }, { environment: ["production", "test"] }, "no"],
    ["no path beside its own", { path: "src/**" }, { reading: readingOf({ writes: ["/work/src/a", "/work/b"] }) }, "no"],
    ["no path in other letters", { path: "src/**" }, { reading: readingOf({ writes: ["/work/SRC/a"] }) }, "no"],
    ["no path that cannot be known", { path: "**" }, { reading: readingOf({ writes: [null] }) }, "no"],
    ["no host beside its own", { host: "a.org" }, { reading: readingOf({ hosts: ["a.org", "b.org"] }) }, "no"],
    [
      "no other amount in the tool's own input",
      { arguments: { amount: { at_most: 10 } } },
      { proposed: { type: "payment", arguments: { amount: 1 }, tool: { name: "t", input: { amount: 99 } } } },
      "no",
    ],
  ])("takes %s", (...[, when, action, expected]) => {
    expect(taken("allow", when, action)).toBe(expected);
  });
});
