import type { PreviewItem } from "@pullcord/sdk/protocol";
import type { Surroundings } from "../../reading.js";
import { affectedShown, longestEvidence } from "../bounds.js";

/** Most folders looked into for one preview. */
const foldersShown = 5;

/** The files that an action deletes or writes: the first five and how many (E34). */
export function files(verb: "Deletes" | "Writes", paths: readonly (string | null)[], surroundings: Surroundings): readonly PreviewItem[] {
  const known = paths.filter((path) => path !== null);
  const lines: string[] = [];
  const single: string[] = [];
  for (const [place, path] of known.entries()) {
    const below = verb === "Deletes" && place < foldersShown ? surroundings.facts?.below?.(path) : null;
    if (below && below.paths.length > 0) lines.push(`${verb} in ${shortened(path)}: ${counted(below.paths, below.complete)}.`);
    else single.push(path);
  }
  if (single.length > 0) lines.push(`${verb} ${counted(single, true)}.`);
  if (known.length < paths.length) lines.push(`${verb} something that is only known when it runs.`);
  return lines.map((sentence) => ({ about: "files", sentence }));
}

/** The first five, and how many there are. */
function counted(names: readonly string[], complete: boolean): string {
  const first = names.slice(0, affectedShown).map(shortened).join(", ");
  if (names.length <= affectedShown && complete) return first;
  return `${first} and ${complete ? "" : "more than "}${names.length - affectedShown} others`;
}

/** A preview is a summary: what would run is shown in full beside it. */
function shortened(name: string): string {
  return name.length > longestEvidence ? `${name.slice(0, longestEvidence)}…` : name;
}
