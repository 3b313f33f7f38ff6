import { describe, expect, it } from "vitest";
import type { UndoTask } from "../../protocol/index.js";
import { Programs } from "./programs.js";

const task: UndoTask = { id: "t1", kind: "undo", handler: "refund", actionId: "a1", data: {} };
const asked = { agent: "shop", task };
const longMs = 60_000;
const wanted = { handlers: [{ name: "refund", isCompensation: true }], waitMs: longMs };
const never = new AbortController().signal;
const answer = { isDone: true, sentence: "" };

describe("a program that is asked", () => {
  it("gets a task that came before it, or while it waits, and its answer ends the wait", async () => {
    const programs = new Programs(() => 0);
    for (const isEarly of [true, false]) {
      const early = isEarly ? programs.fetch("shop", wanted, never) : null;
      const came = programs.ask(asked, { limitMs: longMs, againMs: longMs });
      expect(await (early ?? programs.fetch("shop", wanted, never))).toEqual(task);
      programs.answer("shop", "t1", answer);
      expect(await came).toEqual(answer);
    }
  });

  it("gets a task again that another one took and never answered", async () => {
    const programs = new Programs(() => 0);
    const came = programs.ask(asked, { limitMs: longMs, againMs: 1 });
    expect(await programs.fetch("shop", wanted, never)).toEqual(task);
    expect(await programs.fetch("shop", wanted, never)).toEqual(task);
    programs.answer("shop", "t1", answer);
    expect(await came).toEqual(answer);
  });

  it("gets none of another agent's, nor of a handler that it does not offer, and can answer none", async () => {
    const programs = new Programs(() => 0);
    const came = programs.ask(asked, { limitMs: longMs, againMs: longMs });
    const brief = { ...wanted, waitMs: 1 };
    expect(await programs.fetch("other", brief, never)).toBeNull();
    expect(await programs.fetch("shop", { ...brief, handlers: [{ name: "send", isCompensation: false }] }, never)).toBeNull();
    expect(() => programs.answer("other", "t1", answer)).toThrowError(expect.objectContaining({ reason: "unknown_undo_task" }));
    programs.close();
    await expect(came).rejects.toMatchObject({ reason: "server_closing" });
  });

  it("is there as long as it asks, and a moment longer", async () => {
    let now = 0;
    const programs = new Programs(() => now);
    expect(programs.there("shop", "refund")).toBeNull();
    const going = new AbortController();
    const fetched = programs.fetch("shop", wanted, going.signal);
    now = longMs;
    expect([programs.there("shop", "refund")?.isCompensation, programs.there("other", "refund")]).toEqual([true, null]);
    going.abort();
    expect(await fetched).toBeNull();
    expect(programs.there("shop", "refund")).not.toBeNull();
    now += longMs;
    expect(programs.there("shop", "refund")).toBeNull();
  });

  it("is waited for no longer than there is time", async () => {
    expect(await new Programs(() => 0).ask(asked, { limitMs: 1, againMs: longMs })).toBeNull();
  });
});
