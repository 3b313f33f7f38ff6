import type { Section, Setting } from "../document.js";
import { Lines, plain } from "./lines.js";

/** Files of environment variables: `NAME=value`, comments from `#` on. Null for anything else. */
export function readEnv(text: string): Section | null {
  const lines = new Lines(text);
  const settings: Setting[] = [];
  for (;;) {
    lines.skip((line) => /^\s*(#|$)/.test(line));
    if (lines.next === undefined) return lines.document(settings);
    // A value in quotes may go on over several lines.
    const whole = lines.complete(lines.take(), (line) => !isOpen(line));
    const [, name, key, value = ""] = /^(\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*=)([^]*)$/.exec(whole ?? "") ?? [];
    if (name === undefined || key === undefined) return null;
    settings.push(plain(key, { lead: lines.lead(), name, value }));
  }
}

function isOpen(line: string): boolean {
  const [, quote, value = ""] = /^[^=]*=\s*(["'`])([^]*)$/.exec(line) ?? [];
  return quote !== undefined && !new RegExp(String.raw`^(?:[^${quote}\\]|\\[^])*${quote}`).test(value);
}
