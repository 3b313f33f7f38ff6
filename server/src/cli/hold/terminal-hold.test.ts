import { EventEmitter } from "node:events";
import { setImmediate as turn } from "node:timers/promises";
import { PullcordError } from "@pullcord/sdk";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Surroundings } from "../surroundings.js";
import { defaultTiming } from "./hold-timing.js";
import { holdOnTerminal, type Witness } from "./terminal-hold.js";

/** A terminal's two ends: what a person types, and what is on the screen. */
class FakeTerminal extends EventEmitter {
  readonly isTTY = true;
  isRaw = false;
  screen = "";
  setRawMode(isRaw: boolean): this {
    this.isRaw = isRaw;
    return this;
  }
  resume(): this {
    return this;
  }
  pause(): this {
    return this;
  }
  write(text: string): void {
    this.screen += text;
  }
  type(text: string): void {
    this.emit("data", Buffer.from(text, "latin1"));
  }
}

const noWitness: Witness = { begin: () => Promise.resolve(null), sample: () => Promise.resolve(), complete: () => Promise.resolve(null) };
const short = { ...defaultTiming, holdMs: 700 };

function begin(options: { readonly witness?: Witness; readonly announces?: boolean } = {}) {
  const terminal = new FakeTerminal();
  const surroundings = { stdin: terminal, stderr: terminal, environment: { TERM: "xterm" } } as unknown as Surroundings;
  const timing = { ...short, announces: options.announces ?? false };
  const result = holdOnTerminal({ surroundings, timing, guidance: ["ask your human"], witness: options.witness ?? noWitness });
  result.catch(() => {});
  return { terminal, result };
}

/** Time goes by as the test says: a machine that is slow lets go of no key. */
beforeEach(() => void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "Date"] }));
afterEach(() => void vi.useRealTimers());

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

/** Lets time go by until it is over. */
async function outcome<Result>(result: Promise<Result>): Promise<Result> {
  const over = new AbortController();
  result.then(
    () => over.abort(),
    () => over.abort(),
  );
  for (; !over.signal.aborted; await turn()) await pass(25);
  return result;
}

async function pressSpace(terminal: FakeTerminal): Promise<void> {
  await pass(400);
  terminal.type(" ");
}

describe("a hold on a terminal", () => {
  it("uses real releases where the terminal tells them, and takes that back at the end", async () => {
    const { terminal, result } = begin();
    expect(terminal.isRaw).toBe(true);
    terminal.type("\u001B[?0u\u001B[?62c");
    await pressSpace(terminal);
    terminal.type("\u001B[13;1:1u");
    await expect(outcome(result)).resolves.toMatchObject({ end: { phase: "held" } });
    expect(terminal.screen).toContain("\u001B[>11u");
    expect(terminal.screen.endsWith("\u001B[<u\n")).toBe(true);
    expect(terminal.isRaw).toBe(false);
  });

  it("sees the release at once there", async () => {
    const { terminal, result } = begin();
    terminal.type("\u001B[?0u");
    await pressSpace(terminal);
    terminal.type("\u001B[13;1:1u");
    await pass(300);
    terminal.type("\u001B[13;1:3u");
    await expect(outcome(result)).resolves.toMatchObject({ end: { phase: "refused", reason: "released_early" }, proof: null });
    expect(terminal.screen).toContain("too early");
  });

  it("asks the witness for the length, samples while held, and takes the proof as soon as it is over", async () => {
    const told: string[] = [];
    const witness: Witness = {
      begin: () => Promise.resolve(told.push("begin") && 900),
      sample: () => Promise.resolve(void told.push("sample")),
      complete: () => Promise.resolve(told.push("complete") ? "proof" : null),
    };
    const { terminal, result } = begin({ witness });
    terminal.type("\u001B[?0u");
    await pressSpace(terminal);
    const begunAt = Date.now();
    terminal.type("\u001B[13;1:1u");
    await expect(outcome(result)).resolves.toMatchObject({ proof: "proof" });
    expect(Date.now() - begunAt).toBeGreaterThanOrEqual(890);
    expect(told[0]).toBe("begin");
    expect(told.filter((word) => word === "sample").length).toBeGreaterThanOrEqual(2);
    expect(told.at(-1)).toBe("complete");
  });

  it("fails with the witness, and gives the terminal back", async () => {
    const witness: Witness = { ...noWitness, begin: () => Promise.reject(new PullcordError("unavailable", "unreachable", "away")) };
    const { terminal, result } = begin({ witness });
    await pressSpace(terminal);
    terminal.type("\r");
    await expect(outcome(result)).rejects.toMatchObject({ reason: "unreachable" });
    expect(terminal.isRaw).toBe(false);
  });

  it("speaks in sentences, without moving the cursor, for screen readers", async () => {
    const { terminal, result } = begin({ announces: true });
    await pressSpace(terminal);
    for (let pressed = 0; pressed < 40; pressed += 1) {
      terminal.type("\r");
      await pass(25);
    }
    await expect(outcome(result)).resolves.toMatchObject({ end: { phase: "held" } });
    expect(terminal.screen).not.toMatch(/[\u001B\r]/);
    expect(terminal.screen).toContain("Holding. 0.7 seconds to go.");
    expect(terminal.screen.split("\n").filter((line) => line.startsWith("Confirmed"))).toHaveLength(1);
  });

  it("ends when the terminal goes away", async () => {
    const { terminal, result } = begin();
    terminal.emit("end");
    await expect(outcome(result)).resolves.toMatchObject({ end: { phase: "refused" } });
  });
});
