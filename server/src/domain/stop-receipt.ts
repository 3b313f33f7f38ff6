import {
  actionLine,
  type Action,
  type Intervention,
  type InterventionEffect,
  type ReceiptAction,
  type ReceiptProcesses,
  type ReceiptStanding,
  type ReceiptStep,
  type RunProcess,
  type RunReceipt,
  type RunWork,
  type StopReceipt,
} from "@pullcord/sdk/protocol";

/** A stop is proven within this time, or said not to be (E5), in milliseconds. */
export const proofWaitMs = 5_000;

/** A run that was stopped, as far as its receipt needs it. */
export interface StoppedRun {
  readonly id: string;
  readonly agent: string;
  readonly task: string;
  readonly externalId: string | null;
  /** How its processes are found; null when nobody said. */
  readonly process: RunProcess | null;
  /** What the stop met, as it stands now: begun first, then what never began. */
  readonly met: readonly Action[];
}

/** What came of a stop, worked out from what is on record (E6, E7). Nothing is called stopped on a guess. */
export function stopReceipt(intervention: Intervention, runs: readonly StoppedRun[], now: number): StopReceipt {
  const receipts = runs.map((run) => runReceipt(intervention, run, now));
  const standing = standingOf(receipts);
  return {
    intervention,
    standing,
    sentence: sentenceOf(intervention, receipts, standing),
    steps: stepsOf(intervention, receipts),
    runs: receipts,
  };
}

function runReceipt(intervention: Intervention, run: StoppedRun, now: number): RunReceipt {
  const effects = intervention.effects.filter(({ runId }) => runId === run.id);
  const heard = effects.find(({ step }) => step === "heard");
  const work = intervention.work?.find(({ runId }) => runId === run.id);
  return {
    runId: run.id,
    agent: run.agent,
    task: run.task,
    acknowledgedAt: effects.find(({ step }) => step === "acknowledged")?.at ?? intervention.at,
    ...(heard ? { heardAt: heard.at } : {}),
    processes: processesOf(effects, run, now - intervention.at),
    finished: work?.finished ?? 0,
    permitsRevoked: work?.permitsRevoked ?? 0,
    requestsCancelled: work?.requestsCancelled ?? 0,
    actions: run.met.map((action) => actionOf(action, work)),
    resume: resumeOf(run),
  };
}

function processesOf(effects: readonly InterventionEffect[], { process }: StoppedRun, sinceMs: number): ReceiptProcesses {
  const report = effects.findLast(({ step }) => step === "ended" || step === "unproven");
  if (report) {
    const { step, at, by, detail, survivors = [], unknown = 0, processesEnded = 0, containment, processes } = report;
    const status = step === "ended" && survivors.length === 0 && unknown === 0 ? "ended" : "unproven";
    return {
      status,
      ended: processesEnded,
      survivors,
      unknown,
      at,
      ...(containment === undefined ? {} : { containment }),
      ...(processes === undefined ? {} : { each: processes }),
      ...(detail === undefined ? {} : { detail }),
      ...(by.kind === "agent" ? { saidBy: by.id } : {}),
    };
  }
  const nothing = { ended: 0, survivors: [], unknown: 0 };
  if (process === null) return { status: "unwatched", ...nothing };
  if (sinceMs < proofWaitMs) return { status: "awaited", ...nothing };
  return { status: "unproven", ...nothing, detail: `Nobody has reported within ${proofWaitMs / 1000} s what became of the processes.` };
}

function actionOf(action: Action, work: RunWork | undefined): ReceiptAction {
  const isBegun = work?.underWay.includes(action.id) === true;
  return { actionId: action.id, sentence: actionLine(action.proposed), fate: isBegun ? fateOf(action) : "never_begun" };
}

function fateOf({ state }: Action): ReceiptAction["fate"] {
  switch (state.status) {
    case "succeeded":
      return "finished";
    case "failed":
      return "cut_short";
    case "skipped":
      return "never_begun";
    default:
      return "unreported";
  }
}

/** Claude Code goes on with a session by its id; whatever else there is begins anew and is told. */
function resumeOf({ id, externalId, process }: StoppedRun): string {
  const first = `pullcord resume ${id}`;
  return process?.marker?.name === "CLAUDE_CODE_SESSION_ID" && externalId !== null
    ? `${first}, then: claude --resume ${externalId}`
    : `${first}, then start the agent again in the same folder`;
}

function standingOf(runs: readonly RunReceipt[]): ReceiptStanding {
  if (runs.some(({ processes }) => processes.status === "awaited")) return "stopping";
  return runs.every(isProven) ? "stopped" : "unproven";
}

/** Of a run without known processes, its own gate has to say that it heard, and nothing may be left open. */
function isProven({ processes, heardAt, actions }: RunReceipt): boolean {
  if (processes.status !== "unwatched") return processes.status === "ended";
  return heardAt !== undefined && !actions.some(({ fate }) => fate === "unreported");
}

function sentenceOf(intervention: Intervention, runs: readonly RunReceipt[], standing: ReceiptStanding): string {
  if (runs.length === 0) return "Nothing was running.";
  const which = counted(runs.length, "run");
  if (standing === "stopping") return `Stopping ${which}: nothing more is allowed; waiting for word about the processes.`;
  const ended = `${counted(
    sum(runs, ({ processes }) => processes.ended),
    "process",
    "processes",
  )} ended`;
  if (standing === "stopped") {
    return `Stopped ${which} in ${seconds(lastAt(runs) - askedAt(intervention))}: ${ended}, 0 survivors${onTheirWord(runs)}.`;
  }
  return `Not proven stopped: nothing of ${which} is allowed any more, ${ended}, but ${doubts(runs).join(", ")}.`;
}

/** Nobody saw a process where a supervisor says that there was none to end. */
function onTheirWord(runs: readonly RunReceipt[]): string {
  const said = runs.filter(({ processes }) => processes.saidBy !== undefined && processes.ended === 0).length;
  return said === 0 ? "" : `; that ${counted(said, "run")} had none to end is its supervisor's word alone`;
}

function doubts(runs: readonly RunReceipt[]): string[] {
  const survivors = sum(runs, ({ processes }) => processes.survivors.length);
  const unknown = sum(runs, ({ processes }) => processes.unknown);
  const unproven = runs.filter(
    ({ processes }) => processes.status === "unproven" && processes.survivors.length === 0 && processes.unknown === 0,
  ).length;
  const unwatched = runs.filter((run) => run.processes.status === "unwatched" && !isProven(run)).length;
  return [
    ...(survivors > 0 ? [counted(survivors, "survivor")] : []),
    ...(unknown > 0 ? [`${unknown} unknown`] : []),
    ...(unproven > 0 ? [`the processes of ${counted(unproven, "run")} are not known to be gone`] : []),
    ...(unwatched > 0 ? [`Pullcord knows no processes of ${counted(unwatched, "run")}`] : []),
  ];
}

function stepsOf(intervention: Intervention, runs: readonly RunReceipt[]): ReceiptStep[] {
  const { at } = intervention;
  const heard = runs.flatMap(({ heardAt }) => (heardAt === undefined ? [] : [heardAt]));
  const reported = runs.flatMap(({ processes }) => (processes.at === undefined ? [] : [processes.at]));
  return [
    { step: "requested", at: askedAt(intervention) },
    { step: "acknowledged", at, count: runs.length },
    { step: "permits_revoked", at, count: sum(runs, ({ permitsRevoked }) => permitsRevoked) },
    { step: "requests_cancelled", at, count: sum(runs, ({ requestsCancelled }) => requestsCancelled) },
    ...(heard.length > 0 ? [{ step: "heard", at: Math.max(...heard), count: heard.length } as const] : []),
    ...(reported.length > 0
      ? [{ step: "processes_ended", at: Math.max(...reported), count: sum(runs, ({ processes }) => processes.ended) } as const]
      : []),
  ];
}

/** When the request of a stop reached the server, in milliseconds since 1970. */
export function askedAt({ requestedAt, at }: Intervention): number {
  return requestedAt ?? at;
}

function lastAt(runs: readonly RunReceipt[]): number {
  return Math.max(...runs.map(({ acknowledgedAt, heardAt = 0, processes }) => Math.max(acknowledgedAt, heardAt, processes.at ?? 0)));
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

function seconds(ms: number): string {
  return ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`;
}
