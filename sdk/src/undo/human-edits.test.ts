import fs, { appendFileSync, chmodSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { basename, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { fill, meddle, openWorkshop, photograph, seeded, type Workshop } from "./workshop.test.support.js";

/** A person's edits, of each of the two ways; 1,000 with PULLCORD_UNDO_EDITS=1000 (docs/undo.md). */
const edits = Number(process.env["PULLCORD_UNDO_EDITS"] ?? 100);
const actionsPerRun = 12;
const editsPerAction = 2;
const runsPerTree = 4;
const longestMs = 20 * 60_000;

let shop: Workshop;
beforeEach(() => {
  shop = openWorkshop();
});
afterEach(() => shop.remove());

const at = (path: string) => join(shop.root, path);

function anew(random: () => number): void {
  shop.remove();
  shop = openWorkshop();
  fill(shop.root, random);
}

async function act(runId: string, actionId: string, work: () => void) {
  const key = { runId, actionId };
  shop.keeper.began(key);
  await shop.workspace.began(key, null);
  work();
  await shop.keeper.ended(key);
}

/** What stands where, content and mode each by itself: they are two things to change. */
function look(): Record<string, string> {
  const all = Object.entries(photograph(shop.root)).flatMap(([path, what]) => {
    const [kind, mode = "", content] = what.split(" ");
    return kind === "link"
      ? [[`content ${path}`, what]]
      : [
          [`content ${path}`, `${kind} ${content}`],
          [`mode ${path}`, mode],
        ];
  });
  return Object.fromEntries(all);
}

const pathOf = (aspect: string) => aspect.slice(aspect.indexOf(" ") + 1);

function changedSince(before: Record<string, string>): string[] {
  const after = look();
  return Object.keys({ ...before, ...after }).filter((each) => before[each] !== after[each]);
}

/** One edit of a person's to what is there, more often to what the run touched; what is new in it says so. */
function edit(mark: string, random: () => number, touched: ReadonlySet<string>): void {
  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(random() * from.length)];
  const paths = Object.entries(photograph(shop.root));
  const files = paths.flatMap(([name, what]) => (what.startsWith("file") ? [name] : []));
  const path = (random() < 0.7 ? pick(files.filter((name) => touched.has(name))) : undefined) ?? pick(files);
  const folder = pick(["", ...paths.flatMap(([name, what]) => (what.startsWith("folder") ? [name] : []))]) ?? "";
  const own = join(folder, `own-${mark}`);
  const write = (name: string) => writeFileSync(at(name), mark);
  if (path === undefined) return write(own);
  const lines = readFileSync(at(path), "latin1").split("\n");
  const save = (text: string) => {
    const { mode } = statSync(at(path));
    writeFileSync(at(`${path}.saving`), text, "latin1");
    chmodSync(at(`${path}.saving`), mode);
    renameSync(at(`${path}.saving`), at(path));
  };
  const somewhere = Math.floor(random() * lines.length);
  const kinds: readonly (() => void)[] = [
    () => save(lines.toSpliced(somewhere, 0, mark).join("\n")),
    () => save(lines.toSpliced(somewhere, 0, mark).join("\n")),
    () => save(lines.with(somewhere, mark).join("\n")),
    () => save([...lines, mark].join("\r\n")),
    () => save(`${lines.join("\n")}\0${mark}`),
    () => appendFileSync(at(path), mark),
    () => write(path),
    () => write(own),
    () => rmSync(at(path)),
    () => chmodSync(at(path), pick([0o600, 0o640, 0o700]) ?? 0o600),
    () => renameSync(at(path), at(own)),
    () => (rmSync(at(path)), mkdirSync(at(path)), write(`${path}/inside`)),
    () => (rmSync(at(path)), symlinkSync(mark, at(path))),
  ];
  pick(kinds)?.();
}

const marked = /PERSON-\d+-/g;
/** Every mark of a person's that stands somewhere: in a content, a link, a name. */
function marksIn(photo: Record<string, string>): Set<string> {
  const texts = Object.entries(photo).flatMap(([path, what]) => [
    path,
    what,
    Buffer.from(what.split(" ").at(-1) ?? "", "base64").toString("latin1"),
  ]);
  return new Set(texts.flatMap((text) => text.match(marked) ?? []));
}

it(
  `loses none of a person's edits between actions, and lists what they hold up (${edits} edits)`,
  async ({ annotate }) => {
    const random = seeded(77);
    let [made, merged, listed] = [0, 0, 0];
    for (let run = 0; made < edits; run++) {
      if (run % runsPerTree === 0) anew(random);
      const touchedLast = new Set<string>();
      for (let action = 0; action < actionsPerRun; action++) {
        const before = look();
        await act(`r${run}`, `r${run}-a${action}`, () => void meddle(shop.root, random));
        const touched = new Set(changedSince(before).map(pathOf));
        for (const each of changedSince(before)) touchedLast.delete(each);
        const since = look();
        for (let more = 0; more < editsPerAction; more++, made++) edit(`PERSON-${made}-`, random, touched);
        for (const each of changedSince(since)) touchedLast.add(each);
      }
      const stood = look();
      const marks = marksIn(stood);
      const parts = await shop.keeper.plan({ runId: `r${run}` });
      shop.keeper.begin(`u${run}`, parts);
      const { unverified, failure } = await shop.keeper.carryOut(`u${run}`);
      const stands = look();
      expect([failure, unverified]).toEqual([undefined, []]);
      expect([...marks].filter((mark) => !marksIn(stands).has(mark))).toEqual([]);
      // Of what the person touched last only lines of the run went: nothing came back, or went, or became of another kind.
      const changedOnes = [...touchedLast].filter((each) => stood[each] !== stands[each]);
      const isMerged = (each: string) => [stood, stands].every((then) => then[each]?.startsWith("file "));
      expect(changedOnes.filter((each) => !isMerged(each))).toEqual([]);
      [merged, listed] = [merged + changedOnes.length, listed + shop.keeper.shown(parts).conflicts.length];
    }
    expect([merged > 0, listed > 0]).toEqual([true, true]);
    await annotate(`${made} edits: 0 lost, ${merged} files merged, ${listed} paths listed`);
  },
  longestMs,
);

/** What a restore asks of the disk; before each of these a person may come in. */
const asked = [
  "openSync",
  "readSync",
  "fstatSync",
  "lstatSync",
  "linkSync",
  "renameSync",
  "unlinkSync",
  "fchmodSync",
  "closeSync",
] as const;
const real = { ...fs };

/** Right before the nth thing that is asked of the disk, somebody does something. @returns counts what was asked */
function comeIn(nth: number, work: (path: string) => void) {
  let count = 0;
  for (const name of asked) {
    Object.assign(fs, {
      [name]: (...given: unknown[]) => {
        count += 1;
        if (count === nth) work(String(given[0]));
        return (real[name] as (...all: unknown[]) => unknown)(...given);
      },
    });
  }
  syncBuiltinESMExports();
  return () => count;
}

function leave(): void {
  for (const name of asked) Object.assign(fs, { [name]: real[name] });
  syncBuiltinESMExports();
}
afterEach(leave);

it(
  `overwrites nothing that a person saves at any moment of an undo (${edits} moments)`,
  async ({ annotate }) => {
    const random = seeded(78);
    const names = ["changed", "removed", "made", "of-mode", "linked", "deep/changed"];
    const saves: readonly ((path: string, mark: string) => void)[] = [
      (path, mark) => (real.writeFileSync(`${path}.saving`, mark), real.renameSync(`${path}.saving`, path)),
      (path, mark) => real.writeFileSync(path, mark),
      (path, mark) => real.appendFileSync(path, mark),
      (path, mark) => (real.rmSync(path, { force: true }), real.writeFileSync(path, mark)),
      (path, mark) => (real.rmSync(path, { force: true }), real.symlinkSync(mark, path)),
    ];
    let [points, listed] = [0, 0];
    for (let made = 0; made <= edits; made++) {
      anewWith(names);
      await act(`r${made}`, `a${made}`, () => {
        for (const name of ["changed", "deep/changed"]) writeFileSync(at(name), "agent\n".repeat(5));
        rmSync(at("removed"));
        writeFileSync(at("made"), "agent");
        chmodSync(at("of-mode"), 0o600);
        rmSync(at("linked"));
        symlinkSync("agent", at("linked"));
      });
      shop.keeper.begin(`u${made}`, await shop.keeper.plan({ runId: `r${made}` }));
      const mark = `PERSON-${made}-`;
      const nth = made === 0 ? -1 : 1 + Math.floor(((made - 1) * points) / edits);
      const counted = comeIn(nth, (path) => {
        const near = names.find((name) => basename(name) === basename(path)) ?? names[made % names.length] ?? "changed";
        saves[Math.floor(random() * saves.length)]?.(at(near), mark);
      });
      const { conflicts, failure } = await shop.keeper.carryOut(`u${made}`);
      points = Math.max(points, counted());
      leave();
      const hasCome = made > 0 && counted() >= nth;
      expect([nth, failure, marksIn(photograph(shop.root)).has(mark)]).toEqual([nth, undefined, hasCome]);
      listed += conflicts.length;
    }
    expect([points > 100, listed > 0]).toEqual([true, true]);
    await annotate(`${edits} saves at ${points} moments of an undo: 0 overwritten, ${listed} paths listed`);
  },
  longestMs,
);

function anewWith(names: readonly string[]): void {
  rmSync(shop.root, { recursive: true });
  mkdirSync(join(shop.root, "deep"), { recursive: true });
  for (const name of names) if (name !== "made") writeFileSync(at(name), `begun ${name}\n`.repeat(5));
}
