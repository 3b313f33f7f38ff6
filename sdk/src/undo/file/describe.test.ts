import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BlobStore } from "../blob-store.js";
import { hunksBetween } from "../lines.js";
import { describeChanges } from "./describe.js";
import type { Change, FileEntry } from "./entry.js";

let folder: string;
let blobs: BlobStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pullcord-describe-"));
  blobs = new BlobStore({ folder, quotaBytes: 2 ** 30 });
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Lines that are alike, and take a comparison as long as lines can. */
const hard = (lines: number, other: string) => Array.from({ length: lines }, (_none, line) => (line % 5 === 0 ? other : "same\n"));
const file = (text: string): FileEntry => ({ kind: "file", hash: blobs.put(Buffer.from(text)), mode: 0o644, size: text.length });

describe("changes that an agent made hard to compare", () => {
  it("leave others their turns", async () => {
    const change = (path: string): Change => ({
      path,
      before: file(hard(20_000, "old\n").join("")),
      after: file(hard(20_000, "now\n").join("")),
    });
    const changes = Array.from({ length: 4 }, (_none, index) => change(`f${index}`));
    let turns = 0;
    const count = () => void (turns += 1);
    const timer = setInterval(count, 0);
    const described = await describeChanges(changes, blobs);
    clearInterval(timer);
    expect(described.map(({ kind }) => kind)).toEqual(changes.map(() => "changed"));
    expect(turns).toBeGreaterThan(changes.length / 2);
  });

  it("count as replaced whole where telling lines apart would take too long", () => {
    const [old, now] = [Array.from({ length: 60_000 }, () => "same\n"), hard(60_000, "now\n").slice(0, 59_000)];
    expect(hunksBetween(old, now)).toHaveLength(1);
    expect(hunksBetween(old.slice(0, 500), hard(500, "now\n"))).toHaveLength(100);
  });

  it("are shown with their lines as far as one answer goes", async () => {
    const changes = Array.from({ length: 1_005 }, (_none, index): Change => ({ path: `f${index}`, before: null, after: file("a\n") }));
    const diffs = (await describeChanges(changes, blobs)).map(({ diff }) => diff !== null);
    expect([diffs.length, diffs.filter(Boolean).length, diffs.at(-1)]).toEqual([1_005, 1_000, false]);
    const long = "a line of some length\n".repeat(11_000);
    const large = Array.from({ length: 75 }, (_none, index): Change => ({
      path: `f${index}`,
      before: file(`old\n${long}`),
      after: file(`now\n${long}`),
    }));
    const shown = (await describeChanges(large, blobs)).filter(({ diff }) => diff !== null).length;
    expect(shown).toBe(Math.floor((32 * 2 ** 20) / (2 * (long.length + 4))));
  });
});
