import { hash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BlobStore } from "../blob-store.js";
import type { Change, Standing } from "./entry.js";
import { committablePaths, planOnto, type CommittedFile } from "./plan-onto.js";

let folder: string;
let blobs: BlobStore;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pullcord-onto-"));
  blobs = new BlobStore({ folder, quotaBytes: 2 ** 20 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (text: string, mode = 0o664): Standing => {
  blobs.put(Buffer.from(text));
  return { kind: "file", hash: hash("sha256", text), mode, size: text.length };
};
const committed = (text: string, mode: CommittedFile["mode"] = "100644") => ({ mode, content: Buffer.from(text) });
const lines = (...words: string[]) => words.map((word) => `${word}\n`).join("");
/** What comes of path `p`: text and mode, null when it goes away, undefined when nothing changes or it is left. */
async function onto(base: CommittedFile | null, ...steps: (readonly [before: Standing, after: Standing])[]) {
  const changes: Change[] = steps.map(([before, after]) => ({ path: "p", before, after }));
  const { files, left } = await planOnto(changes, new Map(base === null ? [] : [["p", base]]), { blobs, mergeByKey: () => undefined });
  const made = files.get("p");
  return {
    made: made && `${made.mode} ${made.content.toString()}`,
    gone: files.has("p") && made === null,
    left: left.map(({ sentence }) => sentence),
  };
}
const nothing = { made: undefined, gone: false, left: [] };

describe("a run's change on a commit", async () => {
  it("is as it was made where the commit has what stood before", async () => {
    expect(await onto(committed("a"), [file("a"), file("b")])).toEqual({ ...nothing, made: "100644 b" });
    expect(await onto(committed("a"), [file("a"), file("a", 0o700)])).toEqual({ ...nothing, made: "100755 a" });
    expect(await onto(committed("a"), [file("a"), null])).toEqual({ ...nothing, made: null, gone: true });
    expect(await onto(null, [null, file("new", 0o600)])).toEqual({ ...nothing, made: "100644 new" });
    expect(await onto(committed("a"), [file("a"), { kind: "link", target: "there" }])).toEqual({ ...nothing, made: "120000 there" });
    expect(await onto(committed("here", "120000"), [{ kind: "link", target: "here" }, file("x")])).toEqual({
      ...nothing,
      made: "100644 x",
    });
  });

  it("is nothing where it was taken back, or was committed already, or is of permissions that git does not know", async () => {
    expect(await onto(committed("a"), [file("a"), file("b")], [file("b"), file("a")])).toEqual(nothing);
    expect(await onto(committed("b"), [file("a"), file("b")])).toEqual(nothing);
    expect(await onto(committed("a"), [file("a", 0o644), file("a", 0o600)])).toEqual(nothing);
    expect(await onto(null, [null, { kind: "folder", mode: 0o755 }])).toEqual(nothing);
    expect(await onto(null, [file("untracked"), null])).toEqual(nothing);
  });

  it("has no line of a person who changed it before or in between and did not commit", async () => {
    const [one, two] = [lines("1", "2", "3", "4", "5", "6"), lines("1", "TWO", "3", "4", "5", "6")];
    const person = lines("1", "2", "3", "4", "5", "6", "mine");
    expect(await onto(committed(one), [file(person), file(person.replace("2", "TWO"))])).toEqual({ ...nothing, made: `100644 ${two}` });
    const between = lines("1", "TWO", "3", "4", "5", "6", "mine");
    const later = lines("ONE", "TWO", "3", "4", "5", "6", "mine");
    expect(await onto(committed(one), [file(one), file(two)], [file(between), file(later)])).toEqual({
      ...nothing,
      made: `100644 ${lines("ONE", "TWO", "3", "4", "5", "6")}`,
    });
  });

  it("is left out where the two can't be told apart, or nothing was kept", async () => {
    expect(await onto(committed("a\n"), [file("person\n"), file("agent\n")])).toMatchObject({
      made: undefined,
      left: [expect.stringContaining("can't be told apart")],
    });
    expect(await onto(null, [file("untracked"), file("changed")])).toMatchObject({
      made: undefined,
      left: [expect.stringContaining("can't be told apart")],
    });
    expect(await onto(committed("a"), [file("a"), { kind: "unkept", size: 1, changedMs: 0 }])).toMatchObject({
      left: [expect.stringContaining("too large")],
    });
  });
});

it("knows what a commit can hold: no folder, nothing of git's own", async () => {
  const change = (path: string, after: Standing): Change => ({ path, before: null, after });
  const folderEntry: Standing = { kind: "folder", mode: 0o755 };
  const hostile = [".GIT/config", "sub/.Git/hooks/post-checkout", "git~1/x", ".git./x", ".g\u200cit/x", "sub/.git/x", ".git/HEAD"];
  const paths = committablePaths([...hostile, "a", ".gitignore", "git"].map((path) => change(path, file("x"))));
  expect([...paths]).toEqual(["a", ".gitignore", "git"]);
  expect([...committablePaths([change("empty", folderEntry)])]).toEqual([]);
});
