import { isPullcordError, type PersonClient, type RunSummary, type StopReceipt } from "@pullcord/sdk";
import type { Cli } from "../cli.js";
import { exitStatus } from "../exit-status.js";
import { writeKillFile } from "../kill-file.js";
import { namedScope, scopeOf, scopeOptions, scopeWords } from "../scope.js";
import type { Call, Verb } from "../verb.js";
import { endMarkedRuns, type RunEnding } from "../../processes/marked-runs.js";
import { escapeLine } from "../screen/escape.js";
import type { Paint } from "../screen/paint.js";
import { shortId } from "../views/rows.js";
import { receiptLines, stepLine } from "../views/receipt.js";

/** Longest wait for the machines to report what became of the processes: a little beyond E5, so that the receipt says it. */
const receiptWaitMs = 5_500;
/** A gate that is there hears a stop sooner than this. */
const heardWaitMs = 1_000;
/** Most runs of one stop whose undo is worked out for the screen. */
const mostOffers = 5;
/** Paths of an offered undo that are named. */
const mostPathsOffered = 5;
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
    if (call.has("offline")) return await stopOffline(cli, call, "You asked for it.");
    try {
      return await stopByServer(cli, call);
    } catch (error) {
      const isDown = isPullcordError(error) && ["unavailable", "unauthenticated"].includes(error.code);
      if (!isDown || !call.has("all") || call.has("dryRun")) throw error;
      return await stopOffline(cli, call, error.message);
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
  const reason = call.text("reason");
  const made = await person.intervene({ kind: "stop", scope, ...(reason === undefined ? {} : { reason }) });
  if (!cli.isJson) cli.screen.note(`Stop ${made.id} of ${scopeWords(scope)}:`);
  const final = await followReceipt(cli, person, made.id);
  if (cli.isJson) cli.screen.json(final);
  else {
    for (const line of receiptLines(final, cli.screen.paint)) cli.screen.line(line);
    await offerUndo(cli, person, final);
  }
  return final.standing === "stopped" || final.runs.length === 0 ? exitStatus.ok : exitStatus.no;
}

/** The way back, with what it would put back, is on the screen as soon as a run is halted (E27, E34). */
async function offerUndo({ screen }: Cli, person: PersonClient, { runs }: StopReceipt): Promise<void> {
  for (const { runId } of runs.slice(0, mostOffers)) {
    // Without snapshots on the server's machine there is nothing to offer.
    const preview = await person.previewUndo({ run: runId }).catch(() => null);
    if (preview === null || preview.changes.length === 0) continue;
    const changes = preview.changes.length === 1 ? "1 change" : `${preview.changes.length} changes`;
    const named = preview.changes.slice(0, mostPathsOffered).map(({ path }) => escapeLine(path));
    const more = preview.changes.length > mostPathsOffered ? ", …" : "";
    screen.line(`        to take back what it changed (${changes}: ${named.join(", ")}${more}): pullcord undo ${runId}`);
    screen.line(`        to look at all it did first, and keep or discard it: pullcord review ${runId}`);
  }
}

async function affected(person: PersonClient, run: string | undefined, agent: string | undefined): Promise<RunSummary[]> {
  if (run !== undefined) return [await person.getRun(run)];
  const pages = await Promise.all([person.listRuns({ status: "running" }), person.listRuns({ status: "paused" })]);
  return pages.flatMap(({ items }) => items).filter((each) => agent === undefined || each.agent === agent);
}

/** Shows each step as it is known, until the stop is proven or said not to be. */
async function followReceipt({ screen, isJson, signal }: Cli, person: PersonClient, id: string): Promise<StopReceipt> {
  const askedAt = Date.now();
  const shown = new Set<string>();
  for (;;) {
    const receipt = await person.stopReceipt(id);
    const requestedAt = receipt.steps[0]?.at ?? 0;
    for (const step of isJson ? [] : receipt.steps) {
      if (!shown.has(step.step)) screen.note(stepLine(step, requestedAt));
      shown.add(step.step);
    }
    if (!isOpen(receipt, Date.now() - askedAt) || signal.aborted) return receipt;
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}

/** A gate may still say that it heard, where that is all that can be known. */
function isOpen({ standing, runs }: StopReceipt, waitedMs: number): boolean {
  const mayHear = runs.some(({ processes, heardAt }) => processes.status === "unwatched" && heardAt === undefined);
  if (standing === "stopping") return waitedMs < receiptWaitMs;
  return standing === "unproven" && mayHear && waitedMs < heardWaitMs;
}

/** The kill file first, so that nothing new begins; then what runs already, found by what it carries. */
async function stopOffline({ settings, screen, isJson }: Cli, call: Call, why: string): Promise<number> {
  const scope = namedScope(call, call.args[0]);
  if (scope !== null && scope.kind !== "everything") screen.note("Without a server only everything can be stopped: that is done now.");
  if (call.has("dryRun")) {
    if (isJson) screen.json({ wouldWrite: settings.killFile });
    else screen.line(`Would write the kill file ${settings.killFile}`);
    return exitStatus.ok;
  }
  writeKillFile(settings.killFile, call.text("reason") ?? "pullcord stop");
  const endings = await endMarkedRuns(settings.dataFolder);
  const status = endings.every(({ survivors, unknown }) => survivors.length === 0 && unknown === 0) ? exitStatus.ok : exitStatus.no;
  if (isJson) {
    screen.json({ offline: true, killFile: settings.killFile, why, runs: endings });
    return status;
  }
  screen.line(screen.paint.red("Everything is stopped by the kill file."));
  screen.field("File", settings.killFile);
  screen.field("Why", `the kill file was used: ${why}`);
  screen.field(
    "Means",
    "Every gate on this machine refuses from now on. What pullcord run started is ended here and now; other sessions' processes are ended by the server when it is up.",
  );
  for (const ending of endings) screen.line(endingLine(ending, screen.paint));
  screen.field("Undo", "pullcord resume --offline");
  return status;
}

function endingLine({ runId, ended, survivors, unknown, tookMs }: RunEnding, paint: Paint): string {
  const counts = `  ${shortId(runId)}  ${ended} ${ended === 1 ? "process" : "processes"} ended in ${Math.round(tookMs)} ms`;
  if (survivors.length === 0 && unknown === 0) return `${counts}, 0 survivors`;
  return paint.red(
    `${counts}, NOT PROVEN STOPPED: ${[...survivors.map(escapeLine), ...(unknown > 0 ? [`${unknown} unknown`] : [])].join("; ")}`,
  );
}
