import { readFileSync } from "node:fs";
import { text as readAll } from "node:stream/consumers";
import { resolve } from "node:path";
import { actionLine, connect, PullcordError, type GateRun, type HandInPlan } from "@pullcord/sdk";
import type { Cli } from "../cli.js";
import { exitStatus } from "../exit-status.js";
import { escapeLine, escapeLines } from "../screen/escape.js";
import { wrapped } from "../screen/width.js";
import type { Verb } from "../verb.js";
import { reversibilityWords } from "../views/assessment.js";
import { effectWords } from "../views/plan.js";
import { riskWord } from "../views/rows.js";
import { readPlan } from "./read-plan.js";

/** The agent's side: for programs and scripts that have no hook and no SDK. */
export const handIn: Verb = {
  usage: "hand-in [file]",
  summary: "for agents: hand in a plan (JSON, a file or standard input) and wait for a person",
  details:
    'Needs PULLCORD_TOKEN and the run it is for, PULLCORD_RUN_ID; both are there under "pullcord run". Prints which steps stand.\nThe exit status is 0 when it was approved, 1 when not. Ctrl+C takes it back.',
  options: [
    { flags: "--run <run>", summary: "the run it is for (default: PULLCORD_RUN_ID)" },
    { flags: "--dry-run", summary: "only show how it would be judged; nobody is asked" },
  ],
  endsItself: true,
  examples: ["plan hand-in plan.json", "plan hand-in --dry-run plan.json"],
  run: async (cli, call) => {
    const { environment } = cli.surroundings;
    const plan = readPlan(await read(cli, call.args[0]), cli.surroundings.workingDirectory);
    const runId = call.text("run") ?? environment["PULLCORD_RUN_ID"];
    const token = environment["PULLCORD_TOKEN"];
    if (!runId || !token) {
      const text = 'A plan is handed in by an agent, for its run: set PULLCORD_TOKEN and PULLCORD_RUN_ID, or start it with "pullcord run".';
      throw new PullcordError("invalid", "no_run", text);
    }
    const url = environment["PULLCORD_URL"] ?? cli.settings.server;
    const gate = await connect({ url, token, killFile: cli.settings.killFile });
    const run = await gate.join(runId);
    try {
      return call.has("dryRun") ? await sayDryRun(cli, run, plan) : await ask(cli, run, plan);
    } finally {
      await run.close();
    }
  },
};

async function ask({ screen, surroundings, isJson }: Cli, run: GateRun, plan: HandInPlan): Promise<number> {
  const first = await run.handIn(plan);
  for (const line of wrapped(escapeLine(first.guidance), screen.width)) screen.note(line);
  const stopListening = surroundings.onInterrupt(() => {
    run.client.withdrawPlan(first.plan.id, "Ctrl+C in the terminal.").catch(() => {});
  });
  const { plan: answered, guidance, next } = await run.awaitPlan(first).finally(stopListening);
  if (isJson) screen.json(answered);
  else for (const line of guidance.split("\n").flatMap(escapeLines)) screen.line(line);
  return next === "follow" ? exitStatus.ok : exitStatus.no;
}

async function sayDryRun({ screen, isJson }: Cli, run: GateRun, { steps }: HandInPlan): Promise<number> {
  const answer = await run.dryRun(...steps);
  if (isJson) screen.json(answer);
  else {
    const { effect, score, level, reversibility } = answer.plan;
    screen.line(`${effectWords[effect]}: ${riskWord(level, score, screen.paint)}, ${reversibilityWords[reversibility]}`);
    const rows = answer.actions.map(({ proposed, effect: each, assessment, reasons }, at) => [
      String(at + 1),
      effectWords[each],
      String(assessment?.score ?? "unread"),
      escapeLine(actionLine(proposed)),
      escapeLine(reasons[0]?.sentence ?? ""),
    ]);
    screen.table(["STEP", "WHAT HAPPENS", "RISK", "WHAT WILL RUN", "WHY"], rows, 4);
    screen.sentence(screen.paint.faint("Nothing was run, recorded or asked."));
  }
  return exitStatus.ok;
}

async function read({ surroundings }: Cli, file: string | undefined): Promise<string> {
  if (file === undefined || file === "-") return readAll(surroundings.stdin);
  try {
    return readFileSync(resolve(surroundings.workingDirectory, file), "utf8");
  } catch (cause) {
    throw new PullcordError("invalid", "plan", `The plan ${file} can't be read.`, { cause });
  }
}
