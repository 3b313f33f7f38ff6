import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openWorkshop, photograph, type Workshop } from "../workshop.test.support.js";

let shop: Workshop;
beforeEach(() => {
  shop = openWorkshop();
});
afterEach(() => shop.remove());

const at = (path: string) => shop.at(path);

/** A run changes a file, then a person does; the run is undone. @returns what stands then, and what was listed */
async function after(before: string | Buffer, run: string | Buffer, person: string | Buffer) {
  writeFileSync(at("file"), before);
  await shop.act("a1", () => writeFileSync(at("file"), run));
  writeFileSync(at("file"), person);
  const listed = await undo();
  return { stands: readFileSync(at("file")), listed };
}

async function undo(): Promise<string[]> {
  const { planned, end } = await shop.undo();
  expect([end.unverified, end.failure]).toEqual([[], undefined]);
  return [...planned.conflicts, ...end.conflicts].map(({ path }) => path);
}

const lines = (end: string, ...words: string[]) => words.join(end);

describe("a text that a run and a person changed", () => {
  it.each<[string, { before: string; run: string; person: string; merged: string }]>([
    [
      "with CRLF",
      {
        before: lines("\r\n", "a", "b", "c", "d", "e", ""),
        run: lines("\r\n", "AGENT", "b", "c", "d", "e", ""),
        person: lines("\r\n", "AGENT", "b", "c", "d", "PERSON", ""),
        merged: lines("\r\n", "a", "b", "c", "d", "PERSON", ""),
      },
    ],
    [
      "with no line end at its end",
      { before: "a\nb\nc\nd", run: "AGENT\nb\nc\nd", person: "AGENT\nb\nc\nd\nPERSON", merged: "a\nb\nc\nd\nPERSON" },
    ],
    [
      "with a mark of its byte order",
      {
        before: "\uFEFFa\nb\nc\nd\n",
        run: "\uFEFFAGENT\nb\nc\nd\n",
        person: "\uFEFFAGENT\nb\nc\nPERSON\n",
        merged: "\uFEFFa\nb\nc\nPERSON\n",
      },
    ],
    [
      "in other scripts, composed and not",
      { before: "é\n中\nc\nd\n", run: "AGENT\n中\nc\nd\n", person: "AGENT\n中\nc\ne\u0301\n", merged: "é\n中\nc\ne\u0301\n" },
    ],
    [
      "of very long lines",
      {
        before: `${"x".repeat(300_000)}\nb\nc\nd\n`,
        run: `${"y".repeat(300_000)}\nb\nc\nd\n`,
        person: `${"y".repeat(300_000)}\nb\nc\nPERSON\n`,
        merged: `${"x".repeat(300_000)}\nb\nc\nPERSON\n`,
      },
    ],
  ])("keeps the person's lines and takes the run's out: %s", async (_what, { before, run, person, merged }) => {
    const { stands, listed } = await after(before, run, person);
    expect([stands.toString() === merged, listed]).toEqual([true, []]);
  });

  it.each<[string, [before: string | Buffer, run: string | Buffer, person: string | Buffer]]>([
    ["whose line ends the person changed", ["a\nb\nc\n", "AGENT\nb\nc\n", "AGENT\r\nb\r\nc\r\n"]],
    ["whose last line end the person took, beside the run's line", ["a\nb\n", "a\nAGENT\n", "a\nAGENT"]],
    [
      "of another encoding",
      [
        Buffer.from("caf\xe9\nb\nc\nd\n", "latin1"),
        Buffer.from("caf\xe9\nAGENT\nc\nd\n", "latin1"),
        Buffer.from("caf\xe9\nAGENT\nc\nPERSON\n", "latin1"),
      ],
    ],
    [
      "of two-byte characters",
      [Buffer.from("a\nb\nc\nd\n", "utf16le"), Buffer.from("A\nb\nc\nd\n", "utf16le"), Buffer.from("A\nb\nc\nPERSON\n", "utf16le")],
    ],
    ["that is none", [Buffer.from([0, 1, 2, 3]), Buffer.from([0, 9, 2, 3]), Buffer.from([0, 9, 2, 4])]],
    ["on one line", ["a".repeat(900_000), "b".repeat(900_000), `${"b".repeat(900_000)}c`]],
    ["too long to merge", ["a\n".repeat(600_000), `x\n${"a\n".repeat(600_000)}`, `x\n${"a\n".repeat(600_000)}y\n`]],
  ])("stays as the person made it, and is listed, where nobody may guess: %s", async (_what, [before, run, person]) => {
    const { stands, listed } = await after(before, run, person);
    expect([stands.equals(Buffer.from(person)), listed]).toEqual([true, ["file"]]);
  });
});

describe("a file that a run changed and a person then", () => {
  beforeEach(async () => {
    writeFileSync(at("file"), "before\n");
    await shop.act("a1", () => writeFileSync(at("file"), "agent\n"));
  });

  it("removed stays away", async () => {
    rmSync(at("file"));
    expect([await undo(), existsSync(at("file"))]).toEqual([["file"], false]);
  });

  it.each<[string, () => void, RegExp]>([
    ["renamed is named where it stands now, and not touched there", () => renameSync(at("file"), at("own")), /renamed .* at own,/],
    ["put in two places is not guessed", () => (renameSync(at("file"), at("own")), writeFileSync(at("other"), "agent\n")), /removed/],
  ])("%s", async (_what, work, sentence) => {
    work();
    const { planned } = await shop.undo();
    expect(planned.conflicts).toMatchObject([{ path: "file", sentence: expect.stringMatching(sentence) as string }]);
    expect(readFileSync(at("own"), "utf8")).toBe("agent\n");
  });

  it("gave another mode goes back but for its mode", async () => {
    chmodSync(at("file"), 0o600);
    expect([await undo(), readFileSync(at("file"), "utf8"), statSync(at("file")).mode & 0o777]).toEqual([[], "before\n", 0o600]);
  });

  it("put a folder in the place of stays a folder", async () => {
    rmSync(at("file"));
    mkdirSync(at("file"));
    writeFileSync(at("file/own"), "person");
    expect([await undo(), readFileSync(at("file/own"), "utf8")]).toEqual([["file"], "person"]);
  });
});

it("leaves a file alone that a person put in the place of a folder", async () => {
  mkdirSync(at("folder"));
  writeFileSync(at("folder/file"), "before");
  await shop.act("a1", () => writeFileSync(at("folder/file"), "agent"));
  rmSync(at("folder"), { recursive: true });
  writeFileSync(at("folder"), "person");
  expect([await undo(), readFileSync(at("folder"), "utf8")]).toEqual([["folder/file"], "person"]);
});

it("brings back names that differ only in case or in how a letter is composed, and names that are no common ones", async () => {
  const names = [
    "File",
    "file",
    "caf\u00e9",
    "cafe\u0301",
    "-rf",
    "two\nlines",
    "__proto__",
    "constructor",
    " ",
    "'\"$(x)",
    "a\\b",
    "\u202egpj",
    "7",
    "x".repeat(255),
  ];
  for (const name of names) {
    mkdirSync(at(`in-${name.slice(0, 200)}`));
    writeFileSync(at(`in-${name.slice(0, 200)}/${name}`), `before ${name}`);
  }
  const before = photograph(shop.root);
  await shop.act("a1", () => {
    for (const name of readdirSync(shop.root)) rmSync(at(name), { recursive: true });
    for (const name of names) writeFileSync(at(name), `agent ${name}`);
  });
  await shop.keeper.close();
  const later = shop.reopen();
  later.begin("u1", await later.plan({ runId: "r" }));
  expect(await later.carryOut("u1")).toMatchObject({ conflicts: [], unverified: [] });
  expect(photograph(shop.root)).toEqual(before);
});

it("brings back a file that a run renamed by case alone", async () => {
  writeFileSync(at("Readme"), "text");
  await shop.act("a1", () => renameSync(at("Readme"), at("README")));
  expect([await undo(), readdirSync(shop.root)]).toEqual([[], ["Readme"]]);
});

describe.runIf(process.platform === "linux")("names that are bytes and no text", () => {
  const bytes = (name: string) => Buffer.concat([Buffer.from(`${shop.root}/`), Buffer.from(name, "latin1")]);
  const everything = (folder = Buffer.from(shop.root)): string[] =>
    readdirSync(folder, { encoding: "buffer" }).flatMap((name) => {
      const path = Buffer.concat([folder, Buffer.from("/"), name]);
      const stats = lstatSync(path);
      const what = stats.isFile() ? readFileSync(path, "latin1") : stats.isSymbolicLink() ? readlinkSync(path, "latin1") : "folder";
      return [`${path.toString("latin1")}: ${what}`, ...(stats.isDirectory() ? everything(path) : [])];
    });

  it("come back, below each other too, and are shown readably", async () => {
    mkdirSync(bytes("f\xf6lder"));
    writeFileSync(bytes("f\xf6lder/caf\xe9"), "before");
    writeFileSync(bytes("\xff\xfe\xe2\x82"), "before");
    writeFileSync(at("\uFFFD"), "before");
    symlinkSync(Buffer.from("caf\xe9", "latin1"), bytes("li\xf1k"));
    const before = everything().toSorted();
    await shop.act("a1", () => {
      writeFileSync(bytes("f\xf6lder/caf\xe9"), "agent");
      for (const name of ["\xff\xfe\xe2\x82", "li\xf1k"]) rmSync(bytes(name));
      writeFileSync(bytes("m\xe4de"), "agent");
      rmSync(at("\uFFFD"));
    });
    const parts = await shop.keeper.plan({ runId: "r" });
    const { changes } = shop.keeper.shown(parts);
    expect(changes.map(({ path }) => path)).toEqual(expect.arrayContaining([String.raw`f\xf6lder/caf\xe9`, String.raw`m\xe4de`, "\uFFFD"]));
    await shop.keeper.close();
    const later = shop.reopen();
    later.begin("u1", await later.plan({ runId: "r" }));
    expect(await later.carryOut("u1")).toMatchObject({ conflicts: [], unverified: [] });
    expect(everything().toSorted()).toEqual(before);
  });

  it("can be chosen as they are shown", async () => {
    for (const name of ["\xe9", "other"]) writeFileSync(bytes(name), "before");
    await shop.act("a1", () => ["\xe9", "other"].forEach((name) => writeFileSync(bytes(name), "agent")));
    const parts = await shop.keeper.plan({ runId: "r", only: [String.raw`\xe9`] });
    expect(shop.keeper.shown(parts).changes.map(({ path }) => path)).toEqual([String.raw`\xe9`]);
  });
});

it("a mode that the run set goes back under what a person wrote, though it is no text", async () => {
  writeFileSync(at("file"), Buffer.from([0, 1, 2]), { mode: 0o644 });
  await shop.act("a1", () => chmodSync(at("file"), 0o600));
  writeFileSync(at("file"), Buffer.from([0, 3, 4]));
  expect(await undo()).toEqual([]);
  expect([statSync(at("file")).mode & 0o777, [...readFileSync(at("file"))]]).toEqual([0o644, [0, 3, 4]]);
});
