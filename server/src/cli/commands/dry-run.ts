import { quotedWord, type DryRunAction, type Effect, type ProposedAction } from "@pullcord/sdk";
import type { Cli } from "../cli.js";
import { escapeLine } from "../screen/escape.js";
import type { Call, Verb } from "../verb.js";
import { showAssessment } from "../views/assessment.js";
import { reasonText } from "../views/request.js";

/** What would become of a command, without running or recording anything. */
export const dryRun: Verb = {
  usage: "dry-run <command...>",
  summary: "what would be decided about a command, and what it would do; runs and records nothing",
  details:
    "The server judges it as the first action of a new run here, or of the run named with --run. Nobody is asked.\nThe preview names files, rows, services and money, and says what an undo would do.",
  options: [
    { flags: "--run <run>", summary: "judge it in this run: its counters and its dial hold" },
    { flags: "--agent <name>", summary: "judge it for this agent (default: one that nobody knows yet)" },
    { flags: "--environment <name>", summary: "for example production; the policy can name it" },
  ],
  passesThrough: true,
  examples: ["dry-run -- rm -rf build", "dry-run --agent claude-code -- git push", "dry-run npm test --json"],
  run: async (cli, call) => {
    const proposed: ProposedAction = {
      type: "command_execute",
      arguments: { argv: [...call.args] },
      workingDirectory: cli.surroundings.workingDirectory,
    };
    const answer = await cli.person().dryRun({ ...placeOf(cli, call), actions: [proposed] });
    if (cli.isJson) return cli.screen.json(answer);
    for (const action of answer.actions) showDryRun(cli, action, call.args);
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

const effectWords: Readonly<Record<Effect, string>> = {
  allow: "This would run",
  require_approval: "A person would be asked",
  deny: "This would be denied",
};

function showDryRun({ screen }: Cli, { effect, reasons, assessment }: DryRunAction, words: readonly string[]): void {
  const [first] = reasons;
  screen.line(`${screen.paint.strong("Dry run")}  ${escapeLine(words.map(quotedWord).join(" "))}`);
  screen.line();
  screen.sentence(`${effectWords[effect]}: ${escapeLine(first?.sentence ?? "no reason is given")}`);
  screen.line();
  if (assessment) showAssessment(screen, assessment);
  for (const reason of reasons) screen.field("Why", reasonText(reason));
  screen.line();
  screen.sentence(screen.paint.faint("Nothing was run or recorded."));
}
