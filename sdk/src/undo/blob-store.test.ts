import { hash, randomBytes } from "node:crypto";
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { headAt } from "./blob-block.js";
import { BlobStore } from "./blob-store.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pullcord-blobs-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (quotaBytes = 2 ** 30) => new BlobStore({ folder, quotaBytes });
const packs = () => readdirSync(folder).map((name) => join(folder, name));
const bytes = () => packs().reduce((sum, pack) => sum + statSync(pack).size, 0);
const many = (count: number, size = 3_000) => Array.from({ length: count }, () => randomBytes(size));

describe("contents", () => {
  it("come back as they were put, before and after they are on disk, to this store and the next", () => {
    const contents = [...many(300), Buffer.alloc(0), Buffer.from("text ".repeat(100_000)), randomBytes(2 ** 20)];
    const store = open();
    const hashes = contents.map((content) => store.put(content));
    const isGivenOutBy = (each: BlobStore) => hashes.map((kept, index) => each.get(kept).equals(contents[index] ?? Buffer.from("none")));
    const allTrue = contents.map(() => true);
    expect(hashes).toEqual(contents.map((content) => hash("sha256", content)));
    expect(isGivenOutBy(store)).toEqual(allTrue);
    store.flush();
    expect([isGivenOutBy(store), isGivenOutBy(open())]).toEqual([allTrue, allTrue]);
  });

  it("are found by a store that was open before another put them", () => {
    const [early, late] = [open(), open()];
    const kept = late.put(Buffer.from("late"));
    expect(() => early.get(kept)).toThrow(expect.objectContaining({ reason: "snapshot_lost" }));
    late.sync();
    expect(early.get(kept).toString()).toBe("late");
  });

  it("are kept once, and together, so that they take little", () => {
    const store = open();
    const lines = Array.from({ length: 1_000 }, (_none, line) => Buffer.from(`export const value${line} = ${line};\n`.repeat(20)));
    for (const content of [...lines, ...lines]) store.put(content);
    store.flush();
    expect(bytes()).toBeLessThan(lines.reduce((sum, { length }) => sum + length, 0) / 8);
  });

  it("that were changed on disk are not given out", () => {
    const store = open();
    const kept = store.put(randomBytes(500));
    store.flush();
    const [pack = ""] = packs();
    const whole = readFileSync(pack);
    writeFileSync(pack, whole.fill(0, whole.length - 20));
    expect(() => store.get(kept)).toThrow(expect.objectContaining({ reason: "snapshot_lost" }));
  });
});

describe("a crash", () => {
  it("that cuts a pack off anywhere loses the block that it cut, and no other", () => {
    const store = open();
    const [first, second] = many(2).map((content) => {
      const kept = store.put(content);
      store.flush();
      return kept;
    });
    const [pack = ""] = packs();
    const whole = statSync(pack).size;
    const firstEnds = whole / 2;
    for (let cut = whole - 1; cut > firstEnds; cut -= 97) {
      truncateSync(pack, cut);
      const later = open();
      expect([later.has(first as string), later.has(second as string)]).toEqual([true, false]);
    }
    appendFileSync(pack, randomBytes(40));
    const last = open();
    const third = last.put(Buffer.from("third"));
    last.flush();
    expect([open().has(first as string), open().get(third).toString()]).toEqual([true, "third"]);
  });

  it("are lost, and make no more of themselves, where a pack says less of them than it holds", () => {
    const store = open();
    const kept = store.put(Buffer.alloc(64 * 2 ** 20));
    store.flush();
    const [pack = ""] = packs();
    const spoilt = readFileSync(pack);
    spoilt.writeUInt32LE(10, 9 + 32);
    writeFileSync(pack, spoilt);
    expect(() => open().get(kept)).toThrow(
      expect.objectContaining({ reason: "snapshot_lost", cause: expect.objectContaining({ code: "ERR_BUFFER_TOO_LARGE" }) }),
    );
  });

  it("end where a power cut left zeros", () => {
    const store = open();
    const kept = store.put(Buffer.from("first"));
    store.flush();
    const [pack = ""] = packs();
    const { size } = statSync(pack);
    appendFileSync(pack, Buffer.alloc(9_000));
    expect(headAt((at, length) => readFileSync(pack).subarray(at, at + length), size)).toBeNull();
    expect(open().get(kept).toString()).toBe("first");
  });
});

describe("the quota", () => {
  it("refuses what is too much, and takes it once there is room", () => {
    const store = open(5_000);
    const [one, two] = many(2).map((content) => ({ content, kept: hash("sha256", content) }));
    if (!one || !two) throw new Error("There are two.");
    store.put(one.content);
    store.flush();
    store.put(two.content);
    expect(() => store.flush()).toThrow(expect.objectContaining({ code: "unavailable", reason: "snapshot_quota" }));
    expect(open().has(two.kept)).toBe(false);
    store.sweep((each) => each !== one.kept);
    store.flush();
    expect([open().has(one.kept), open().get(two.kept)]).toEqual([false, two.content]);
  });

  it("holds for all that is put at once: never much waits in memory", () => {
    const store = open(10_000);
    expect(() => {
      for (const content of many(1_000)) store.put(content);
    }).toThrow(expect.objectContaining({ reason: "snapshot_quota" }));
  });
});

describe("a sweep", () => {
  it("keeps what is needed and nothing else, also where the disk space is used up", () => {
    const store = open();
    const contents = many(400);
    const hashes = contents.map((content) => store.put(content));
    store.flush();
    store.quotaBytes = bytes();
    const needed = new Set(hashes.filter((_each, index) => index % 3 === 0));
    store.sweep((each) => needed.has(each));
    for (const each of [store, open()]) {
      expect(hashes.filter((one) => each.has(one))).toEqual([...needed]);
      expect([...needed].map((one) => hash("sha256", each.get(one)))).toEqual([...needed]);
    }
    expect(bytes()).toBeLessThan(store.quotaBytes / 2);
    store.sweep(() => false);
    expect(packs()).toEqual([]);
  });
});
