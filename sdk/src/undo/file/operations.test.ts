import { expect, it } from "vitest";
import type { Standing } from "./entry.js";
import { operationsFor } from "./operations.js";

const file: Standing = { kind: "file", hash: "0", mode: 0o644, size: 1 };
const folder = (mode = 0o755): Standing => ({ kind: "folder", mode });

/** The steps in words: `+` made, `-` away, the mode it gets. */
function wordsOf(changes: Parameters<typeof operationsFor>[0]): string[] {
  return operationsFor(changes).map(({ path, before, after }) => {
    const mode = after?.kind === "folder" ? ` ${after.mode.toString(8)}` : "";
    return `${before === null ? "+" : after === null ? "-" : "~"}${path}${mode}`;
  });
}

it("what goes is emptied from within, what comes is filled from without", () => {
  const gone = ["out", "out/inner"].map((path) => ({ path, before: folder(), after: null }));
  const come = ["in/inner", "in"].map((path) => ({ path, before: null, after: folder() }));
  const files = [
    { path: "in/inner/file", before: null, after: file },
    { path: "out/inner/file", before: file, after: null },
  ];
  expect(wordsOf([...gone, ...come, ...files])).toEqual([
    "-out/inner/file",
    "-out/inner",
    "-out",
    "+in 755",
    "+in/inner 755",
    "+in/inner/file",
  ]);
});

it("a folder is opened before it is worked in, and closed last, from within", () => {
  const closed = ["shut", "shut/inner"].map((path) => ({ path, before: null, after: folder(0o500) }));
  const opened = { path: "locked", before: folder(0o500), after: folder(0o700) };
  const changes = [
    ...closed,
    { path: "shut/inner/file", before: null, after: file },
    { path: "locked/file", before: file, after: null },
    opened,
  ];
  expect(wordsOf(changes)).toEqual([
    "~locked 700",
    "-locked/file",
    "+shut 700",
    "+shut/inner 700",
    "+shut/inner/file",
    "~shut/inner 500",
    "~shut 500",
  ]);
});

it("where one kind of thing takes another's place, the one goes before the other comes", () => {
  expect(wordsOf([{ path: "thing", before: file, after: folder() }])).toEqual(["-thing", "+thing 755"]);
  expect(wordsOf([{ path: "thing", before: folder(), after: file }])).toEqual(["-thing", "+thing"]);
});
