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
function wayBack({ assessment, deletes, writes }: Reading, surroundings: Surroundings): string {
  if (assessment.reversibility === "externally_reversible") return "Another action has to make it good; Pullcord cannot.";
  if (assessment.reversibility === "irreversible") return "Nothing brings back what is lost here.";
  const paths = [...deletes, ...writes].filter((path) => path !== null);
  if (paths.length > 0 && paths.every((path) => placeOf(path, surroundings).recreatable)) return "A build or an install makes it again.";
  return "Git, or the snapshot that the gate takes before files change, brings it back.";
}
