/** One value, letter for letter: a number, a string, a list, whatever the format has no keys in. */
export interface Value {
  readonly kind: "value";
  readonly text: string;
  /** A list, a text of several lines: what is in it has no names, so it is merged line by line where two change it. */
  readonly isInLines: boolean;
}

/** One key with its value, and the text around it. */
export interface Setting {
  readonly key: string;
  /** What stands before it: comments, blank space. */
  readonly lead: string;
  /** Its name as written, and what joins it to its value. */
  readonly name: string;
  readonly node: Node;
  /** What follows the value: blank space, a comment on its line. */
  readonly tail: string;
}

/** Keys in their order. */
export interface Section {
  readonly kind: "section";
  /** Before the first key: a bracket, a heading. Of a format in lines, null where there is no heading. */
  readonly open: string | null;
  readonly settings: readonly Setting[];
  /** After the last key. */
  readonly close: string;
  /** What stands between two keys. */
  readonly joint: "," | "\n";
}

export type Node = Value | Section;

/** Keys, from the outermost inwards. */
export type KeyPath = readonly string[];

/** Deeper documents are not read by key. */
export const deepestSection = 64;

/** The whole text of a part of a document. For what a format has read, this is what it read, byte for byte. */
export function textOf(node: Node): string {
  if (node.kind === "value") return node.text;
  const { open, settings, close, joint } = node;
  const texts = settings.map(({ lead, name, node: inner, tail }) => `${lead}${name}${textOf(inner)}${tail}`);
  if (joint === "\n") return `${[...(open === null ? [] : [open]), ...texts].join("\n")}${close}`;
  // A comma after the last key goes with it.
  return `${open ?? ""}${texts.join(",")}${texts.length === 0 ? close.replace(/^,/, "") : close}`;
}

/** Every value by its keys, and every section that has none: what a program would read. */
export function meaningOf(node: Node, above: KeyPath = []): Map<string, string> {
  if (node.kind === "value") return new Map([[JSON.stringify(above), node.text.trim()]]);
  const own = node.settings.flatMap((setting) => [...meaningOf(setting.node, [...above, setting.key])]);
  return new Map([[JSON.stringify(above), "section"], ...own]);
}

/** Most keys in one section of a document that is read by key. */
const mostSettings = 2_000;

/** Whether each key stands once, so that nobody has to guess which is meant, and they are few enough to be compared. */
export function areDistinct(settings: readonly Setting[]): boolean {
  return settings.length <= mostSettings && new Set(settings.map(({ key }) => key)).size === settings.length;
}
