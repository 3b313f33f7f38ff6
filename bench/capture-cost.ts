import { execFileSync } from "node:child_process";
import { cpSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SnapshotKeeper } from "@pullcord/sdk/undo";
import { median } from "./measuring/statistics.ts";

/** What a look at a whole workspace may cost over a bare walk that asks for each path's stats (issue 6). */
const aim = 1.3;
const sizes = [1_000, 10_000];
const filesPerFolder = 25;
const changedFiles = 10;
const rounds = 15;
const copyRounds = 3;
/** A look takes files that changed this shortly before for unsettled, in milliseconds. */
const settleMs = 120;

/** What keeping a snapshot costs, beside other ways to do it, as a section of RESULTS.md. */
export async function captureCostReport(): Promise<string> {
  const rows: string[] = [];
  for (const size of sizes) rows.push(...(await measure(size)));
  return `## What a snapshot costs

A repository of so many files, ${changedFiles} of them changed before each round; medians of ${rounds} rounds in turn (copy: ${copyRounds}).
Aim: a look at everything within ${aim} of the bare walk; near nothing where the touched files are known.

| files | bare walk (\`readdir\`, \`lstat\`) | look at everything | in walks | look at one known file | \`git stash create\` | plain copy | first look ever |
|---|---|---|---|---|---|---|---|
${rows.join("\n")}`;
}

async function measure(files: number): Promise<string[]> {
  const top = realpathSync(mkdtempSync(join(process.env["PULLCORD_BENCH_FOLDER"] ?? tmpdir(), "pullcord-capture-")));
  try {
    const root = join(top, "work");
    fill(root, files);
    const keeper = new SnapshotKeeper({
      folder: join(top, "data"),
      ownFolder: join(top, "data"),
      quotaBytes: 2 ** 32,
      bounds: { mostEntries: 200_000, longestMs: 120_000 },
    });
    const workspace = keeper.files.workspace(root);
    const firstMs = await timed(() => workspace.look(null));
    const [walk, look, known, stash]: number[][] = [[], [], [], []];
    for (let round = -1; round < rounds; round++) {
      await change(root, round);
      const measured = [
        await timed(() => void bareWalk(root)),
        await timed(() => workspace.look(null)),
        await timed(() => workspace.look([nameOf(0)])),
        await timed(() => git(root, "stash", "create")),
      ];
      // The first round warms up.
      if (round >= 0) for (const [index, list] of [walk, look, known, stash].entries()) list?.push(measured[index] ?? 0);
    }
    const copy: number[] = [];
    for (let round = 0; round < copyRounds; round++) {
      copy.push(await timed(() => cpSync(root, join(top, `copy-${round}`), { recursive: true })));
    }
    await keeper.close();
    const [walkMs, lookMs] = [median(walk ?? []), median(look ?? [])];
    const ratio = lookMs / walkMs;
    const ms = (value: number) => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
    const cells = [files.toLocaleString("en"), ms(walkMs), ms(lookMs), `${ratio.toFixed(2)}${ratio <= aim ? "" : " (missed)"}`];
    return [`| ${[...cells, ms(median(known ?? [])), ms(median(stash ?? [])), ms(median(copy)), ms(firstMs)].join(" | ")} |`];
  } finally {
    rmSync(top, { recursive: true, force: true });
  }
}

function nameOf(file: number): string {
  return `part-${Math.floor(file / filesPerFolder / 10)}/folder-${Math.floor(file / filesPerFolder)}/file-${file}.ts`;
}

function fill(root: string, files: number): void {
  for (let file = 0; file < files; file++) {
    mkdirSync(join(root, nameOf(file), ".."), { recursive: true });
    writeFileSync(join(root, nameOf(file)), `export const value${file} = ${file};\n`.repeat(1 + (file % 120)));
  }
  git(root, "init", "-q");
  git(root, "add", "-A");
  git(root, "commit", "-qm", "Begin");
}

/** Changes some files, and waits until nobody can take them for unsettled. */
async function change(root: string, round: number): Promise<void> {
  for (let file = 0; file < changedFiles; file++)
    writeFileSync(join(root, nameOf(file * 7)), `export const changed = "${round} ${file}";\n`);
  await new Promise((resolve) => setTimeout(resolve, settleMs));
}

/** The floor: every name, and its stats. Of git's folder only what a snapshot keeps, too. */
function bareWalk(folder: string): number {
  let paths = 0;
  for (const name of readdirSync(folder)) {
    if (name === "objects" && folder.endsWith("/.git")) continue;
    paths += 1;
    if (lstatSync(join(folder, name)).isDirectory()) paths += bareWalk(join(folder, name));
  }
  return paths;
}

function git(root: string, ...words: string[]): void {
  // Git must not tidy up in the background while others are measured.
  execFileSync("git", ["-c", "gc.auto=0", "-c", "user.name=b", "-c", "user.email=b@example.com", ...words], { cwd: root, stdio: "pipe" });
}

async function timed(work: () => Promise<void> | void): Promise<number> {
  const before = performance.now();
  await work();
  return performance.now() - before;
}
