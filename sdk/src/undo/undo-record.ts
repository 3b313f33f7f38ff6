import type { UndoKindName } from "../protocol/index.js";
import type { Journals } from "./journals.js";
import type { UndoEnd, UndoKind } from "./kind.js";

/** An undo over all kinds, on disk: which parts it has, in their order, and how far it is. What a part does, its kind knows. */
export interface UndoRecord {
  readonly id: string;
  readonly parts: readonly { readonly of: UndoKindName; readonly id: string }[];
  /** `backing_out` after a part failed: those before it are taken back, the last first. */
  readonly state: "running" | "backing_out" | "done" | "backed_out";
  /** What came of the parts that are done, in their order; once all are backed out, what came of that. */
  readonly ends: readonly UndoEnd[];
  /** Why it was backed out. */
  readonly failure?: string;
}

interface Carrying {
  readonly records: Journals<UndoRecord>;
  readonly kind: (name: UndoKindName) => UndoKind;
}

/**
 * Does what is left of an undo: part by part, all of them, or none when one fails. A part that a crash cut off is carried
 * out again and finds what is done already.
 */
export async function carryOutParts(undoId: string, { records, kind }: Carrying): Promise<UndoEnd> {
  let record = records.read(undoId);
  if (!record) return { ...nothing, failure: "The server ended before the undo had begun." };
  const note = (change: Partial<UndoRecord>) => records.write((record = { ...(record as UndoRecord), ...change }));
  while (record.state === "running") {
    const part = record.parts[record.ends.length];
    if (!part) {
      note({ state: "done" });
      break;
    }
    const { failure, ...end } = await kind(part.of).carryOut(part.id);
    if (failure === undefined) note({ ends: [...record.ends, end] });
    else note({ state: "backing_out", failure, ends: [...record.ends, end] });
  }
  if (record.state === "backing_out") await backOut(record, { note, kind });
  return endOf(record);
}

const nothing: UndoEnd = { restored: [], conflicts: [], unverified: [] };

interface BackingOut extends Pick<Carrying, "kind"> {
  readonly note: (change: Partial<UndoRecord>) => void;
}

/** The part that failed took itself back. */
async function backOut({ parts, ends, failure = "" }: UndoRecord, { note, kind }: BackingOut): Promise<void> {
  const unverified = [...(ends.at(-1)?.unverified ?? [])];
  const sentences = [failure];
  for (const part of parts.slice(0, ends.length - 1).toReversed()) {
    const end = await kind(part.of).backOut(part.id);
    unverified.push(...end.unverified);
    if (end.failure !== undefined) sentences.push(end.failure);
  }
  note({ state: "backed_out", ends: [{ ...nothing, unverified }], failure: sentences.join(" ") });
}

function endOf({ ends, failure }: UndoRecord): UndoEnd {
  const heldOpen = ends.flatMap((end) => end.heldOpen ?? []);
  return {
    restored: ends.flatMap(({ restored }) => restored),
    conflicts: ends.flatMap(({ conflicts }) => conflicts),
    unverified: ends.flatMap(({ unverified }) => unverified),
    ...(heldOpen.length > 0 && { heldOpen }),
    ...(failure === undefined ? {} : { failure }),
  };
}
