import { describe, expect, it } from "vitest";
import { paintFor } from "./paint.js";
import { Screen } from "./screen.js";
import { tableLines } from "./table.js";
import { ago, duration, parseDuration, until } from "./time.js";
import { cut, displayWidth, wrapped } from "./width.js";

const pipe = () => {
  let text = "";
  return { output: { write: (more: string) => (text += more) }, text: () => text };
};

describe("the screen", () => {
  it("has no colours in a pipe, with NO_COLOR, and on a dumb terminal", () => {
    const terminal = { write: () => {}, isTTY: true };
    expect(paintFor(terminal, {}).red("x")).toBe("\u001B[31mx\u001B[39m");
    expect(paintFor(terminal, { NO_COLOR: "1" }).red("x")).toBe("x");
    expect(paintFor(terminal, { TERM: "dumb" }).red("x")).toBe("x");
    expect(paintFor({ write: () => {} }, {}).red("x")).toBe("x");
  });

  it("writes JSON that is the same value and shows nothing unseen", () => {
    const { output, text } = pipe();
    const screen = new Screen({ environment: {}, stdout: output, stderr: output } as unknown as ConstructorParameters<typeof Screen>[0]);
    screen.json({ text: "\u202Ea" });
    expect(text()).toBe('{\n  "text": "\\u202ea"\n}\n');
  });

  it("aligns columns and lets one give way", () => {
    const lines = tableLines(
      [
        ["A", "LONG", "B"],
        ["1", "x".repeat(200), "2"],
        ["日本", "y", "3"],
      ],
      { width: 40, giving: 1 },
    );
    expect(lines.map(displayWidth).every((width) => width <= 40)).toBe(true);
    expect(lines[1]).toMatch(/^1 {5}x+…  2$/);
    expect(lines[2]).toMatch(/^日本  y/);
  });

  it("cuts and wraps by what is seen", () => {
    expect(cut("日本語", 5)).toBe("日本…");
    expect(displayWidth("\u001B[31mred\u001B[39m")).toBe(3);
    expect(displayWidth("e\u0301")).toBe(1);
    expect(wrapped("one two three", 7)).toEqual(["one two", "three"]);
    expect(wrapped("x".repeat(20), 7)).toEqual(["x".repeat(20)]);
  });
});

describe("durations", () => {
  it.each([
    ["90s", 90_000],
    ["15m", 900_000],
    ["8h", 28_800_000],
    ["1.5 h", 5_400_000],
    ["30d", 2_592_000_000],
    ["soon", null],
    ["5", null],
    ["-5m", null],
  ])("%s is %s ms", (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it("are told in their largest unit", () => {
    expect([duration(999), duration(59_000), duration(3_700_000), duration(90_000_000)]).toEqual(["0 s", "59 s", "1 h", "1 d"]);
    expect([ago(0, 500), ago(0, 61_000), until(5_000, 0), until(0, 5)]).toEqual(["just now", "1 min ago", "in 5 s", "over"]);
  });
});
