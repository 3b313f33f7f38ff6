import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bounds, type HandedIn, type UndoTask, type UndoTaskAnswer } from "../../protocol/index.js";
import { BlobStore } from "../blob-store.js";
import type { Selection } from "../kind.js";
import { CustomKind } from "./custom-kind.js";

let folder: string;
let asked: UndoTask[];
let closing: AbortController;
let blobs: BlobStore;
let kind: CustomKind;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pullcord-together-"));
  asked = [];
  closing = new AbortController();
  blobs = new BlobStore({ folder: join(folder, "blobs"), quotaBytes: 2 ** 24 });
  kind = new CustomKind({ folder, blobs });
});
afterEach(() => {
  closing.abort();
  rmSync(folder, { recursive: true, force: true });
});

const run = { runId: "r" };
const give = (actionId: string, more: Partial<HandedIn> = {}) =>
  kind.give({ runId: "r", actionId }, "till", {
    handler: "shop",
    data: { of: actionId },
    summary: `Rows of ${actionId}`,
    isTogether: true,
    ...more,
  });
const change = (path: string) => ({ path, kind: "changed", sentence: "row of orders", diff: "-1\n+2\n", runs: ["UPDATE orders"] }) as const;
const plan = { changes: [change("orders/1")], conflicts: [{ path: "orders/2", sentence: "Somebody changed it." }], planned: { rows: [1] } };
const end = { restored: ["orders/1"], conflicts: [], unverified: [], back: { rows: ["back"] } };

/** A program that answers whatever it is asked, until the test ends. */
function answer(how: (task: UndoTask) => Partial<UndoTaskAnswer>): void {
  const { programs } = kind;
  const listen = async () => {
    while (!closing.signal.aborted) {
      const task = await programs.fetch("till", { handlers: [{ name: "shop", isCompensation: false }], waitMs: 60_000 }, closing.signal);
      if (!task) continue;
      asked.push(task);
      programs.answer("till", task.id, { isDone: true, sentence: "", ...how(task) });
    }
  };
  void listen();
}
const rows = (task: UndoTask) => (task.kind === "preview" ? { plan } : { end });
const planOf = async (selection: Partial<Selection> = {}) => (await kind.plan({ ...run, ...selection }))[0]!;

describe("what a program takes back together", () => {
  it("is asked for once, the newest action first, with what was planned, and can be redone", async () => {
    for (const id of ["a1", "a2", "a3"]) give(id);
    answer(rows);
    const part = await planOf();
    expect(asked.map(({ actionId, earlier }) => [actionId, earlier?.map((each) => each.actionId)])).toEqual([["a3", ["a2", "a1"]]]);
    expect(part.changes.map(({ of, path, runs }) => [of, path, runs])).toEqual([["custom", "shop/orders/1", ["UPDATE orders"]]]);
    expect(part.conflicts).toEqual([{ of: "custom", path: "shop/orders/2", sentence: "Somebody changed it." }]);
    part.begin("u1");
    expect(await kind.carryOut("u1")).toEqual({ restored: ["shop/orders/1"], conflicts: [], unverified: [] });
    expect(asked.map((task) => task.kind)).toEqual(["preview", "undo"]);
    expect(asked[1]?.planned).toEqual({ rows: [1] });
    const redo = await kind.planRedo("u1");
    expect(asked[2]).toMatchObject({ kind: "preview", data: { rows: ["back"] } });
    expect(redo?.changes).toHaveLength(1);
    // What still stands is the program's to say: it is asked again.
    expect((await planOf()).changes).toHaveLength(1);
  });

  it("goes back in part: by paths, and by actions", async () => {
    for (const id of ["a1", "a2"]) give(id);
    answer(rows);
    await planOf({ only: ["shop/orders", "src"] });
    await planOf({ actionId: "a1" });
    expect(asked.map(({ only, actionId, earlier }) => [only, actionId, earlier?.length])).toEqual([
      [["orders"], "a2", 1],
      [undefined, "a1", 0],
    ]);
    expect(await kind.plan({ ...run, only: ["shopping", "orders"] })).toEqual([]);
  });

  it("lists what the program changed, before anybody asks it", () => {
    give("a1", { changes: [change("orders/1")] });
    give("a2", { changes: [change("orders/1"), change("stock/7")] });
    expect(kind.changesOf(run).map(({ path, actionIds, runs }) => [path, actionIds, runs])).toEqual([
      ["shop/orders/1", ["a1", "a2"], []],
      ["shop/stock/7", ["a2"], []],
    ]);
  });

  it("is told what nobody has confirmed, and not what has not happened", async () => {
    for (const id of ["a1", "a2", "a3"]) give(id, { isProvisional: true });
    kind.settle({ runId: "r", actionId: "a1" }, { handler: "shop", hasHappened: true });
    kind.settle({ runId: "r", actionId: "a2" }, { handler: "shop", hasHappened: false });
    kind = new CustomKind({ folder, blobs });
    answer(rows);
    await planOf();
    const [task] = asked;
    expect([task?.actionId, task?.isProvisional]).toEqual(["a3", true]);
    expect(task?.earlier).toEqual([{ actionId: "a1", data: { of: "a1" } }]);
  });

  it("can't be said by a program to be another's", async () => {
    give("a1");
    answer(() => ({ plan: { ...plan, changes: [change("../../etc/passwd")] } }));
    expect((await planOf()).changes.map(({ of, path }) => [of, path])).toEqual([["custom", "shop/../../etc/passwd"]]);
  });

  it("stays, with the reason, where it is more than a program is given at a time", async () => {
    const most = bounds.undoTogetherLength / bounds.undoDataLength;
    for (let n = 0; n <= most; n++) give(`a${n}`, { data: { n, text: "x".repeat(bounds.undoDataLength - 100) } });
    answer(rows);
    expect((await planOf()).conflicts[0]?.sentence).toMatch(/more than a program is given at a time.*--to/);
    expect(asked).toEqual([]);
    expect((await planOf({ actionId: "a0" })).changes).toHaveLength(1);
  });

  it("keeps contents as long as an undo or a run needs them", async () => {
    give("a1", { data: { text: "x".repeat(10_000) } });
    const needed = kind.sweep(0);
    expect(needed.size).toBe(1);
    blobs.sweep((hash) => needed.has(hash));
    answer(rows);
    expect((await planOf()).changes).toHaveLength(1);
    expect(asked[0]?.data).toEqual({ text: "x".repeat(10_000) });
    expect(kind.sweep(Date.now() + 1_000).size).toBe(0);
    expect(await kind.plan(run)).toEqual([]);
  });
});
