import { type Action, actionLine } from "@pullcord/sdk/protocol";
import type { Measured } from "../domain/limits/limit.js";
import type { Reading } from "../domain/reading.js";
import type { StoredRun } from "../store/runs.js";

/** An action before the decision on it is written down. */
export type Undecided = Pick<Action, "id" | "digest" | "proposed" | "proposedAt"> & { readonly state?: Action["state"] };

/** Paths kept by name, to count distinct ones; guardrails stop a run long before. */
const mostPathsKept = 500;
const riskTrailLength = 24;
const failuresKept = 20;
const mostUnderWay = 50;

/** The run's tally after a decision. Changes `run`; the caller writes it. */
export function tallyDecided(
  run: StoredRun,
  { action, reading }: { readonly action: Action; readonly reading: Reading | null },
  now: number,
): void {
  const { tally } = run;
  const effect = action.decision?.effect;
  tally.actions += 1;
  if (effect === "deny") tally.denied += 1;
  if (effect === "allow") tallyBegun(run, action);
  if (effect === "require_approval") {
    tally.questions += 1;
    tally.waiting += 1;
  }
  if (effect !== "deny" && reading) {
    tallyPaths(run, [...reading.writes, ...reading.deletes]);
    if (reading.hosts.length > 0) tally.calls += 1;
  }
  tally.riskTrail = [...tally.riskTrail, action.assessment?.score ?? 0].slice(-riskTrailLength);
  showNow(run, { action, status: action.state.status }, now);
}

export function tallyHeld(run: StoredRun, undecided: Undecided, now: number): void {
  showNow(run, { action: undecided, status: "held" }, now);
}

/** A person let the run go on: guardrails count anew, or they would pause it again at once. */
export function tallyAuthorised(run: StoredRun, now: number): void {
  for (const measured of ["time", "files", "calls", "resources", "error_rate", "same_action"] as const) tallyWithout(run, measured, now);
  run.tally.used = {};
}

/** A person lets one limit of the run count anew. */
export function tallyWithout({ tally }: StoredRun, measured: Measured, now: number): void {
  switch (measured) {
    case "time":
      tally.authorisedAt = now;
      break;
    case "files":
      tally.paths = [];
      tally.pathCount = 0;
      break;
    case "calls":
      tally.calls = 0;
      break;
    case "error_rate":
      tally.failures = [];
      break;
    case "same_action":
      tally.recent = [];
      break;
    default:
      if (measured === "resources") tally.resources = [];
      tally.used = { ...tally.used, [measured]: 0 };
  }
}

/** A request of this run is no longer pending. */
export function tallyAnswered(run: StoredRun, action: Action, now: number): void {
  run.tally.waiting = Math.max(0, run.tally.waiting - 1);
  showNow(run, { action, status: action.state.status }, now);
}

/** A plan is put to a person: one more question. */
export function tallyPlanAsked(run: StoredRun, now: number): void {
  run.tally.questions += 1;
  run.tally.waiting += 1;
  run.lastActivityAt = now;
}

export function tallyPlanAnswered(run: StoredRun, now: number): void {
  run.tally.waiting = Math.max(0, run.tally.waiting - 1);
  run.lastActivityAt = now;
}

export function tallyStarted(run: StoredRun, action: Action, now: number): void {
  tallyBegun(run, action);
  showNow(run, { action, status: "running" }, now);
}

function tallyBegun({ tally }: StoredRun, { id }: Action): void {
  tally.underWay = [...tally.underWay, id].slice(-mostUnderWay);
}

export function tallyEnded(run: StoredRun, action: Action, now: number): void {
  if (action.state.status === "succeeded" || action.state.status === "failed") {
    run.tally.finished += 1;
    run.tally.failures = [...run.tally.failures, action.state.status === "failed"].slice(-failuresKept);
  }
  run.tally.underWay = run.tally.underWay.filter((id) => id !== action.id);
  if (run.tally.now?.actionId === action.id) showNow(run, { action, status: action.state.status }, now);
}

function tallyPaths({ tally }: StoredRun, paths: readonly (string | null)[]): void {
  for (const path of paths) {
    if (path !== null && tally.paths.includes(path)) continue;
    // A path that cannot be known may be any: it counts.
    tally.pathCount += 1;
    if (path !== null && tally.paths.length < mostPathsKept) tally.paths.push(path);
  }
}

function showNow(
  run: StoredRun,
  { action, status }: { readonly action: Pick<Action, "id" | "proposed">; readonly status: string },
  now: number,
): void {
  run.tally.now = { actionId: action.id, sentence: actionLine(action.proposed), status, since: now };
  run.lastActivityAt = now;
}
