import { closeSync, openSync, unlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findAdopter } from "./adopter.js";
import type { Grade } from "./containment/grade.js";
import { identify } from "./identity.js";
import type { RunTarget } from "./run-target.js";
import { runMarker } from "./said-target.js";

/** The number under which a command finds the file that tells its processes; out of the way of scripts. */
const heldDescriptor = 42;

/** What a run can be told by before its first process is there. */
export interface Prepared {
  readonly target: RunTarget;
  /** What its processes carry in their environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** What follows standard input, output and error of its first process. */
  readonly inherited: readonly ("ignore" | number)[];
  /** To be called once the first process is there. */
  readonly release: () => void;
}

/** Without containment a run needs more to be told by: a file held open, and who adopts its orphans. */
export async function prepareRun(name: string, grade: Grade): Promise<Prepared> {
  const since = identify(process.pid)?.startedAt;
  const environment = { [runMarker]: name };
  const target: RunTarget = { marker: { name: runMarker, value: name }, ...(since !== undefined && { since }) };
  if (grade.kind !== "marker") return { target, environment, inherited: [], release: () => {} };
  const adopter = await findAdopter();
  const held = openHeldFile(name);
  return {
    target: { ...target, ...(adopter !== null && { adopters: [adopter] }), ...(held && { heldFile: held.path }) },
    environment,
    inherited: held ? [...Array.from({ length: heldDescriptor - standardStreams }, () => "ignore" as const), held.descriptor] : [],
    release: () => held && closeSync(held.descriptor),
  };
}

const standardStreams = 3;

/** A file without a name: whoever has it open was started by the command, whatever else it hides. */
function openHeldFile(name: string): { readonly path: string; readonly descriptor: number } | null {
  const path = join(tmpdir(), `pullcord-${name}-${process.pid}`);
  try {
    const descriptor = openSync(path, "wx", 0o600);
    unlinkSync(path);
    return { path, descriptor };
  } catch {
    return null;
  }
}
