import { quotedWord, type ProposedAction } from "@pullcord/sdk";
import type { Cli } from "../cli.js";
import { agentHere } from "../hold/agent-here.js";
import type { Call, Verb } from "../verb.js";
import { showDryRun } from "../views/dry-run.js";

/** What would become of a command, without running or recording anything. */
export const dryRun: Verb = {
  usage: "dry-run <command...>",
  summary: "what would be decided about a command, and what it would do; runs and records nothing",
  details:
    "The server judges it as the first action of a new run here, or of the run named with --run. Nobody is asked.\nThe preview names files, services and money, shows the rows that would change (tried and taken back), and says what an undo would do.",
  options: [
    { flags: "--run <run>", summary: "judge it in this run: its counters and its dial hold" },
    { flags: "--agent <name>", summary: "judge it for this agent (default: one that nobody knows yet)" },
    { flags: "--environment <name>", summary: "for example production; the policy can name it" },
    { flags: "--no-rows", summary: "do not try which rows it would change" },
  ],
  passesThrough: true,
  examples: ["dry-run -- rm -rf build", "dry-run --agent claude-code -- git push", "dry-run npm test --json"],
  run: async (cli, call) => {
    const proposed: ProposedAction = {
      type: "command_execute",
      arguments: { argv: [...call.args] },
      workingDirectory: cli.surroundings.workingDirectory,
    };
    // Rows are for people's eyes.
    const rows = call.isOff("rows") || agentHere(cli.surroundings) !== null ? {} : { rows: true };
    const answer = await cli.person().dryRun({ ...placeOf(cli, call), actions: [proposed], ...rows });
    if (cli.isJson) return cli.screen.json(answer);
    for (const action of answer.actions) showDryRun(cli.screen, action, call.args.map(quotedWord).join(" "));
  },
};

function placeOf({ surroundings }: Cli, call: Call) {
  const [run, agent, environment] = [call.text("run"), call.text("agent"), call.text("environment")];
  if (run !== undefined) return { run };
  return {
    workingDirectory: surroundings.workingDirectory,
    ...(agent === undefined ? {} : { agent }),
    ...(environment === undefined ? {} : { environment }),
  };
}
