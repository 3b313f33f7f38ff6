import { scopeOf, scopeOptions } from "../scope.js";
import type { Verb } from "../verb.js";
import { sayIntervened } from "./intervene.js";

/** Holds what comes next, until resumed. */
export const pause: Verb = {
  usage: "pause [run]",
  summary: "hold a run, an agent or everything before its next action",
  options: [...scopeOptions, { flags: "--reason <text>", summary: "why, for the record" }],
  examples: ["pause", "pause r7k2", "pause --agent claude-code", "pause --all"],
  run: async (cli, call) => {
    const person = cli.person();
    const reason = call.text("reason");
    const made = await person.intervene({ kind: "pause", scope: await scopeOf(call, person), ...(reason === undefined ? {} : { reason }) });
    sayIntervened(cli, made, "Paused");
    if (!cli.isJson) cli.screen.line(cli.screen.paint.faint("pullcord resume lets it go on."));
  },
};
