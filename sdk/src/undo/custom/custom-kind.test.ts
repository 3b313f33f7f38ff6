import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { bounds } from "../../protocol/index.js";
import { BlobStore } from "../blob-store.js";
import { CustomKind } from "./custom-kind.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pullcord-custom-"));
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

it("waits once for a program that says what it would do and then hangs", async () => {
  const kind = new CustomKind({ folder, blobs: new BlobStore({ folder: join(folder, "blobs"), quotaBytes: 2 ** 20 }) });
  for (const actionId of ["a1", "a2", "a3"])
    kind.give({ runId: "r", actionId }, "shop", { handler: "refund", data: {}, summary: "Refund 12" });
  const offer = { handlers: [{ name: "refund", isCompensation: false }], waitMs: 0 };
  const never = new AbortController().signal;
  // It is there before it is asked.
  const waiting = kind.programs.fetch("shop", offer, never);
  await vi.advanceTimersByTimeAsync(0);
  await waiting;
  const planned = kind.plan({ runId: "r" });
  for (let task = await kind.programs.fetch("shop", offer, never); task !== null;) {
    kind.programs.answer("shop", task.id, { isDone: true, sentence: "Refunds 12." });
    const next = kind.programs.fetch("shop", offer, never);
    await vi.advanceTimersByTimeAsync(0);
    task = await next;
  }
  const [part] = await planned;
  expect(part?.changes).toHaveLength(3);
  part?.begin("u1");
  const carried = kind.carryOut("u1");
  await vi.advanceTimersByTimeAsync(bounds.customUndoMs);
  const { conflicts, restored } = await carried;
  expect(restored).toEqual([]);
  expect(conflicts.map(({ sentence }) => /did not answer (in|before)/.exec(sentence)?.[1])).toEqual(["in", "before", "before"]);
});

it("asks a program once for each thing, though two people undo at once", async () => {
  const kind = new CustomKind({ folder, blobs: new BlobStore({ folder: join(folder, "blobs"), quotaBytes: 2 ** 20 }) });
  for (const actionId of ["a1", "a2"]) kind.give({ runId: "r", actionId }, "shop", { handler: "refund", data: {}, summary: "Refund 12" });
  const offer = { handlers: [{ name: "refund", isCompensation: false }], waitMs: 1_000 };
  const gone = new AbortController();
  const refunds: string[] = [];
  const serve = async () => {
    while (!gone.signal.aborted) {
      const task = await kind.programs.fetch("shop", offer, gone.signal);
      if (task?.kind === "undo") refunds.push(task.actionId);
      if (task) kind.programs.answer("shop", task.id, { isDone: true, sentence: "Refunds 12." });
    }
  };
  const serving = serve();
  const [[one], [other]] = [await kind.plan({ runId: "r" }), await kind.plan({ runId: "r" })];
  one?.begin("u1-0");
  other?.begin("u2-0");
  const first = await kind.carryOut("u1-0");
  const second = await kind.carryOut("u2-0");
  gone.abort();
  await serving;
  expect([first.restored, refunds.toSorted()]).toEqual([
    ["refund/a2", "refund/a1"],
    ["a1", "a2"],
  ]);
  expect([second.restored, second.conflicts.map(({ sentence }) => sentence)]).toEqual([
    [],
    ["Another undo has taken it back meanwhile.", "Another undo has taken it back meanwhile."],
  ]);
});
