import { isPullcordError, type Intervention, type PersonClient, type RunSummary } from "@pullcord/sdk";
import type { Cli } from "../cli.js";
import { exitStatus } from "../exit-status.js";
import { writeKillFile } from "../kill-file.js";
import { namedScope, scopeOf, scopeOptions, scopeWords } from "../scope.js";
import type { Call, Verb } from "../verb.js";
import { receiptLines, isComplete } from "../views/receipt.js";

/** Longest wait for the machines to report what became of the processes (E5). */
const receiptWaitMs = 5_000;
const lookEveryMs = 100;

/** Stops for good. It works without the server, through the kill file. */
export const stop: Verb = {
  usage: "stop [run]",
  summary: "stop a run, an agent or everything, for good",
  details:
    "From the answer on, nothing of a stopped run is allowed. Its processes are ended, and the receipt says whether that is certain.\nWhen the server does not answer, --all falls back to the kill file, which every gate looks at.",
  options: [
    ...scopeOptions,
    { flags: "--reason <text>", summary: "why, for the record" },
    { flags: "--offline", summary: "write the kill file, without asking any server" },
    { flags: "--dry-run", summary: "only show what would be stopped" },
  ],
  endsItself: true,
  examples: ["stop", "stop r7k2", "stop --agent claude-code", "stop --all", "stop --all --offline"],
  run: async (cli, call) => {
    if (call.has("offline")) return stopOffline(cli, call, "You asked for it.");
    try {
      return await stopByServer(cli, call);
    } catch (error) {
      const isDown = isPullcordError(error) && ["unavailable", "unauthenticated"].includes(error.code);
      if (!isDown || !call.has("all") || call.has("dryRun")) throw error;
      return stopOffline(cli, call, error.message);
    }
  },
};

async function stopByServer(cli: Cli, call: Call): Promise<number> {
  const person = cli.person();
  const scope = await scopeOf(call, person);
  const runs = await affected(person, scope.kind === "run" ? scope.id : undefined, scope.kind === "agent" ? scope.id : undefined);
  if (call.has("dryRun")) {
    if (cli.isJson) cli.screen.json({ scope, wouldStop: runs.map(({ id }) => id) });
    else cli.screen.line(`Would stop ${scopeWords(scope)}: ${runs.length === 0 ? "no run" : runs.map(({ id }) => id).join(", ")}`);
    return exitStatus.ok;
  }
  const askedAt = performance.now();
  const reason = call.text("reason");
  const made = await person.intervene({ kind: "stop", scope, ...(reason === undefined ? {} : { reason }) });
  const acknowledgedMs = Math.round(performance.now() - askedAt);
  const reporting = runs.filter(({ containment }) => containment !== "none").map(({ id }) => id);
  if (!cli.isJson) cli.screen.note(`Stopped ${scopeWords(scope)}, acknowledged in ${acknowledgedMs} ms.`);
  const final = await awaitReceipt(person, made, { reporting, signal: cli.signal });
  if (cli.isJson) cli.screen.json({ acknowledgedMs, complete: isComplete(final, reporting), intervention: final });
  else for (const line of receiptLines(final, { acknowledgedMs, reporting, paint: cli.screen.paint })) cli.screen.line(line);
  return final.effects.some(({ step }) => step === "unproven") ? exitStatus.no : exitStatus.ok;
}

async function affected(person: PersonClient, run: string | undefined, agent: string | undefined): Promise<RunSummary[]> {
  if (run !== undefined) return [await person.getRun(run)];
  const pages = await Promise.all([person.listRuns({ status: "running" }), person.listRuns({ status: "paused" })]);
  return pages.flatMap(({ items }) => items).filter((each) => agent === undefined || each.agent === agent);
}

interface ReceiptWait {
  /** Runs whose processes somebody ends and reports on. */
  readonly reporting: readonly string[];
  readonly signal: AbortSignal;
}

async function awaitReceipt(person: PersonClient, made: Intervention, { reporting, signal }: ReceiptWait): Promise<Intervention> {
  const giveUpAt = Date.now() + receiptWaitMs;
  let newest = made;
  while (!isComplete(newest, reporting) && Date.now() < giveUpAt && !signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    newest = await person.getIntervention(made.id).catch(() => newest);
  }
  return newest;
}

function stopOffline({ settings, screen, isJson }: Cli, call: Call, why: string): number {
  const scope = namedScope(call, call.args[0]);
  if (scope !== null && scope.kind !== "everything") screen.note("Without a server only everything can be stopped: that is done now.");
  if (call.has("dryRun")) {
    if (isJson) screen.json({ wouldWrite: settings.killFile });
    else screen.line(`Would write the kill file ${settings.killFile}`);
    return exitStatus.ok;
  }
  writeKillFile(settings.killFile, call.text("reason") ?? "pullcord stop");
  if (isJson) {
    screen.json({ offline: true, killFile: settings.killFile, why });
    return exitStatus.ok;
  }
  screen.line(screen.paint.red("Everything is stopped by the kill file."));
  screen.field("File", settings.killFile);
  screen.field("Why", `the kill file was used: ${why}`);
  screen.field(
    "Means",
    "Every gate on this machine refuses from now on. Processes that run already are ended by pullcord run and, when it is up, by the server.",
  );
  screen.field("Undo", "pullcord resume --offline");
  return exitStatus.ok;
}
