import { deepestSection, areDistinct, type Node, type Section, type Setting, type Value } from "../document.js";

/** JSON, with comments and a comma after the last key, as many programs' settings have them. Null for anything else. */
export function readJson(text: string): Section | null {
  const lead = spaceAt(text, 0);
  const found = objectAt(text, lead.length, 0);
  if (!found) return null;
  const rest = text.slice(found.end);
  if (spaceAt(rest, 0) !== rest) return null;
  return { ...found.node, open: `${lead}${found.node.open ?? ""}`, close: `${found.node.close}${rest}` };
}

interface Found<Part> {
  readonly node: Part;
  /** Where the text goes on. */
  readonly end: number;
}

function objectAt(text: string, start: number, depth: number): Found<Section> | null {
  if (text[start] !== "{" || depth > deepestSection) return null;
  const settings: Setting[] = [];
  let at = start + 1;
  for (;;) {
    const lead = spaceAt(text, at);
    if (text[at + lead.length] === "}") {
      const comma = settings.length > 0 ? "," : "";
      return objectOf(settings, `${comma}${lead}}`, at + lead.length + 1);
    }
    const setting = settingAt(text, at + lead.length, depth);
    if (!setting) return null;
    const tail = spaceAt(text, setting.end);
    const after = setting.end + tail.length;
    const isLast = text[after] === "}";
    settings.push({ ...setting.node, lead, tail: isLast ? "" : tail });
    if (isLast) return objectOf(settings, `${tail}}`, after + 1);
    if (text[after] !== ",") return null;
    at = after + 1;
  }
}

function objectOf(settings: readonly Setting[], close: string, end: number): Found<Section> | null {
  return areDistinct(settings) ? { node: { kind: "section", open: "{", settings, close, joint: "," }, end } : null;
}

function settingAt(text: string, start: number, depth: number): Found<Pick<Setting, "key" | "name" | "node">> | null {
  const end = stringEnd(text, start);
  const key = end === null ? null : keyOf(text.slice(start, end));
  if (end === null || key === null) return null;
  const colon = end + spaceAt(text, end).length;
  if (text[colon] !== ":") return null;
  const from = colon + 1 + spaceAt(text, colon + 1).length;
  const found = valueAt(text, from, depth + 1);
  return found && { node: { key, name: text.slice(start, from), node: found.node }, end: found.end };
}

function valueAt(text: string, start: number, depth: number): Found<Node> | null {
  if (text[start] === "{") return objectAt(text, start, depth);
  const isInLines = text[start] === "[";
  const end = isInLines ? listEnd(text, start) : (stringEnd(text, start) ?? wordEnd(text, start));
  if (end === null) return null;
  const node: Value = { kind: "value", text: text.slice(start, end), isInLines };
  return { node, end };
}

/** Where a list ends; brackets in strings and comments don't count. Null where one of those has no end. */
function listEnd(text: string, start: number): number | null {
  let depth = 0;
  for (let at = start; at < text.length;) {
    const space = spaceAt(text, at).length;
    const string = stringEnd(text, at + space);
    at = string ?? at + space;
    if (string !== null) continue;
    // Neither a comment nor a string, though it begins as one: looked for again at each quote, its end would take for ever.
    if (text[at] === "/" || text[at] === '"') return null;
    if ("[{".includes(text[at] ?? "?")) depth += 1;
    else if ("]}".includes(text[at] ?? "?")) depth -= 1;
    at += 1;
    if (depth === 0) return at;
  }
  return null;
}

function stringEnd(text: string, start: number): number | null {
  const string = /"(?:[^"\\\n]|\\.)*"/y;
  string.lastIndex = start;
  return string.test(text) ? string.lastIndex : null;
}

function wordEnd(text: string, start: number): number | null {
  const word = /true|false|null|-?\d[\d.eE+-]*/y;
  word.lastIndex = start;
  return word.test(text) ? word.lastIndex : null;
}

/** Blank space and comments from there on. */
function spaceAt(text: string, start: number): string {
  const space = /(?:[ \t\r\n\uFEFF]|\/\/[^\n]*|\/\*[^]*?\*\/)*/y;
  space.lastIndex = start;
  return space.exec(text)?.[0] ?? "";
}

function keyOf(text: string): string | null {
  try {
    return JSON.parse(text) as string;
  } catch {
    return null;
  }
}
