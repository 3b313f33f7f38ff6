import { describe, expect, it } from "vitest";
import { escapeJson, escapeLine, escapeLines } from "./escape.js";

const lastCodePoint = 0x10ffff;
const unseen = /^(?! )[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u{2800}\u{1D159}]$/u;

function codePoints(): string[] {
  return Array.from({ length: lastCodePoint + 1 }, (_, code) => String.fromCodePoint(code));
}

describe("escaping", () => {
  it("draws every code point that draws nothing or moves what is around it, and no other", () => {
    const wrong = codePoints().filter((character) => (escapeLine(character) !== character) !== unseen.test(character));
    expect(wrong).toEqual([]);
    // Unicode 16 or newer: more than four thousand of them, and half of each surrogate pair.
    expect(codePoints().filter((character) => unseen.test(character)).length).toBeGreaterThan(6_000);
  });

  it("shows what moves the cursor, reverses the text or hides in it", () => {
    expect(escapeLine("a\u001B[2Jb")).toBe(String.raw`a\u{1b}[2Jb`);
    expect(escapeLine("safe\u202Egpj.exe")).toBe(String.raw`safe\u{202e}gpj.exe`);
    expect(escapeLine("pay\u200Bpal\u{E0041}\rX")).toBe(String.raw`pay\u{200b}pal\u{e0041}\u{d}X`);
  });

  it("keeps letters of every script, emoji and spaces as they are", () => {
    const text = "Ünïcode 日本語 हिन्दी 🙂 rm -rf ./données";
    expect(escapeLine(text)).toBe(text);
  });

  it("divides at line feeds and draws every other line end", () => {
    expect(escapeLines("a\nb\r\nc\u2028d")).toEqual(["a", String.raw`b\u{d}`, String.raw`c\u{2028}d`]);
  });

  it("leaves JSON the same value and puts nothing unseen on the screen", () => {
    const value = { text: "a\u202Eb\u{E0041}c\u0007", list: ["\u2028"] };
    const shown = escapeJson(JSON.stringify(value, null, 2));
    expect(JSON.parse(shown)).toEqual(value);
    expect(Array.from(shown).filter((character) => character !== "\n" && unseen.test(character))).toEqual([]);
  });
});
