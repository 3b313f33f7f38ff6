import type { Verb } from "../verb.js";

/** What Pullcord would say to proposed actions: one JSON line in, one out. */
export const judge: Verb = {
  usage: "judge [command]",
  summary: "what would be decided about a command, or about proposed actions, one JSON line each; works without a server",
  details:
    'With a command: what would be decided and what it would do, the rows of SQLite files that it would change included; they are tried and taken back.\nWithout one: each line on standard input is an action, {"id":"1","type":"command_execute","command":"git push","cwd":"/home/ada/shop"}, and gets one line on standard output: {"id","outcome","risk","reversibility","reasons"}. A line that is no action gets {"id","line","error"}, and the status is 2 at the end.',
  options: [
    { flags: "--policy <file>", summary: "judge by this policy file instead of the built-in one" },
    {
      flags: "--setting <file>",
      summary: "take the place from a JSON file instead of this machine: git, scripts, databases, clusters, hosts",
    },
    { flags: "--no-rows", summary: "do not try which rows the command would change" },
    { flags: "--preview", summary: "also tell what would happen (files, rows, services, money, undo) and what would be safer" },
  ],
  examples: [
    `judge "sqlite3 shop.db 'UPDATE users SET seen = 1'"`,
    "judge < actions.jsonl",
    "judge --preview < actions.jsonl",
    "judge --policy policy.yaml --setting setting.json < actions.jsonl",
  ],
  run: async (cli, call) => {
    // Loaded only here: reading actions and policies would make every other command start later.
    if (call.argument(0) !== "") return (await import("../judge/judge-command.js")).judgeCommand(cli, call);
    const { judgeLines } = await import("../judge/judge-lines.js");
    return judgeLines(cli, call);
  },
};
