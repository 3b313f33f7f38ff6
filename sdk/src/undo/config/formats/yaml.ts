import { deepestSection, areDistinct, type Node, type Section, type Setting } from "../document.js";
import { Lines } from "./lines.js";

/**
 * YAML as people write settings in it: keys below each other, by indentation. Null for anything else, such as several
 * documents, anchors, tags, keys that are no words, tabs.
 */
export function readYaml(text: string): Section | null {
  if (/^\t|^ +\t|^%|(^|[\s[{,:-])[&*][^\s,[\]{}]|^[ ]*<<[ ]*:|^[ ]*\? /m.test(text)) return null;
  const lines = new Lines(text);
  skip(lines);
  const isMarked = lines.next !== undefined && /^---\s*(#.*)?$/.test(lines.next);
  const marker = isMarked ? `${lines.lead()}${lines.take()}\n` : "";
  const settings = settingsOf(lines, { indent: 0, depth: 0 });
  // What follows at the same indentation and is no key: another document, a list.
  if (settings === null || lines.next !== undefined) return null;
  const document = lines.document(settings);
  const [first] = document?.settings ?? [];
  return document && first
    ? { ...document, settings: [{ ...first, lead: `${marker}${first.lead}` }, ...document.settings.slice(1)] }
    : null;
}

interface Level {
  /** Of its keys, in spaces. */
  readonly indent: number;
  readonly depth: number;
}

function skip(lines: Lines): void {
  lines.skip((line) => /^\s*(#|$)/.test(line));
}

/** The keys at one indentation, up to a line that stands further out. */
function settingsOf(lines: Lines, { indent, depth }: Level): Setting[] | null {
  const settings: Setting[] = [];
  if (depth > deepestSection) return null;
  for (;;) {
    skip(lines);
    if (lines.next === undefined || indentOf(lines.next) < indent) return areDistinct(settings) ? settings : null;
    if (indentOf(lines.next) > indent) return null;
    const setting = settingAt(lines, { indent, depth });
    if (!setting) return null;
    settings.push(setting);
  }
}

const keyLine = /^( *(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s"'#&*!|>%@`{}[\],?:-](?:[^#:\n]|:(?=\S))*?) *:)(?=\s|$)(.*)$/;

function settingAt(lines: Lines, level: Level): Setting | null {
  const lead = lines.lead();
  const line = lines.take();
  const [, name, rest] = keyLine.exec(line) ?? [];
  if (name === undefined || rest === undefined) return null;
  const key = keyOf(name);
  if (key === null) return null;
  if (/^\s*(#.*)?$/.test(rest)) return below(lines, level, { key, lead, line, name, rest });
  const [space = ""] = /^\s*/.exec(rest) ?? [];
  const value = valueOf(lines, { indent: level.indent, start: rest.slice(space.length) });
  return value && { key, lead, name: `${name}${space}`, node: value.node, tail: value.tail };
}

interface Heading {
  readonly key: string;
  readonly lead: string;
  readonly line: string;
  readonly name: string;
  /** After the colon: blank space, a comment. */
  readonly rest: string;
}

/** What stands in the lines below a key: keys of its own, a list, or nothing. */
function below(lines: Lines, { indent, depth }: Level, { key, lead, line, name, rest }: Heading): Setting | null {
  skip(lines);
  const next = lines.next ?? "";
  const isDeeper = lines.next !== undefined && indentOf(next) > indent;
  const isListed = /^ *-(\s|$)/.test(next) && indentOf(next) >= indent;
  if (isListed) {
    const [above, text] = [lines.lead(), listOf(lines, indent)];
    return text === null
      ? null
      : { key, lead, name: `${line}\n`, node: { kind: "value", text: `${above}${text}`, isInLines: true }, tail: "" };
  }
  if (!isDeeper) return { key, lead, name, node: { kind: "value", text: "", isInLines: false }, tail: rest };
  const settings = settingsOf(lines, { indent: indentOf(next), depth: depth + 1 });
  return settings && { key, lead, name: "", node: { kind: "section", open: line, settings, close: "", joint: "\n" }, tail: "" };
}

/** All lines of a list: further in than its key, or as far in and an item. */
function listOf(lines: Lines, indent: number): string | null {
  const taken: string[] = [];
  for (;;) {
    skip(lines);
    const { next } = lines;
    const isOwn = next !== undefined && (indentOf(next) > indent || (indentOf(next) === indent && /^ *-(\s|$)/.test(next)));
    if (!isOwn) return taken.join("\n");
    taken.push(`${lines.lead()}${lines.take()}`);
  }
}

interface Found {
  readonly node: Node;
  readonly tail: string;
}

function valueOf(lines: Lines, { indent, start }: { readonly indent: number; readonly start: string }): Found | null {
  const [first = ""] = start;
  if (/[&*!%@`?]/.test(first)) return null;
  if (/[|>]/.test(first)) return blockOf(lines, { indent, start });
  if (/["'[{]/.test(first)) {
    const whole = lines.complete(start, (text) => endOf(text) !== null);
    const end = whole === null ? null : endOf(whole);
    if (whole === null || end === null || !/^\s*$|^\s+#.*$/.test(whole.slice(end))) return null;
    return { node: { kind: "value", text: whole.slice(0, end), isInLines: true }, tail: whole.slice(end) };
  }
  const [text = ""] = /^(?:[^#]|(?<=\S)#)*?(?=\s*$|\s+#)/.exec(start) ?? [];
  // A value that goes on below, or holds what looks like a key: not what it seems.
  skip(lines);
  if (/:(\s|$)/.test(text) || (lines.next !== undefined && indentOf(lines.next) > indent)) return null;
  return { node: { kind: "value", text, isInLines: false }, tail: start.slice(text.length) };
}

/** A text in lines of its own, YAML 1.2, 8.1. One that keeps its blank lines at the end can't be told from what follows. */
function blockOf(lines: Lines, { indent, start }: { readonly indent: number; readonly start: string }): Found | null {
  if (!/^[|>][-1-9]*\s*(#.*)?$/.test(start)) return null;
  let text = start;
  for (;;) {
    lines.skip((line) => /^ *\r?$/.test(line));
    if (lines.next === undefined || indentOf(lines.next) <= indent) return { node: { kind: "value", text, isInLines: true }, tail: "" };
    text += `\n${lines.lead()}${lines.take()}`;
  }
}

/** Where a value in quotes or brackets ends; null while it is not complete. */
function endOf(value: string): number | null {
  const piece = /"(?:[^"\\]|\\[^])*"|'(?:[^']|'')*'(?!')|[[{]|[\]}]|(?<=\s)#[^\n]*\n|[^"'[\]{}]/y;
  let depth = 0;
  for (let at = 0; at < value.length; at = piece.lastIndex) {
    piece.lastIndex = at;
    const [found = ""] = piece.exec(value) ?? [];
    if (found === "") return null;
    if (/^[[{]$/.test(found)) depth += 1;
    if (/^[\]}]$/.test(found)) depth -= 1;
    if (depth === 0 && /["'\]}]$/.test(found)) return piece.lastIndex;
  }
  return null;
}

function indentOf(line: string): number {
  return /^ */.exec(line)?.[0].length ?? 0;
}

/** The key that a name in the text stands for; null where only a whole reader of YAML could tell. */
function keyOf(name: string): string | null {
  const written = name.trim().replace(/\s*:$/, "");
  if (written.startsWith("'")) return written.slice(1, -1).replaceAll("''", "'");
  if (!written.startsWith('"')) return written;
  try {
    return JSON.parse(written) as string;
  } catch {
    return null;
  }
}
