import { describe, expect, it } from "vitest";
import { KeyReader, type KeyEvent } from "./keys.js";

const read = (...chunks: string[]): KeyEvent[] => {
  const reader = new KeyReader();
  return chunks.flatMap((chunk) => reader.read(Buffer.from(chunk, "latin1")));
};
const key = (name: string, phase = "press") => ({ kind: "key", key: name, phase });

describe("keys from a terminal", () => {
  it.each<[title: string, bytes: string, events: unknown[]]>([
    ["Enter as carriage return", "\r", [key("enter")]],
    ["Enter as line feed", "\n", [key("enter")]],
    ["Space", " ", [key("space")]],
    ["Ctrl+C", "\u0003", [key("interrupt")]],
    ["another letter", "x", [key("other")]],
    ["an arrow", "\u001B[A", [key("other")]],
    ["Escape alone", "\u001B", [key("other")]],
    ["kitty: Enter down", "\u001B[13u", [key("enter")]],
    ["kitty: Enter repeats", "\u001B[13;1:2u", [key("enter", "repeat")]],
    ["kitty: Enter up", "\u001B[13;1:3u", [key("enter", "release")]],
    ["kitty: Enter on the number pad", "\u001B[57414;1:1u", [key("enter")]],
    ["kitty: Space", "\u001B[32u", [key("space")]],
    ["kitty: Ctrl+C", "\u001B[99;5u", [key("interrupt")]],
    ["kitty: Ctrl+C with Num Lock on", "\u001B[99;133u", [key("interrupt")]],
    ["kitty: c alone", "\u001B[99u", [key("other")]],
    ["the terminal speaks kitty", "\u001B[?0u", [{ kind: "kitty" }]],
    ["the terminal's attributes", "\u001B[?62;22c", [{ kind: "answered" }]],
    ["several in one piece", "\r\r \u0003", [key("enter"), key("enter"), key("space"), key("interrupt")]],
  ])("%s", (_, bytes, events) => {
    expect(read(bytes)).toEqual(events);
  });

  it("puts a sequence together that comes in pieces", () => {
    expect(read("\u001B[13", ";1:3", "u\r")).toEqual([key("enter", "release"), key("enter")]);
  });

  it("gives up on a sequence that never ends", () => {
    expect(read(`\u001B[${"1;".repeat(40)}`).length).toBeGreaterThan(0);
  });
});
