import { basename } from "node:path";
import type { ContainmentPlace, RunProcess } from "@pullcord/sdk/protocol";
import { ancestorsOf } from "./ancestors.js";
import { placeName } from "./containment/grade.js";
import { isGone } from "./identity.js";
import { carries, readProcess, type Marker } from "./proc.js";
import type { RunTarget } from "./run-target.js";

/** The variable that every process of a supervised run carries. */
export const runMarker = "PULLCORD_RUN_ID";

/**
 * What a run said of its processes, as far as the machine itself bears it out: what an agent names must carry the run's
 * mark, or a stop could be turned against a stranger.
 */
export function targetOf(runId: string, said: RunProcess): RunTarget {
  const marker = said.marker ?? { name: runMarker, value: runId };
  const place = said.place && borneOut(said.place, runId, marker);
  const root = rootOf(said, marker);
  const since = said.supervisor?.startedAt ?? said.startedAt;
  return { marker, ...(place && { place }), ...(root && { root }), ...(since !== undefined && { since }) };
}

/** A folder has to be named for the run, and the first process of a namespace has to carry the run's mark. */
function borneOut(place: ContainmentPlace, runId: string, marker: Marker): ContainmentPlace | undefined {
  const { kind, folder, init } = place;
  if (folder !== undefined) {
    const isOurs = [placeName(runId), `${placeName(runId)}.scope`].includes(basename(folder)) && !folder.includes("/../");
    return isOurs ? { kind, folder } : undefined;
  }
  return init && !isGone(init) && carries(init.pid, marker) ? { kind, init } : undefined;
}

/** The client's own process: still the same one, and neither this server nor one that it descends from. */
function rootOf({ pid, startedAt, supervised }: RunProcess, marker: Marker): RunTarget["root"] {
  if (pid === undefined || pid === process.pid || ancestorsOf().some((ancestor) => ancestor.pid === pid)) return undefined;
  const now = readProcess(pid)?.startedAt;
  if (now === undefined || (startedAt !== undefined && now !== startedAt)) return undefined;
  return supervised && !carries(pid, marker) ? undefined : { pid, startedAt: now };
}
