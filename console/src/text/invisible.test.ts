import { describe, expect, it } from "vitest";
import { countHidden, pieces } from "./invisible.js";
import { shellSpans } from "./shell.js";

const joined = (text: string) =>
  pieces(text)
    .map((piece) => piece.text)
    .join("");
const labels = (text: string) => pieces(text).flatMap((piece) => (piece.kind === "invisible" ? [piece.label] : []));
const marked = (text: string) => pieces(text).flatMap((piece) => (piece.kind === "lookalike" ? [piece.text] : []));

describe("invisible characters", () => {
  it("labels every control, format, separator and default-ignorable code point", () => {
    const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
    const missed: string[] = [];
    for (let point = 0; point <= 0x10ffff; point += 1) {
      const text = String.fromCodePoint(point);
      if (text !== "\n" && hidden.test(text) && labels(`a${text}b`).length !== 1) missed.push(point.toString(16));
    }
    expect(missed).toEqual([]);
  });

  it.each([
    ["\u202e", "RLO"],
    ["\u200b", "ZERO WIDTH SPACE"],
    ["\u001b", "ESC"],
    ["\r", "CR"],
    ["\u{e0041}", "TAG A"],
    ["\u00a0", "NBSP"],
    ["\ufe0f", "U+FE0F"],
    ["\ud800", "U+D800"],
  ])("names %j", (text, label) => expect(labels(`x${text}y`)).toEqual([label]));

  it("counts padding in place of drawing it", () => {
    expect(labels(`ls${" ".repeat(300)}; rm -rf ~`)).toEqual(["300 SPACES"]);
    expect(labels(`ls${"\n".repeat(80)}rm`)).toEqual(["80 LINE BREAKS"]);
  });

  it("leaves ordinary text alone", () => {
    expect(pieces("echo 'hello, world' | wc -l\n")).toEqual([{ kind: "plain", text: "echo 'hello, world' | wc -l\n" }]);
    expect(countHidden("\tindented\n")).toEqual({ invisible: 0, lookalike: 0 });
  });

  it("gives the text back letter for letter", () => {
    const text = "a\u202eb\u{1f600}\u200d с\u0430t –rf /\t\ud800 Ａ\n\n\n\n\n\nend";
    expect(joined(text)).toBe(text);
    expect(
      shellSpans(text)
        .map((span) => span.text)
        .join(""),
    ).toBe(text);
  });

  // Takes some 100 ms; what is not linear runs into the limit.
  it("comes to an end with 100 kB", { timeout: 10_000 }, () => {
    const hidden = "echo \u200b'а' ".repeat(10_000);
    expect(joined(hidden)).toBe(hidden);
    const quotes = '"'.repeat(50_000) + "${".repeat(25_000);
    expect(
      shellSpans(quotes)
        .map((span) => span.text)
        .join(""),
    ).toBe(quotes);
  });
});

describe("look-alikes", () => {
  it("marks the foreign letter in a Latin word", () => expect(marked("curl https://gith\u0443b.com")).toEqual(["\u0443"]));
  it("marks a word made only of Latin twins", () => expect(marked("\u0440\u0430\u0443")).toHaveLength(3));
  it("leaves words of another script alone", () => expect(marked("Привет, мир")).toEqual([]));
  it("marks signs that read like syntax", () => expect(marked("rm –rf ∕etc")).toEqual(["–", "∕"]));
  it("marks full-width letters", () => expect(marked("ｒｍ")).toHaveLength(2));
});

describe("shell colours", () => {
  it("finds the program of each command", () => {
    const programs = shellSpans('FOO=1 git push && sudo rm -rf "$HOME" | tee out').filter((span) => span.kind === "program");
    expect(programs.map((span) => span.text)).toEqual(["git", "sudo", "rm", "tee"]);
  });
});
