import {
  isKillFilePresent,
  isPullcordError,
  PersonClient,
  type ApprovalRequest,
  type Plan,
  type RunSummary,
  type ServerStatus,
  type StopTimes,
} from "@pullcord/sdk";
import type { Cli } from "../cli.js";
import { escapeLine } from "../screen/escape.js";
import { ago, duration, until } from "../screen/time.js";
import { exitStatus } from "../exit-status.js";
import { modelReviewSentence } from "../views/model-review.js";
import { planHead, planRow } from "../views/plan.js";
import { requestRow, runRow, requestHead, runHead } from "../views/rows.js";
import type { Verb } from "../verb.js";

const mostRows = 5;

interface Situation {
  readonly status: ServerStatus;
  readonly runs: readonly RunSummary[];
  readonly requests: readonly ApprovalRequest[];
  /** The newest one, where it has ended and did something. */
  readonly ended: RunSummary | null;
  /** Plans that wait. */
  readonly plans: readonly Plan[];
  readonly stops: StopTimes;
}

/** What is going on right now, and what to do about it. */
export const status: Verb = {
  usage: "status",
  summary: "what is going on right now; pullcord alone does the same",
  examples: ["", "status", "status --json"],
  run: async (cli) => {
    const situation = await read(cli);
    if (typeof situation === "string") return sayUnknown(cli, situation);
    if (cli.isJson) return cli.screen.json({ server: cli.settings.server, ...situation });
    sayServer(cli, situation.status);
    sayRuns(cli, situation.runs);
    sayRequests(cli, situation);
    sayStops(cli, situation.stops);
    sayNext(cli, nextCommands(situation));
  },
};

/** What is going on, or why that is not known. */
async function read(cli: Cli): Promise<Situation | "down" | "not_signed_in"> {
  if (cli.settings.token === null) return (await isUp(cli)) ? "not_signed_in" : "down";
  try {
    const person = cli.person();
    const [status, newest, running, paused, requests, plans, stops] = await Promise.all([
      person.status(),
      person.listRuns({ limit: 1 }),
      person.listRuns({ status: "running" }),
      person.listRuns({ status: "paused" }),
      person.listApprovalRequests({ status: "pending" }),
      person.plans.list({ status: "pending" }),
      person.stopTimes(),
    ]);
    const runs = [...running.items, ...paused.items];
    const ended = newest.items.find(({ id, actions }) => actions > 0 && !runs.some((run) => run.id === id)) ?? null;
    return { status, runs, ended, requests: requests.items, plans: plans.items, stops };
  } catch (error) {
    if (isPullcordError(error) && error.reason === "unreachable") return "down";
    throw error;
  }
}

/** A server that refuses us answers. */
async function isUp({ settings }: Cli): Promise<boolean> {
  const stranger = new PersonClient({ url: settings.server, requestMs: reachableMs });
  return stranger.status().then(
    () => true,
    (error: unknown) => isPullcordError(error) && error.code === "unauthenticated",
  );
}

const reachableMs = 1_000;

function sayUnknown({ settings, screen, isJson }: Cli, why: "down" | "not_signed_in"): number {
  const status = why === "down" ? exitStatus.unavailable : exitStatus.unauthenticated;
  const killFilePresent = isKillFilePresent(settings.killFile);
  if (isJson) {
    screen.json({ server: settings.server, status: null, why, killFile: { path: settings.killFile, present: killFilePresent } });
    return status;
  }
  if (why === "down")
    screen.sentence(`No Pullcord server answers at ${settings.server}. Every agent that is connected to it is denied what it asks.`);
  else screen.sentence(`Pullcord is running at ${settings.server}, but you are not signed in. The server prints a link when it starts.`);
  if (killFilePresent)
    screen.sentence(screen.paint.red(`The kill file is there: ${settings.killFile}. Remove it with: pullcord resume --offline`));
  sayNext({ screen }, [...(why === "down" ? ["start"] : []), "sign-in LINK", "--help"]);
  return status;
}

function sayServer(
  { settings, screen }: Cli,
  { mode, advisory, autonomy, killFile, policy, startedAt, breakGlass, gateProvenAt, modelReview }: ServerStatus,
): void {
  const { paint } = screen;
  const now = Date.now();
  screen.line(`${paint.strong("Pullcord")} at ${settings.server}, ${mode}, up for ${duration(now - startedAt)}; autonomy ${autonomy}`);
  if (advisory !== null) screen.sentence(paint.faint(advisory));
  if (killFile.present)
    screen.sentence(paint.red(`Everything is stopped by the kill file ${killFile.path}. Remove it with: pullcord resume --offline`));
  if (breakGlass.active)
    screen.line(paint.amber(`Break glass is active, over ${breakGlass.expiresAt === null ? "soon" : until(breakGlass.expiresAt, now)}.`));
  if (policy.problem)
    screen.sentence(paint.amber(`The policy file has a problem, the version before it holds: ${escapeLine(policy.problem.sentence)}`));
  if (modelReview !== null) {
    const sentence = escapeLine(modelReviewSentence(modelReview, now));
    screen.sentence(modelReview.problem ? paint.amber(sentence) : paint.faint(sentence));
  }
  if (gateProvenAt !== null) screen.line(paint.faint(`Gate proven live ${ago(gateProvenAt, now)}.`));
  screen.line();
}

function sayRuns({ screen }: Cli, runs: readonly RunSummary[]): void {
  if (runs.length === 0) return screen.line("Nothing is running.");
  screen.table(
    runHead,
    runs.slice(0, mostRows).map((run) => runRow(run, screen.paint)),
    3,
  );
  if (runs.length > mostRows) screen.line(`and ${runs.length - mostRows} more: pullcord ps`);
}

function sayRequests({ screen }: Cli, { requests, plans }: Situation): void {
  screen.line();
  if (requests.length + plans.length === 0) return screen.line("Nothing waits for you.");
  if (plans.length > 0)
    screen.table(
      planHead,
      plans.slice(0, mostRows).map((plan) => planRow(plan, screen.paint)),
      3,
    );
  if (requests.length === 0) return;
  screen.table(
    requestHead,
    requests.slice(0, mostRows).map((request) => requestRow(request, screen.paint)),
    3,
  );
  if (requests.length > mostRows) screen.line(`and ${requests.length - mostRows} more: pullcord inbox`);
}

/** Whether the cord still pulls: how fast the stops of the last days were. */
function sayStops({ screen }: Cli, { stops, unproven, acknowledgedMs, endedMs }: StopTimes): void {
  if (stops === 0) return;
  const ended = endedMs.p99 === null ? "" : `, processes gone p50 ${endedMs.p50} ms, p99 ${endedMs.p99} ms`;
  const doubt = unproven === 0 ? "" : `, ${unproven} not proven`;
  screen.line();
  screen.sentence(
    `Stops in 7 days: ${stops}, nothing more allowed after p50 ${acknowledgedMs.p50} ms, p99 ${acknowledgedMs.p99} ms${ended}${doubt}.`,
  );
}

/** The three most likely next commands, by what is going on. */
function nextCommands({ status: { killFile }, runs, ended, requests, plans }: Situation): string[] {
  const request = plans[0] ?? requests[0];
  const [run] = runs;
  return [
    ...(killFile.present ? ["resume --offline"] : []),
    ...(request ? [`show ${request.id}`, `approve ${request.id}`] : []),
    ...(run ? [`log -f ${run.id}`, `stop ${run.id}`] : []),
    ...(ended ? [`review ${ended.id}`] : []),
    "connect claude-code",
    "run -- COMMAND",
    "watch",
  ].slice(0, 3);
}

function sayNext({ screen }: Pick<Cli, "screen">, commands: readonly string[]): void {
  screen.line();
  screen.line(screen.paint.faint("Next:"));
  for (const command of commands) screen.line(`  pullcord ${command}`);
}
