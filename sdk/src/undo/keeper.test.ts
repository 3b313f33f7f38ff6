import { randomBytes } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fill, meddle, openWorkshop, photograph, seeded, type Workshop } from "./workshop.test.support.js";

let shop: Workshop;
beforeEach(() => {
  shop = openWorkshop();
});
afterEach(() => shop.remove());

const at = (path: string) => shop.at(path);
const undo: Workshop["undo"] = (...wanted) => shop.undo(...wanted);
const text = (path: string) => readFileSync(at(path), "utf8");

const packs = () => readdirSync(join(shop.data, "blobs")).map((name) => join(shop.data, "blobs", name));

/** Changes a kept content on disk. It has to be one that can't be compressed. */
function damage(content: Buffer): void {
  for (const pack of packs()) {
    const bytes = readFileSync(pack);
    const found = bytes.indexOf(content);
    if (found >= 0) writeFileSync(pack, bytes.fill("x", found, found + content.length));
  }
}

describe("undo of a run", () => {
  it.each([1, 2, 3])("puts back every byte, link and mode of many mixed actions (seed %i)", async (seed) => {
    const random = seeded(seed);
    fill(shop.root, random);
    const before = photograph(shop.root);
    for (let action = 0; action < 60; action++) await shop.act(`a${action}`, () => meddle(shop.root, random));
    expect(photograph(shop.root)).not.toEqual(before);
    const { end } = await undo();
    expect([end.conflicts, end.unverified, end.failure]).toEqual([[], [], undefined]);
    expect(photograph(shop.root)).toEqual(before);
  });

  it("is taken back by a redo", async () => {
    const random = seeded(7);
    fill(shop.root, random);
    for (let action = 0; action < 30; action++) await shop.act(`a${action}`, () => meddle(shop.root, random));
    const after = photograph(shop.root);
    await undo();
    shop.keeper.begin("u2", await shop.keeper.planRedo("u1"));
    await shop.keeper.carryOut("u2");
    expect(photograph(shop.root)).toEqual(after);
  });

  it("is shown and done whatever a run has made of its files: also one that is nothing but line ends", async () => {
    writeFileSync(at("mine"), "mine\n");
    await shop.act("a1", () => writeFileSync(at("ends"), "\n".repeat(250_000)));
    const { planned, end } = await undo();
    expect([planned.changes.map(({ path, diff }) => [path, diff]), existsSync(at("ends"))]).toEqual([[["ends", null]], false]);
    expect(end.conflicts).toEqual([]);
  });

  it("makes no file that runs as its owner, since that would be the server's account", async () => {
    for (const name of ["set-user", "set-group"]) writeFileSync(at(name), "agent");
    chmodSync(at("set-user"), 0o4755);
    chmodSync(at("set-group"), 0o2755);
    writeFileSync(at("raised"), "agent", { mode: 0o755 });
    await shop.act("a1", () => {
      rmSync(at("set-user"));
      writeFileSync(at("set-group"), "other");
      chmodSync(at("set-group"), 0o755);
      chmodSync(at("raised"), 0o4755);
    });
    const { planned } = await undo();
    expect(planned.conflicts.map(({ path }) => path).toSorted()).toEqual(["set-group", "set-user"]);
    expect([existsSync(at("set-user")), text("set-group"), statSync(at("raised")).mode & 0o7777]).toEqual([false, "other", 0o755]);
  });

  it("keeps what a person changed since: merged where clean, listed where not", async () => {
    const lines = (middle: string) => ["one", "two", "three", middle, "five", "six", "seven"].join("\n");
    for (const name of ["merged", "torn", "mine", "gone"]) writeFileSync(at(name), lines("four"));
    await shop.act("a1", () => {
      for (const name of ["merged", "torn", "gone"]) writeFileSync(at(name), lines("agent"));
      writeFileSync(at("made"), "agent");
      mkdirSync(at("folder"));
      writeFileSync(at("folder/made"), "agent");
    });
    writeFileSync(at("merged"), `${lines("agent")}\nperson`);
    writeFileSync(at("torn"), lines("person"));
    writeFileSync(at("mine"), "person");
    writeFileSync(at("made"), "person");
    writeFileSync(at("folder/own"), "person");
    rmSync(at("gone"));
    const { end, planned } = await undo();
    expect(text("merged")).toBe(`${lines("four")}\nperson`);
    expect([text("torn"), text("mine"), text("made"), text("folder/own")]).toEqual([lines("person"), "person", "person", "person"]);
    expect(existsSync(at("gone"))).toBe(false);
    expect(existsSync(at("folder/made"))).toBe(false);
    expect(planned.conflicts.map(({ path }) => path).toSorted()).toEqual(["folder", "gone", "made", "torn"]);
    expect(end.restored.toSorted()).toEqual(["folder/made", "merged"]);
  });

  it("knows a person's edits between two actions from the run's", async () => {
    writeFileSync(at("shared"), "a\nb\nc\nd\ne\nf\ng\n");
    await shop.act("a1", () => writeFileSync(at("shared"), "A\nb\nc\nd\ne\nf\ng\n"));
    writeFileSync(at("shared"), "A\nb\nc\nd\ne\nf\nPERSON\n");
    await shop.act("a2", () => writeFileSync(at("shared"), "A\nb\nC\nd\ne\nf\nPERSON\n"));
    await undo();
    expect(text("shared")).toBe("a\nb\nc\nd\ne\nf\nPERSON\n");
  });

  it("takes back one action, all after one, or some paths", async () => {
    for (const name of ["one", "two", "three"]) writeFileSync(at(name), "before");
    for (const name of ["one", "two", "three"]) await shop.act(name, () => writeFileSync(at(name), "after"));
    await undo({ actionId: "two" }, "u1");
    expect([text("one"), text("two"), text("three")]).toEqual(["after", "before", "after"]);
    await undo({ afterActionId: "one" }, "u2");
    expect([text("one"), text("two"), text("three")]).toEqual(["after", "before", "before"]);
    await undo({ only: ["elsewhere", at("one")] }, "u3");
    expect(text("one")).toBe("before");
  });

  it("knows what came after an action only where something was kept for it", async () => {
    writeFileSync(at("file"), "before");
    await shop.act("a1", () => writeFileSync(at("file"), "after"));
    await expect(shop.keeper.plan({ runId: "r", afterActionId: "a0" })).rejects.toMatchObject({ reason: "undo_scope" });
    expect(await shop.reopen().plan({ runId: "r", afterActionId: "a1" })).toEqual([]);
  });

  it("brings the workspace itself back when a run removed it", async () => {
    fill(shop.root, seeded(9));
    const before = photograph(shop.root);
    await shop.act("a1", () => rmSync(shop.root, { recursive: true }));
    const { end } = await undo();
    expect([end.conflicts, photograph(shop.root)]).toEqual([[], before]);
  });

  it("changes nothing when a step cannot be done", async () => {
    const before = { one: randomBytes(500), two: randomBytes(500), three: randomBytes(500) };
    for (const [name, content] of Object.entries(before)) writeFileSync(at(name), content);
    await shop.act("a1", () => {
      for (const name of ["one", "two", "three"]) writeFileSync(at(name), `after ${name}`);
    });
    const parts = await shop.keeper.plan({ runId: "r" });
    damage(before.two);
    shop.keeper.begin("u1", parts);
    const end = await shop.reopen().carryOut("u1");
    expect(end).toMatchObject({ restored: [], unverified: [], failure: expect.stringContaining("two") });
    expect([text("one"), text("two"), text("three")]).toEqual(["after one", "after two", "after three"]);
  });

  it("looks only at the files of an action whose files are known", async () => {
    writeFileSync(at("known"), "before");
    writeFileSync(at("other"), "before");
    await shop.act(
      "a1",
      () => {
        writeFileSync(at("known"), "after");
        mkdirSync(at("new/deep"), { recursive: true });
        writeFileSync(at("new/deep/file"), "after");
        writeFileSync(at("other"), "person, meanwhile");
      },
      ["known", "new/deep/file"],
    );
    await undo();
    expect([text("known"), text("other"), existsSync(at("new"))]).toEqual(["before", "person, meanwhile", false]);
  });

  it("takes back git's references, and leaves its objects, of which there are only ever more", async () => {
    mkdirSync(at(".git/objects"), { recursive: true });
    writeFileSync(at(".git/objects/kept-by-git"), "x");
    await shop.act("a1", () => {
      writeFileSync(at(".git/HEAD"), "ref: refs/heads/agent\n");
      writeFileSync(at(".git/objects/new"), "x");
    });
    await undo();
    expect([existsSync(at(".git/HEAD")), existsSync(at(".git/objects/new"))]).toEqual([false, true]);
  });
});

describe("a keeper that was killed", () => {
  it("still knows what was under way, and what everything was", async () => {
    writeFileSync(at("file"), "before");
    await shop.workspace.began({ runId: "r", actionId: "a1" }, null);
    writeFileSync(at("file"), "after");
    const later = shop.reopen();
    await later.settle("r");
    const parts = await later.plan({ runId: "r" });
    later.begin("u1", parts);
    await later.carryOut("u1");
    expect(text("file")).toBe("before");
  });
});

describe("what is kept", () => {
  it("is for its owner's eyes alone, once for equal contents, and gone after its time", async () => {
    const secret = "secret ".repeat(1_000);
    for (const name of ["one", "two"]) writeFileSync(at(name), secret);
    await shop.act("a1", () => rmSync(at("one")));
    for (const [path, what] of Object.entries(photograph(shop.data))) {
      expect(`${path} ${what.slice(0, what.startsWith("folder") ? 10 : 8)}`).toBe(
        `${path} ${what.startsWith("folder") ? "folder 700" : "file 600"}`,
      );
    }
    const bytes = () => packs().reduce((sum, pack) => sum + statSync(pack).size, 0);
    expect(bytes()).toBeLessThan(200);
    rmSync(at("two"));
    await shop.workspace.look(null);
    shop.keeper.sweep(Date.now() + 1);
    expect(bytes()).toBe(0);
  });

  it("never follows a link out of the workspace", async () => {
    mkdirSync(join(shop.data, "../outside"));
    writeFileSync(join(shop.data, "../outside/file"), "theirs");
    symlinkSync("../outside", at("door"));
    mkdirSync(at("inside"));
    writeFileSync(at("inside/file"), "before");
    await shop.act("a1", () => writeFileSync(at("inside/file"), "after"));
    renameSync(at("inside"), at("moved"));
    symlinkSync("../outside", at("inside"));
    const { end, planned } = await undo();
    expect(readFileSync(join(shop.data, "../outside/file"), "utf8")).toBe("theirs");
    expect([...planned.conflicts, ...end.conflicts].length).toBeGreaterThan(0);
  });

  it("refuses a folder that is too much to look at in the time there is", async () => {
    const small = openWorkshop({ longestMs: 0 });
    try {
      writeFileSync(join(small.root, "file"), "x");
      await expect(small.workspace.look(null)).rejects.toMatchObject({ reason: "snapshot_too_slow" });
    } finally {
      small.remove();
    }
  });
});

it("opens a folder up that the run closed, and closes it again", async () => {
  mkdirSync(at("locked"));
  writeFileSync(at("locked/file"), "before");
  await shop.act("a1", () => {
    writeFileSync(at("locked/file"), "after");
    chmodSync(at("locked"), 0o555);
  });
  await undo();
  expect([text("locked/file"), statSync(at("locked")).mode & 0o777]).toEqual(["before", 0o755]);
});
