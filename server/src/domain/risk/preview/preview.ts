import type { PreviewItem, ProposedAction } from "@pullcord/sdk/protocol";
import type { Reading, Surroundings } from "../../reading.js";
import { placeOf } from "../path.js";
import { files } from "./files.js";
import { money } from "./money.js";
import { rows } from "./rows.js";
import { services } from "./services.js";

/** What a person should see before saying yes; nothing for what only reads. One more: a file here and its line. */
export function previewOf(proposed: ProposedAction, reading: Reading, surroundings: Surroundings): readonly PreviewItem[] {
  if (reading.assessment.reversibility === "read_only") return money(proposed, reading);
  return [
    ...files("Deletes", reading.deletes, surroundings),
    ...files("Writes", reading.writes, surroundings),
    ...rows(reading),
    ...services(proposed, reading),
    ...money(proposed, reading),
    { about: "undo", sentence: wayBack(reading, surroundings) },
  ];
}

/** What an undo would do. It comes from the reading alone, never from what the agent claims. */
function wayBack({ assessment, deletes, writes, hosts, statements }: Reading, surroundings: Surroundings): string {
  if (assessment.reversibility === "externally_reversible") return "Another action has to make it good; Pullcord cannot.";
  const paths = [...deletes, ...writes].filter((path) => path !== null);
  const isAllKept = paths.length === deletes.length + writes.length && paths.every((path) => surroundings.isKept?.(path) === true);
  const isOnlyFiles = assessment.understood && paths.length > 0 && hosts.length === 0 && statements.length === 0;
  if (isAllKept && isOnlyFiles) return "pullcord undo brings these paths back: a snapshot of them is kept before this runs.";
  if (assessment.reversibility === "irreversible") return "Nothing brings back what is lost here.";
  if (paths.length > 0 && paths.every((path) => placeOf(path, surroundings).recreatable)) return "A build or an install makes it again.";
  return surroundings.isKept
    ? "Git, or the snapshot that is kept before files change, brings it back."
    : "Git brings back what it has; no snapshot is kept of an agent on another machine.";
}
