import type { PreviewItem, ProposedAction, Reversibility } from "@pullcord/sdk/protocol";
import type { Reading, Surroundings } from "../../reading.js";
import { worse } from "../findings.js";
import { hazards, type HazardName } from "../hazards.js";
import { placeOf } from "../path.js";
import { downtime } from "./downtime.js";
import { files } from "./files.js";
import { migrations } from "./migrations.js";
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
    ...migrations(reading),
    ...downtime(reading, surroundings),
    ...money(proposed, reading),
    { about: "undo", sentence: wayBack(reading, surroundings) },
  ];
}

/** What a snapshot of the paths makes good; every other loss is one that files do not hold. */
const lossesOfFiles: ReadonlySet<string> = new Set<HazardName>([
  "writes_outside",
  "writes_irreplaceable",
  "deletes_scratch",
  "deletes_unsaved",
  "deletes_many",
  "deletes_outside",
]);

/**
 * Whether it can be taken back in this place: what is lost of files comes back where a snapshot is sure to hold all of
 * it, so the class is that of whatever else it does. From the reading and the machine, never from what the agent claims
 * (V9.2.3).
 */
export function reversibilityHere(reading: Reading, surroundings: Surroundings): Reversibility {
  const { reversibility, factors } = reading.assessment;
  if (isUndoneElsewhere(reading, surroundings)) return "reversible";
  if (reversibility !== "irreversible" || !isUndoable(reading, surroundings)) return reversibility;
  const rest = factors.filter(({ isDestructive }) => isDestructive === undefined);
  return rest.map(({ name }) => hazards[name as HazardName].reversibility).reduce(worse, "reversible");
}

/** Whether undo brings back all that is lost: files alone, each of which a snapshot is sure to hold. */
function isUndoable({ assessment, deletes, writes, hosts, statements }: Reading, surroundings: Surroundings): boolean {
  const paths = [...deletes, ...writes];
  const isOnlyFiles =
    assessment.understood &&
    paths.length > 0 &&
    hosts.length === 0 &&
    statements.length === 0 &&
    assessment.factors.every(({ name, isDestructive }) => isDestructive === undefined || lossesOfFiles.has(name));
  return isOnlyFiles && paths.every((path) => path !== null && surroundings.isKept?.(path) === true);
}

/** What changing nothing but settings of the machine is found to do. */
const settingsOnly: ReadonlySet<string> = new Set<HazardName>(["changes_system", "wide_permissions", "privilege"]);

/** Whether each of its commands does nothing but what an undo takes back exactly, outside files; known from the machine. */
function isUndoneElsewhere(
  { assessment, commands, cutShort, deletes, hosts, statements }: Reading,
  { undoesWhole, workspace }: Surroundings,
): boolean {
  const isHarmless = (name: string) => settingsOnly.has(name) || /^(read_only|reversible)$/.test(hazards[name as HazardName].reversibility);
  return (
    assessment.reversibility === "externally_reversible" &&
    assessment.understood &&
    cutShort !== true &&
    deletes.length + hosts.length + statements.length === 0 &&
    assessment.factors.every(({ name }) => isHarmless(name)) &&
    commands.length > 0 &&
    commands.every((command) => undoesWhole?.(command, workspace) === true)
  );
}

/** Of effects beyond files: what undo knows the inverse of (E23), said before it runs. */
function wayBackOutside(reading: Reading, surroundings: Surroundings): string {
  const { undoes, workspace } = surroundings;
  const { commands } = reading;
  const places = [...new Set(commands.flatMap((command) => undoes?.(command, workspace) ?? []))];
  if (places.length === 0) return "Another action has to make it good; Pullcord cannot.";
  if (isUndoneElsewhere(reading, surroundings)) return `pullcord undo takes back what changes in ${places.join(", ")}.`;
  return `pullcord undo takes back what changes in ${places.join(", ")}; whatever else it does, another action has to make good.`;
}

/** What an undo would do. */
function wayBack(reading: Reading, surroundings: Surroundings): string {
  const { assessment, deletes, writes, keptRows } = reading;
  if (keptRows) return "pullcord undo puts these rows back: they are kept, and the way back is tried, before this runs.";
  if (assessment.reversibility === "externally_reversible") return wayBackOutside(reading, surroundings);
  if (isUndoable(reading, surroundings)) return "pullcord undo brings these paths back: a snapshot of them is kept before this runs.";
  if (assessment.reversibility === "irreversible") {
    const mayHold = surroundings.isKept !== undefined && deletes.length + writes.length > 0;
    return mayHold ? "No snapshot is sure to hold all that is lost here." : "Nothing brings back what is lost here.";
  }
  const paths = [...deletes, ...writes].filter((path) => path !== null);
  if (paths.length > 0 && paths.every((path) => placeOf(path, surroundings).recreatable)) return "A build or an install makes it again.";
  return surroundings.isKept
    ? "Git, or the snapshot that is kept before files change, brings it back."
    : "Git brings back what it has; no snapshot is kept of an agent on another machine.";
}
