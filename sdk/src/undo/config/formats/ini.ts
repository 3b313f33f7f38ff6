import type { Section, Setting } from "../document.js";
import { headed, Lines, plain } from "./lines.js";

const isSkipped = (line: string) => /^\s*([#;]|$)/.test(line);

/** INI and its kin (git, systemd, Python's configparser): `[heading]`, `key = value`, comments from `#` or `;` on. Null for anything else. */
export function readIni(text: string): Section | null {
  const lines = new Lines(text);
  const settings = keysOf(lines);
  if (settings === null) return null;
  while (lines.next !== undefined) {
    const lead = lines.lead();
    const heading = lines.take();
    const keys = keysOf(lines);
    const section = keys && headed(nameOf(heading), { lead, heading }, keys);
    if (!section) return null;
    settings.push(section);
  }
  return lines.document(settings);
}

/** The keys up to the next heading. */
function keysOf(lines: Lines): Setting[] | null {
  const settings: Setting[] = [];
  for (;;) {
    lines.skip(isSkipped);
    if (lines.next === undefined || /^\s*\[.*\]\s*([#;].*)?$/.test(lines.next)) return settings;
    const first = lines.take();
    const [, name, indent = "", key] = /^((\s*)([^\s=:[\]#;][^=:]*?)\s*(?:[=:]|$))/.exec(first) ?? [];
    if (name === undefined || key === undefined) return null;
    const value = [first.slice(name.length)];
    // A value goes on in lines that stand further in, and after a backslash.
    while (lines.next !== undefined && (/\\\s*$/.test(value.at(-1) ?? "") || isDeeper(lines.next, indent))) value.push(lines.take());
    settings.push(plain(key, { lead: lines.lead(), name, value: value.join("\n"), isInLines: value.length > 1 }));
  }
}

function isDeeper(line: string, indent: string): boolean {
  const [own = ""] = /^\s*/.exec(line) ?? [];
  return own.length < line.length && own.length > indent.length;
}

function nameOf(heading: string): string {
  return /^\s*\[(.*)\]/.exec(heading)?.[1]?.trim() ?? heading;
}
