import { PullcordError } from "@pullcord/sdk";
import { refuseAgent } from "../person-only.js";
import { scopeOf, scopeOptions } from "../scope.js";
import type { Verb } from "../verb.js";
import { sayIntervened } from "./intervene.js";

/** Says something to a running agent; it hears it at its next action. */
export const tell: Verb = {
  usage: "tell [words...]",
  summary: "tell a run something; it hears it at its next action",
  details: "The first word names the run, unless --agent, --all, or --run says whom.",
  options: [...scopeOptions, { flags: "--run <run>", summary: "the run, when it is not the first word" }],
  examples: ['tell r7k2 "Use the staging database"', 'tell --agent claude-code "Stop after this file"'],
  run: async (cli, call) => {
    refuseAgent(cli, "instruct a run");
    const isNamed = call.has("all") || call.text("agent") !== undefined || call.text("run") !== undefined;
    const [first, ...others] = call.args;
    const text = (isNamed ? call.args : others).join(" ");
    if (text === "") throw new PullcordError("invalid", "instruction_text", 'Say what to tell it: pullcord tell RUN "…".');
    const person = cli.person();
    const scope = await scopeOf(call, person, isNamed ? call.text("run") : first);
    sayIntervened(cli, await person.intervene({ kind: "instruct", scope, text }), "Told");
    if (!cli.isJson) cli.screen.line(cli.screen.paint.faint("It is delivered at the next action; pullcord show RECORD says when."));
  },
};
