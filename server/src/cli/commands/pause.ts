import { scopeOf, scopeOptions } from "../scope.js";
import type { Verb } from "../verb.js";
import { sayIntervened } from "./intervene.js";

/** Holds what comes next, until resumed. */
export const pause: Verb = {
  usage: "pause [run]",
  summary: "hold a run, an agent or everything before its next action",
  details:
    "What pullcord run supervises stands still at once. Other agents wait at their next action; with --freeze their processes on this machine stand still too, as far as they can be found. Resume lets all of it go on.",
  options: [
    ...scopeOptions,
    { flags: "--freeze", summary: "also make the processes stand still that would wait at their next action" },
    { flags: "--reason <text>", summary: "why, for the record" },
  ],
  examples: ["pause", "pause r7k2 --freeze", "pause --agent claude-code", "pause --all"],
  run: async (cli, call) => {
    const person = cli.person();
    const reason = call.text("reason");
    const made = await person.intervene({
      kind: "pause",
      scope: await scopeOf(call, person),
      ...(call.has("freeze") ? { freeze: true } : {}),
      ...(reason === undefined ? {} : { reason }),
    });
    sayIntervened(cli, made, "Paused");
    if (!cli.isJson) cli.screen.line(cli.screen.paint.faint("pullcord resume lets it go on."));
  },
};
