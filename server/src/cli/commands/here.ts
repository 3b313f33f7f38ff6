import { refuseAgent } from "../person-only.js";
import { duration } from "../screen/time.js";
import type { Verb } from "../verb.js";

/** Says that a person is there: the dead man's timer begins anew. */
export const here: Verb = {
  usage: "here",
  summary: "say that you are there: starts the dead man's timer anew",
  details:
    "The policy's oversight.person_silent says what happens when no person has done anything for so long. Whatever you do in the\nconsole or on the command line counts as well.",
  examples: ["here", "here --json"],
  run: async (cli) => {
    refuseAgent(cli, "say that a person is there");
    const answer = await cli.person().here();
    if (cli.isJson) return cli.screen.json(answer);
    const { personSilent } = answer;
    if (!personSilent) return cli.screen.line("Noted. The dead man's timer is off: the policy has no oversight.person_silent.");
    const then = personSilent.act === "stop" ? "stopped" : "paused";
    cli.screen.line(`Noted. Without another sign of a person, everything is ${then} in ${duration(personSilent.afterMs)}.`);
  },
};
