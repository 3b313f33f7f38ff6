import { describe, expect, it } from "vitest";
import { count, duration, fineDuration, shortDigest, timeLeft } from "./words.js";

const minute = 60_000;
const hour = 60 * minute;

describe("times", () => {
  it.each([
    [-5, "0 s"],
    [8_400, "8 s"],
    [4 * minute + 59_000, "4 min"],
    [2 * hour + 5 * minute, "2 h 5 min"],
    [28 * hour, "1 d 4 h"],
    [9.9 * 24 * hour, "9 d"],
  ])("says %d ms as %s", (ms, words) => expect(duration(ms)).toBe(words));

  it.each([
    [12, "12 ms"],
    [240, "0.2 s"],
    [5_000, "5.0 s"],
    [3 * minute, "3 min"],
  ])("says a stop's %d ms as %s", (ms, words) => expect(fineDuration(ms)).toBe(words));

  it.each([
    [0, "expired"],
    [999, "0:01"],
    [245_000, "4:05"],
    [2 * hour, "2 h"],
  ])("counts %d ms down as %s", (ms, words) => expect(timeLeft(ms)).toBe(words));
});

it("counts in words", () =>
  expect([count(1, "run"), count(1_200, "run"), count(2, "process", "processes")]).toEqual(["1 run", "1,200 runs", "2 processes"]));
it("groups a digest", () => expect(shortDigest("abcdef0123456789")).toBe("abcd ef01 2345"));
