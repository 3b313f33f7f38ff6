import { invisibleClass } from "@pullcord/sdk/protocol";

const unseen = new RegExp(`[${invisibleClass}]`, "gv");

/** One line of text from outside, with every invisible character drawn as `\u{…}`. */
export function escapeLine(text: string): string {
  return text.replaceAll(unseen, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** The lines of a text from outside, each escaped. Only a line feed divides; anything else is drawn. */
export function escapeLines(text: string): string[] {
  return text.split("\n").map(escapeLine);
}

/** JSON that is safe on a terminal and means the same: what is unseen is written as JSON's own `\uXXXX`. */
export function escapeJson(json: string): string {
  return json.replaceAll(unseen, (character) => (character === "\n" ? character : utf16Escapes(character)));
}

function utf16Escapes(character: string): string {
  return Array.from({ length: character.length }, (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`).join("");
}
