import { invisibleClass } from "@pullcord/sdk/protocol";
import { lookalikeRanges } from "./lookalike.js";

/** A stretch of a text as it is drawn. Joined, the `text` of all pieces is the original, letter for letter. */
export interface Piece {
  readonly kind: "plain" | "invisible" | "lookalike";
  readonly text: string;
  /** What stands in its place (`invisible`) or is said about it (`lookalike`). */
  readonly label?: string;
}

/** What stays unseen, padding that pushes text out of sight, and marks stacked until they cover their neighbours. */
const invisible = new RegExp(String.raw`\n{5,}|\x20{24,}|\t{9,}|(?!\n)[${invisibleClass}]|\p{M}{4,}`, "gv");

const names: Readonly<Record<number, string>> = {
  0x00: "NUL",
  0x07: "BEL",
  0x08: "BACKSPACE",
  0x09: "TAB",
  0x0b: "VTAB",
  0x0c: "FORM FEED",
  0x0d: "CR",
  0x1b: "ESC",
  0x7f: "DEL",
  0x85: "NEXT LINE",
  0xa0: "NBSP",
  0xad: "SOFT HYPHEN",
  0x200b: "ZERO WIDTH SPACE",
  0x200c: "ZWNJ",
  0x200d: "ZWJ",
  0x200e: "LRM",
  0x200f: "RLM",
  0x2028: "LINE SEP",
  0x2029: "PARAGRAPH SEP",
  0x202a: "LRE",
  0x202b: "RLE",
  0x202c: "PDF",
  0x202d: "LRO",
  0x202e: "RLO",
  0x2060: "WORD JOINER",
  0x2066: "LRI",
  0x2067: "RLI",
  0x2068: "FSI",
  0x2069: "PDI",
  0x2800: "BLANK BRAILLE",
  0x3000: "WIDE SPACE",
  0x3164: "HANGUL FILLER",
  0xfeff: "BOM",
};

/** Splits a text so that every invisible character has a label and every look-alike is pointed out. Linear in its length. */
export function pieces(text: string): readonly Piece[] {
  const out: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(invisible)) {
    if (match[0] === "\t" && indents(text, match.index)) continue;
    plain(text.slice(from, match.index), out);
    out.push({ kind: "invisible", text: match[0], label: labelOf(match[0]) });
    from = match.index + match[0].length;
  }
  plain(text.slice(from), out);
  return out;
}

/** How many pieces of each kind a text has, for the one line above it. */
export function countHidden(text: string): { readonly invisible: number; readonly lookalike: number } {
  let hidden = 0;
  let lookalike = 0;
  for (const piece of pieces(text)) {
    if (piece.kind === "lookalike") lookalike += 1;
    if (piece.kind === "invisible") hidden += 1;
  }
  return { invisible: hidden, lookalike };
}

/** A tab before anything else on its line is how code is indented: it stays a tab. */
function indents(text: string, index: number): boolean {
  let before = index - 1;
  while (text[before] === "\t" || text[before] === " ") before -= 1;
  return before < 0 || text[before] === "\n";
}

function plain(text: string, out: Piece[]): void {
  let from = 0;
  for (const { start, end, sentence } of lookalikeRanges(text)) {
    if (start > from) out.push({ kind: "plain", text: text.slice(from, start) });
    out.push({ kind: "lookalike", text: text.slice(start, end), label: sentence });
    from = end;
  }
  if (from < text.length) out.push({ kind: "plain", text: text.slice(from) });
}

function labelOf(text: string): string {
  if (text.startsWith("  ")) return `${text.length} SPACES`;
  if (text.startsWith("\t\t")) return `${text.length} TABS`;
  if (text.startsWith("\n\n")) return `${text.length} LINE BREAKS`;
  const points = Array.from(text);
  if (points.length > 1) return `${points.length} STACKED MARKS`;
  const point = text.codePointAt(0) ?? 0;
  if (point >= 0xe0000 && point <= 0xe007f) return `TAG ${printable(point - 0xe0000)}`;
  return names[point] ?? `U+${point.toString(16).toUpperCase().padStart(4, "0")}`;
}

function printable(point: number): string {
  return point > 0x20 && point < 0x7f ? String.fromCodePoint(point) : point.toString(16).toUpperCase().padStart(2, "0");
}
