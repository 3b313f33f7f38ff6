import {
  type ActionAnswer,
  connect,
  containmentWords,
  type GateRun,
  isPullcordError,
  type ProposedAction,
  quotedWord,
} from "@pullcord/sdk";
import { chooseGrade, grades } from "../../processes/containment/index.js";
import type { Cli } from "../cli.js";
import { exitStatus } from "../exit-status.js";
import { escapeLine } from "../screen/escape.js";
import { wrapped } from "../screen/width.js";
import { tokenForRun } from "../supervise/agent-token.js";
import { Supervisor } from "../supervise/supervisor.js";
import type { Call, Verb } from "../verb.js";

/** Makes a run of any process. */
export const run: Verb = {
  usage: "run <command...>",
  summary: "run any command under control: gated, logged, stoppable",
  details:
    "The command itself is the first action: it waits for a person where the policy says so. Then it runs where all its processes can be ended together; its output is shown here and kept with the run.\nCtrl+C asks it to stop; a second one ends it by force. A stop, pause or resume from anywhere applies to all its processes. What it leaves behind at its end is ended too, also when this supervisor itself is killed.\nThe exit status is the command's; 125 when Pullcord failed, 126 when it was denied, 127 when there is no such command.",
  options: [
    { flags: "--agent <name>", summary: "the agent it runs as (default: the program's name)" },
    { flags: "--task <text>", summary: "what it is for (default: the command)" },
    { flags: "--environment <name>", summary: "for example production; the policy can name it" },
    {
      flags: "--containment <kind>",
      summary: "how its processes are held together (default: the best that works here; see docs/stop.md)",
      choices: grades.map(({ kind }) => kind),
    },
    { flags: "--dry-run", summary: "only show what would be asked" },
  ],
  endsItself: true,
  passesThrough: true,
  examples: ["run -- make deploy", 'run --agent nightly --task "Nightly clean-up" -- ./clean.sh', "run npm test"],
  run: async (cli, call) => {
    const proposed: ProposedAction = {
      type: "command_execute",
      arguments: { argv: [...call.args] },
      workingDirectory: cli.surroundings.workingDirectory,
    };
    if (call.has("dryRun")) return sayDryRun(cli, call, proposed);
    try {
      return await runGated(cli, call, proposed);
    } catch (error) {
      const status = ownStatus(error);
      if (status === null) throw error;
      const text = escapeLine(error instanceof Error ? error.message : String(error));
      cli.screen.note(wrapped(text.startsWith("Pullcord") ? text : `pullcord: ${text}`, cli.screen.width).join("\n"));
      return status === exitStatus.runDenied && cli.signal.aborted ? exitStatus.interrupted : status;
    }
  },
};

function sayDryRun({ screen, isJson, settings }: Cli, call: Call, proposed: ProposedAction): void {
  if (isJson) return screen.json({ wouldPropose: proposed });
  screen.line(`Would ask ${settings.server} whether this may run: ${escapeLine(call.args.map(quotedWord).join(" "))}`);
}

async function runGated(cli: Cli, call: Call, proposed: ProposedAction): Promise<number> {
  const { settings, surroundings } = cli;
  const { token, giveBack } = await tokenForRun(cli, call.text("agent"), call.argument(0));
  try {
    const grade = await chooseGrade(grades.find(({ kind }) => kind === call.text("containment"))?.kind);
    const gate = await connect({ url: settings.server, token, killFile: settings.killFile });
    const environment = call.text("environment");
    const run = await gate.open({
      task: call.text("task") ?? call.args.map(quotedWord).join(" "),
      workingDirectory: surroundings.workingDirectory,
      containment: grade.kind,
      process: { supervised: true },
      ...(environment === undefined ? {} : { environment }),
    });
    const say = (text: string) => cli.screen.note(cli.screen.paint.faint(`pullcord: ${escapeLine(text)}`));
    // With the data folder, a gate in the command looks at this server's kill file too.
    const own = { PULLCORD_URL: settings.server, PULLCORD_TOKEN: token, PULLCORD_DATA: settings.dataFolder };
    const supervisor = new Supervisor({ run, grade, surroundings, say, environment: own, access: { url: settings.server, token } });
    return await carryOut({ cli, run, supervisor, proposed, say });
  } finally {
    await giveBack();
  }
}

interface Carrying {
  readonly cli: Cli;
  readonly run: GateRun;
  readonly supervisor: Supervisor;
  readonly proposed: ProposedAction;
  readonly say: (text: string) => void;
}

async function carryOut({ cli, run, supervisor, proposed, say }: Carrying): Promise<number> {
  let status: number | null = null;
  try {
    run.onInstruction = ({ text }) => say(`A person says: ${text}`);
    const asked = await run.propose(proposed);
    const stopAsking = asked.next === "wait" ? askPerson(cli, run, asked) : () => {};
    const execute = (_signal: AbortSignal, approved: ProposedAction["arguments"]) => {
      stopAsking();
      say(`run ${run.id} goes on (${containmentWords[run.run.containment]}). pullcord stop ${run.id} stops it.`);
      return supervisor.execute(approved);
    };
    status = await run.carryOut({
      asked,
      proposed,
      execute,
      outcomeOf: (given) => ({ status: given === 0 ? "succeeded" : "failed", summary: `exit status ${given}` }),
    });
    return status;
  } finally {
    await supervisor.settled();
    await run.finish(run.signal.aborted ? "cancelled" : status === 0 ? "succeeded" : "failed");
    await run.close();
    if (status !== null) say(`run ${run.id} has ended. pullcord review ${run.id} shows what it changed; keep or discard it there.`);
  }
}

/** Says what is waited for; Ctrl+C takes the question back. */
function askPerson({ surroundings, screen }: Cli, run: GateRun, { guidance, action }: ActionAnswer): () => void {
  screen.note(wrapped(escapeLine(guidance), screen.width).join("\n"));
  let presses = 0;
  return surroundings.onInterrupt(() => {
    presses += 1;
    // The question is taken back; whoever can't wait for that even with a server that is away leaves at once.
    if (presses > 1) process.exit(exitStatus.interrupted);
    run.client.withdraw(action.id, "Ctrl+C in the terminal.").catch(() => {});
  });
}

/** The statuses that belong to `pullcord run` and not to the command. */
function ownStatus(error: unknown): number | null {
  if (isPullcordError(error)) {
    if (error.code !== "forbidden") return exitStatus.runFailed;
    return ["denied", "stopped"].includes(error.reason) ? exitStatus.runDenied : null;
  }
  const code = error instanceof Error && "code" in error ? error.code : "";
  return code === "ENOENT" || code === "EACCES" ? exitStatus.runNotFound : null;
}
