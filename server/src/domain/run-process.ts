import { PullcordError, type Actor, type RunProcess } from "@pullcord/sdk/protocol";

/**
 * Environment variables that a run's processes can be found by. Only these, and only with the run's own id as value:
 * a stop ends whatever carries the marker, so an agent must not be able to name everybody's.
 */
const markerNames = ["PULLCORD_RUN_ID", "CLAUDE_CODE_SESSION_ID", "CODEX_SESSION_ID", "CODEX_THREAD_ID"] as const;

/** Whose process a run may name as its own. */
export interface ProcessOwner {
  readonly id: string | null;
  readonly externalId: string | null;
  readonly namedBy: Actor["kind"];
}

/**
 * A marker is checked by what the process itself carries; a bare process id could be anybody's, so an agent may name one
 * only where the server leaves the ending to the run's own supervisor. What the server found out by itself needs no check.
 * @throws PullcordError `invalid`/`foreign_process`
 */
export function requireOwnProcess({ pid, marker, supervised, supervisor, place }: RunProcess, run: ProcessOwner): void {
  if (pid !== undefined && run.namedBy === "agent" && supervised !== true) {
    throw foreign("A process id is taken only from a supervisor that ends it itself.", "/process/pid");
  }
  if (run.namedBy === "agent" && (supervisor !== undefined || place !== undefined) && supervised !== true) {
    throw foreign("Only a supervised run has a supervisor and a place.", "/process/supervised");
  }
  if (!marker) return;
  if (!markerNames.some((name) => name === marker.name))
    throw foreign(`A marker is one of ${markerNames.join(", ")}.`, "/process/marker/name");
  if (marker.value !== run.id && marker.value !== run.externalId) {
    throw foreign("A marker's value is the run's own id or externalId.", "/process/marker/value");
  }
}

function foreign(text: string, field: string): PullcordError {
  return new PullcordError("invalid", "foreign_process", text, { field });
}
