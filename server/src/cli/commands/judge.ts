import type { Verb } from "../verb.js";

/** What Pullcord would say to proposed actions: one JSON line in, one out. */
export const judge: Verb = {
  usage: "judge",
  summary: "what would be decided about proposed actions, one JSON line each; works without a server",
  details:
    'Each line on standard input is an action, {"id":"1","type":"command_execute","command":"git push","cwd":"/home/ada/shop"}, and gets one line on\nstandard output: {"id","outcome","risk","reversibility","reasons"}. A line that is no action gets {"id","line","error"}, and the status is 2 at the end.',
  options: [
    { flags: "--policy <file>", summary: "judge by this policy file instead of the built-in one" },
    {
      flags: "--setting <file>",
      summary: "take the place from a JSON file instead of this machine: git, scripts, databases, clusters, hosts",
    },
    { flags: "--preview", summary: "also tell what would happen (files, rows, services, money, undo) and what would be safer" },
  ],
  examples: [
    "judge < actions.jsonl",
    "judge --preview < actions.jsonl",
    "judge --policy policy.yaml --setting setting.json < actions.jsonl",
  ],
  run: async (cli, call) => {
    // Loaded only here: reading actions and policies would make every other command start later.
    const { judgeLines } = await import("../judge/judge-lines.js");
    return judgeLines(cli, call);
  },
};
