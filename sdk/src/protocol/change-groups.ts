import type { PathChange, UndoKindName } from "./undo.js";

/** Changes of one kind; rows by the table that they are of. */
export interface ChangeGroup {
  readonly of: UndoKindName;
  /** `Files`, `Rows of shop.db/orders`. */
  readonly title: string;
  readonly changes: readonly PathChange[];
}

const titles: Readonly<Record<UndoKindName, string>> = {
  file: "Files",
  config: "Keys of configuration",
  database: "Databases",
  command: "Effects of commands",
  custom: "What programs take back",
};
const kinds = Object.keys(titles) as readonly UndoKindName[];

/** What a run changed, or an undo will, by what it is of: files first, what runs programs last. Within a group as they came. */
export function changeGroups(changes: readonly PathChange[]): readonly ChangeGroup[] {
  const groups = Map.groupBy(changes, ({ of, path, sentence }) => tableIn(of, path, sentence) ?? titles[of]);
  const found = [...groups].map(([title, own]): ChangeGroup => ({ of: own[0]?.of ?? "file", title, changes: own }));
  return found.toSorted((one, other) => kinds.indexOf(one.of) - kinds.indexOf(other.of));
}

/** `3 changed, 1 removed` */
export function changeCounts(changes: readonly PathChange[]): string {
  const counts = Map.groupBy(changes, ({ kind }) => kind);
  return (["added", "changed", "removed"] as const)
    .flatMap((kind) => (counts.has(kind) ? [`${counts.get(kind)?.length} ${kind}`] : []))
    .join(", ");
}

/** A row's sentence names its table, and its path holds the database before that. */
function tableIn(of: UndoKindName, path: string, sentence: string): string | null {
  const table = of === "database" ? /^(?:row|\d+ rows) of ([^:,]+)/.exec(sentence)?.[1] : undefined;
  const place = table === undefined ? -1 : path.indexOf(`/${table}/`);
  return table === undefined || place < 0 ? null : `Rows of ${path.slice(0, place)}/${table}`;
}
