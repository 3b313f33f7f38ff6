import { describe, expect, it } from "vitest";
import { Recent } from "./recent.js";
import { Standing } from "./standing.js";
import { Turns } from "./turns.js";

const never = new AbortController().signal;

describe("turns", () => {
  it("lets so many work at once, in the order they came, and turns away who finds the line full", async () => {
    const turns = new Turns(1, 2);
    const order: string[] = [];
    expect(await turns.take(never)).toBe(true);
    const waiting = ["first", "second"].map((name) => turns.take(never).then((got) => got && order.push(name)));
    expect(await turns.take(never)).toBe(false);
    turns.give();
    turns.give();
    await Promise.all(waiting);
    expect(order).toEqual(["first", "second"]);
    turns.give();
    expect(await turns.take(never)).toBe(true);
  });

  it("takes out of the line who waits no longer, and loses no turn by it", async () => {
    const turns = new Turns(1, 2);
    await turns.take(never);
    const leaving = new AbortController();
    const left = turns.take(leaving.signal);
    leaving.abort();
    expect(await left).toBe(false);
    turns.give();
    expect(await turns.take(never)).toBe(true);
    expect(await turns.take(leaving.signal)).toBe(false);
  });
});

describe("recent answers", () => {
  it("are given again for a minute, also while they are on their way, unless they were not worth keeping", async () => {
    let now = 0;
    const recent = new Recent<string>(() => now);
    const good = recent.keep("a", Promise.resolve("yes"), () => true);
    expect(await recent.get("a")).toBe("yes");
    await good;
    now = 59_999;
    expect(await recent.get("a")).toBe("yes");
    now = 60_000;
    expect(recent.get("a")).toBeNull();
    await recent.keep("b", Promise.resolve("no"), () => false);
    expect(recent.get("b")).toBeNull();
  });
});

describe("a model that fails", () => {
  it("is left alone for a minute after five failures in a row, and again after the next", () => {
    let now = 0;
    const standing = new Standing("m", () => now);
    const fail = () => standing.note({ kind: "missing", why: "HTTP 500" });
    for (let count = 0; count < 4; count += 1) fail();
    standing.note({ kind: "given", addedRisk: 0, concerns: [] });
    for (let count = 0; count < 4; count += 1) fail();
    expect(standing.pausedUntil).toBeNull();
    fail();
    expect(standing).toMatchObject({ pausedUntil: 60_000, answered: 1, failed: 9, problem: { at: 0, sentence: "HTTP 500" } });
    now = 60_000;
    expect(standing.pausedUntil).toBeNull();
    fail();
    expect(standing.pausedUntil).toBe(120_000);
    now = 120_000;
    standing.note({ kind: "given", addedRisk: 0, concerns: [] });
    expect(standing).toMatchObject({ pausedUntil: null, problem: null });
  });
});
