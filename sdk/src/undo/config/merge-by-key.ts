import { linesOf } from "../lines.js";
import { mergeLines } from "../merge.js";
import { textOf, type KeyPath, type Node, type Section, type Setting } from "./document.js";

/** Three states of one document: `mine` is what a person made of the base, `theirs` what an undo would make of it. */
interface Sides<Part> {
  readonly base: Part;
  readonly mine: Part;
  readonly theirs: Part;
}

/** A key that stays as a person made it. */
export interface KeyConflict {
  readonly keys: KeyPath;
  readonly sentence: string;
}

export interface MergedDocument {
  readonly node: Node;
  readonly conflicts: readonly KeyConflict[];
}

/**
 * Merges two changes of one document key by key: what only undo would change goes back, what only a person changed
 * stays, letter for letter, and a key that both changed stays as the person made it.
 * @param staying keys that a person has changed, as far as is known already
 */
export function mergeByKey(sides: Sides<Node>, staying: readonly KeyPath[]): MergedDocument {
  const conflicts: KeyConflict[] = [];
  const node = mergeNodes(sides, [], { conflicts, staying });
  return { node, conflicts };
}

interface Merging {
  readonly conflicts: KeyConflict[];
  readonly staying: readonly KeyPath[];
}

function mergeNodes(sides: Sides<Node>, keys: KeyPath, merging: Merging): Node {
  const { base, mine, theirs } = sides;
  if (merging.staying.some((each) => isSameKeys(each, keys))) return mine;
  const holdsStaying = merging.staying.some((each) => isSameKeys(each.slice(0, keys.length), keys));
  const picked = holdsStaying ? null : pick({ base: textOf(base), mine: textOf(mine), theirs: textOf(theirs) });
  if (picked !== null) return picked === textOf(theirs) ? theirs : mine;
  if (base.kind === "section" && mine.kind === "section" && theirs.kind === "section") {
    return mergeSections({ base, mine, theirs }, keys, merging);
  }
  const areLists = [base, mine, theirs].every((node) => node.kind === "value" && node.isInLines);
  const list = areLists ? mergedText({ base: textOf(base), mine: textOf(mine), theirs: textOf(theirs) }) : null;
  if (list !== null) return { kind: "value", text: list, isInLines: true };
  merging.conflicts.push({ keys, sentence: "Somebody changed it since." });
  return mine;
}

function mergeSections(sides: Sides<Section>, keys: KeyPath, merging: Merging): Section {
  const { base, mine, theirs } = sides;
  const found = new Map<string, Setting>();
  let loose = "";
  for (const key of orderOf(sides)) {
    const setting = mergeSetting({ base: named(base, key), mine: named(mine, key), theirs: named(theirs, key) }, [...keys, key], merging);
    if (setting.left !== null) found.set(key, { ...setting.left, lead: `${loose}${setting.left.lead}` });
    loose = setting.left === null ? `${loose}${setting.loose}` : "";
  }
  const text = (side: (section: Section) => string) => wordsOf({ base: side(base), mine: side(mine), theirs: side(theirs) });
  const close = text((section) => section.close);
  return {
    kind: "section",
    open: mine.open === null ? null : text((section) => section.open ?? ""),
    settings: [...found.values()],
    close: loose === "" ? close : `\n${loose.replace(/\n$/, "")}${close}`,
    joint: mine.joint,
  };
}

interface MergedSetting {
  readonly left: Setting | null;
  /** A person's comment above a key that goes: it stays. */
  readonly loose: string;
}

const nothing: MergedSetting = { left: null, loose: "" };

function mergeSetting({ base, mine, theirs }: Sides<Setting | undefined>, keys: KeyPath, merging: Merging): MergedSetting {
  const conflict = (sentence: string) => merging.conflicts.push({ keys, sentence });
  const isSame = (one: Setting, other: Setting) => textOf(one.node) === textOf(other.node);
  if (base && mine && theirs) {
    const text = (side: (setting: Setting) => string) => wordsOf({ base: side(base), mine: side(mine), theirs: side(theirs) });
    const node = mergeNodes({ base: base.node, mine: mine.node, theirs: theirs.node }, keys, merging);
    // A value that stays keeps what it is written with.
    const around = node === mine.node ? {} : { name: text(({ name }) => name), tail: text(({ tail }) => tail) };
    return { left: { ...mine, ...around, lead: text(({ lead }) => lead), node }, loose: "" };
  }
  if (base && mine) return mergeAdded(base, mine, { keys, merging });
  if (base && theirs) {
    if (!isSame(base, theirs)) conflict("Somebody removed it since.");
    return nothing;
  }
  if (mine && theirs && !isSame(mine, theirs)) conflict("Somebody put something else in its place since.");
  return { left: mine ?? (merging.staying.some((each) => isSameKeys(each, keys)) ? null : (theirs ?? null)), loose: "" };
}

/** A key that the run added goes; of a section that it added, what a person put in stays. */
function mergeAdded(base: Setting, mine: Setting, { keys, merging }: { readonly keys: KeyPath; readonly merging: Merging }): MergedSetting {
  const loose = mine.lead === base.lead ? "" : mine.lead;
  if (textOf(mine.node) === textOf(base.node) && !merging.staying.some((each) => isSameKeys(each.slice(0, keys.length), keys))) {
    return { left: null, loose };
  }
  if (mine.node.kind === "section" && base.node.kind === "section") {
    const empty: Section = { ...base.node, settings: [] };
    return { left: { ...mine, node: mergeSections({ base: base.node, mine: mine.node, theirs: empty }, keys, merging) }, loose: "" };
  }
  merging.conflicts.push({ keys, sentence: "The run made it, and somebody changed it since." });
  return { left: mine, loose: "" };
}

/** A person's order stays; where they kept it, it goes back. What the other side alone has follows what it followed there. */
function orderOf({ base, mine, theirs }: Sides<Section>): string[] {
  const orderIn = ({ settings }: Section, other: Section) => settings.flatMap(({ key }) => (named(other, key) ? [key] : []));
  const isKept = orderIn(mine, base).join("\n") === orderIn(base, mine).join("\n");
  const [first, second] = isKept ? [theirs, mine] : [mine, theirs];
  const order = first.settings.map(({ key }) => key);
  const known = new Set(order);
  for (const [index, { key }] of second.settings.entries()) {
    if (known.has(key)) continue;
    const before = second.settings[index - 1]?.key;
    order.splice(before === undefined ? 0 : order.indexOf(before) + 1, 0, key);
    known.add(key);
  }
  return order;
}

function named({ settings }: Section, key: string): Setting | undefined {
  return settings.find((setting) => setting.key === key);
}

/** Text around keys: merged where that is clean, else the person's. */
function wordsOf(sides: Sides<string>): string {
  return pick(sides) ?? mergedText(sides) ?? sides.mine;
}

/** Null where both sides changed it, differently. */
function pick({ base, mine, theirs }: Sides<string>): string | null {
  if (mine === base) return theirs;
  return theirs === base || theirs === mine ? mine : null;
}

function mergedText({ base, mine, theirs }: Sides<string>): string | null {
  return mergeLines({ base: linesOf(base), mine: linesOf(mine), theirs: linesOf(theirs) })?.join("") ?? null;
}

function isSameKeys(one: KeyPath, other: KeyPath): boolean {
  return one.length === other.length && one.every((key, index) => key === other[index]);
}
