import type { Section, Setting } from "../document.js";
import { headed, Lines, plain } from "./lines.js";

/** TOML 1.0. Null for anything else. Tables in a list are taken together, as one value. */
export function readToml(text: string): Section | null {
  const lines = new Lines(text);
  const settings = keysOf(lines);
  if (settings === null) return null;
  while (lines.next !== undefined) {
    const lead = lines.lead();
    const heading = headingOf(lines.next);
    if (heading === null) return null;
    const section = heading.isList ? tablesOf(lines, { key: heading.key, lead }) : tableOf(lines, { key: heading.key, lead });
    if (section === null) return null;
    settings.push(section);
  }
  return lines.document(settings);
}

interface Heading {
  readonly key: string;
  readonly isList: boolean;
}

function tableOf(lines: Lines, { key, lead }: { readonly key: string; readonly lead: string }): Setting | null {
  const heading = lines.take();
  const keys = keysOf(lines);
  return keys && headed(key, { lead, heading }, keys);
}

/** All tables of one list, with the tables in them: they have no names to tell them apart. */
function tablesOf(lines: Lines, { key, lead }: { readonly key: string; readonly lead: string }): Setting | null {
  let value = "";
  for (;;) {
    const heading = lines.next === undefined ? null : headingOf(lines.next);
    if (heading === null || (heading.key !== key && !heading.key.startsWith(`${key}.`))) break;
    value += `${value === "" ? "" : "\n"}${lines.lead()}${lines.take()}`;
    const keys = keysOf(lines);
    if (keys === null) return null;
    for (const { lead: above, name, node, tail } of keys) value += `\n${above}${name}${node.kind === "value" ? node.text : ""}${tail}`;
  }
  return plain(key, { lead, name: "", value, isInLines: true });
}

/** The keys up to the next heading. */
function keysOf(lines: Lines): Setting[] | null {
  const settings: Setting[] = [];
  for (;;) {
    lines.skip((line) => /^\s*(#|$)/.test(line));
    if (lines.next === undefined || headingOf(lines.next) !== null) return settings;
    const first = lines.take();
    const [name] = /^\s*(?:[\w-]+|"(?:[^"\\]|\\.)*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"(?:[^"\\]|\\.)*"|'[^']*'))*\s*=[ \t]*/.exec(first) ?? [];
    if (name === undefined) return null;
    const whole = lines.complete(first.slice(name.length), (value) => endOf(value) !== null);
    const end = whole === null ? null : endOf(whole);
    if (whole === null || end === null || end === 0 || !/^\s*(#.*)?$/.test(whole.slice(end))) return null;
    const node = { kind: "value" as const, text: whole.slice(0, end), isInLines: /^[["']/.test(whole) };
    settings.push({ key: keyOf(name.replace(/=\s*$/, "")), lead: lines.lead(), name, node, tail: whole.slice(end) });
  }
}

function headingOf(line: string): Heading | null {
  const [, open, name = "", close] = /^\s*(\[\[?)([^[\]#"']*(?:"[^"]*"|'[^']*'|[^[\]#"'])*)(\]\]?)\s*(?:#.*)?$/.exec(line) ?? [];
  if (open === undefined || open.length !== close?.length) return null;
  return { key: keyOf(name), isList: open === "[[" };
}

/** A dotted key in one spelling. */
function keyOf(written: string): string {
  const parts = written.trim().match(/[\w-]+|"(?:[^"\\]|\\.)*"|'[^']*'/g) ?? [];
  return parts.map((part) => (/^["']/.test(part) && /^[\w-]+$/.test(part.slice(1, -1)) ? part.slice(1, -1) : part)).join(".");
}

const pieces: readonly RegExp[] = [
  /"""(?:[^"\\]|\\[^]|"(?!""))*"""+/y,
  /'''(?:[^']|'(?!''))*'''+/y,
  /"(?!"")(?:[^"\\\n]|\\.)*"/y,
  /'(?!'')[^'\n]*'/y,
];

/** Where a value ends; null while it is not complete. */
function endOf(value: string): number | null {
  let depth = 0;
  for (let at = 0; at < value.length;) {
    const character = value[at] as string;
    const quoted = character === '"' || character === "'" ? quotedEnd(value, at) : at;
    if (quoted === null) return null;
    if (quoted > at) at = quoted;
    else if (character === "#") {
      if (depth === 0) return value.slice(0, at).trimEnd().length;
      at = value.indexOf("\n", at);
      if (at < 0) return null;
    } else {
      if ("[{".includes(character)) depth += 1;
      if ("]}".includes(character)) depth -= 1;
      at += 1;
    }
    if (depth === 0 && "\"']}".includes(value[at - 1] ?? "?")) return at;
  }
  return depth === 0 ? value.trimEnd().length : null;
}

function quotedEnd(value: string, at: number): number | null {
  for (const piece of pieces) {
    piece.lastIndex = at;
    if (piece.test(value)) return piece.lastIndex;
  }
  return null;
}
