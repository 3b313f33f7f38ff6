import { randomBytes } from "node:crypto";
import fs, { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BlobStore } from "./blob-store.js";
import { openWorkshop, type Workshop } from "./workshop.test.support.js";

const real = { openSync: fs.openSync, writeSync: fs.writeSync, appendFileSync: fs.appendFileSync };
let shop: Workshop;
let fired = 0;
beforeEach(() => {
  shop = openWorkshop();
  fired = 0;
});
afterEach(() => {
  mend();
  shop.remove();
});

function mend(): void {
  Object.assign(fs, real);
  syncBuiltinESMExports();
}

function failing(code: string): Error {
  fired += 1;
  return Object.assign(new Error(code), { code, syscall: "write" });
}

/** One of the file system's calls fails, in what is kept. */
function fail(broken: Partial<Record<keyof typeof real, (...given: never[]) => unknown>>): void {
  Object.assign(fs, broken);
  syncBuiltinESMExports();
}

const at = (path: string) => shop.at(path);

describe("letting go of what is old", () => {
  const contents = Array.from({ length: 40 }, () => randomBytes(20_000));
  const isKept = (store: BlobStore, hashes: readonly string[]) =>
    hashes.map((each, index) => store.get(each).equals(contents[index] as Buffer));
  const broken = {
    "no more files can be opened": () =>
      fail({
        openSync: (path: string, ...rest: [string]) => {
          if (path.endsWith(".blocks")) throw failing("EMFILE");
          return real.openSync(path, ...rest);
        },
      }),
    "the disk is full": () =>
      fail({
        writeSync: () => {
          throw failing("ENOSPC");
        },
      }),
  };

  it.each(Object.entries(broken))("loses nothing that is needed when %s", (_what, breakIt) => {
    const folder = join(shop.data, "blobs-of-test");
    const store = new BlobStore({ folder, quotaBytes: 2 ** 30 });
    const [old = "", ...hashes] = [randomBytes(10), ...contents].map((content) => store.put(content));
    store.flush();
    breakIt();
    expect(() => store.sweep((each) => each !== old)).toThrow(/EMFILE|ENOSPC/);
    mend();
    expect(fired).toBeGreaterThan(0);
    for (const each of [store, new BlobStore({ folder, quotaBytes: 2 ** 30 })]) expect(isKept(each, hashes)).not.toContain(false);
    store.sweep((each) => each !== old);
    expect(isKept(new BlobStore({ folder, quotaBytes: 2 ** 30 }), hashes)).not.toContain(false);
    expect(new BlobStore({ folder, quotaBytes: 2 ** 30 }).has(old)).toBe(false);
  });
});

describe("a disk that is full", () => {
  it("loses no change that an action made then, nor the next one", async () => {
    for (const name of ["one", "two", "three"]) writeFileSync(at(name), "mine");
    await shop.act("a1", () => writeFileSync(at("one"), "agent"));
    const change = () => {
      writeFileSync(at("two"), "agent");
      // Half of what is written fits.
      fail({
        appendFileSync: (file: string, text: string) => {
          real.appendFileSync(file, text.slice(0, text.length / 2));
          throw failing("ENOSPC");
        },
      });
    };
    await expect(shop.act("a2", change)).rejects.toThrow("ENOSPC");
    mend();
    expect(fired).toBeGreaterThan(0);
    await shop.act("a3", () => writeFileSync(at("three"), "agent"));
    const { end } = await shop.undo();
    expect([end.conflicts, ["one", "two", "three"].map((name) => readFileSync(at(name), "utf8"))]).toEqual([[], ["mine", "mine", "mine"]]);
    const later = await shop.reopen().changesOf("r");
    expect(later.map(({ path }) => path).toSorted()).toEqual(["one", "three", "two"]);
  });
});

describe("what was spoilt on disk", () => {
  it("keeps nobody from the rest: a journal of nothing, a workspace without its name", async () => {
    writeFileSync(at("a"), "mine");
    await shop.act("a1", () => writeFileSync(at("a"), "agent"));
    writeFileSync(join(shop.data, "undos", "u0-0.json"), "");
    writeFileSync(join(shop.data, "undo-records", "u0.json"), '{"id": "u0", "par');
    mkdirSync(join(shop.data, "workspaces", "without-a-name"));
    const [own = ""] = readdirSync(join(shop.data, "workspaces")).filter((name) => name !== "without-a-name");
    const root = join(shop.data, "workspaces", own, "root");
    const later = shop.reopen();
    later.sweep(0);
    expect((await later.changesOf("r")).map(({ path }) => path)).toEqual(["a"]);
    truncateSync(root);
    const last = shop.reopen();
    // Nothing is known of it by its name; who works there again finds it.
    expect(await last.changesOf("r")).toEqual([]);
    last.files.workspace(shop.root);
    expect((await last.changesOf("r")).map(({ path }) => path)).toEqual(["a"]);
    expect(readFileSync(root, "utf8")).toBe(shop.root);
  });
});

const isRoot = process.geteuid?.() === 0;
const lock = (path: string) => (isRoot ? execFileSync("chattr", ["+i", path], { stdio: "ignore" }) : chmodSync(path, 0o555));
const unlock = (path: string) => (isRoot ? execFileSync("chattr", ["-i", path], { stdio: "ignore" }) : chmodSync(path, 0o755));
const canLock = (() => {
  const folder = fs.mkdtempSync(join(fs.realpathSync("/tmp"), "pullcord-lock-"));
  try {
    lock(folder);
    unlock(folder);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true });
  }
})();

describe.runIf(canLock)("what the server's account may not change", () => {
  it("stays, is in the preview, and keeps nobody from undoing the rest", async () => {
    mkdirSync(at("closed/in"), { recursive: true });
    mkdirSync(at("open"));
    for (const path of ["closed/a", "closed/in/a", "open/a", "a"]) writeFileSync(at(path), "mine");
    await shop.act("a1", () => {
      for (const path of ["closed/a", "closed/new", "closed/in/a", "open/a", "a"]) writeFileSync(at(path), "agent");
      rmSync(at("open"), { recursive: true });
    });
    lock(at("closed"));
    try {
      const { planned, end } = await shop.undo();
      expect(planned.conflicts.map(({ path }) => path).toSorted()).toEqual(["closed/a", "closed/new"]);
      expect([end.conflicts, end.unverified, end.failure]).toEqual([[], [], undefined]);
      expect(planned.changes.map(({ path }) => path).toSorted()).toEqual([...end.restored].toSorted());
      expect(["a", "open/a", "closed/in/a"].map((path) => readFileSync(at(path), "utf8"))).toEqual(["mine", "mine", "mine"]);
      expect([readFileSync(at("closed/a"), "utf8"), existsSync(at("closed/new"))]).toEqual(["agent", true]);
    } finally {
      unlock(at("closed"));
    }
  });
});
