import { execFileSync } from "node:child_process";
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SnapshotKeeper } from "@pullcord/sdk/undo";
import { median } from "./measuring/statistics.ts";

/** What a look at a whole workspace may cost over a bare walk that asks for each path's stats (issue 6). */
const aim = 1.3;
/** 50,000 too with PULLCORD_BENCH_FILES=50000. */
const sizes = [1_000, 10_000, ...(process.env["PULLCORD_BENCH_FILES"] === undefined ? [] : [Number(process.env["PULLCORD_BENCH_FILES"])])];
const filesPerFolder = 25;
const changedFiles = 10;
const rounds = 15;
/** Of the walk and the look, which are short: the noise of a loaded machine is longer than they are. */
const turns = 60;
const copyRounds = 3;
/** A look takes files that changed this shortly before for unsettled, in milliseconds. */
const settleMs = 120;

/** What keeping a snapshot costs, beside other ways to do it, as a section of RESULTS.md. */
export async function captureCostReport(): Promise<string> {
  const rows: string[] = [];
  for (const size of sizes) rows.push(...(await measure(size)));
  return `## What a snapshot costs

A repository of so many files, ${changedFiles} of them changed before each round; medians of ${rounds} rounds in turn (copy and first look: ${copyRounds}; walk and look: ${turns},
in walks by the processor time that they take).
Aim: a look at everything within ${aim} of the bare walk; near nothing where the touched files are known. A plain copy is \`cp -r\`, a shadow git is
\`git add --all\` and \`git write-tree\` in a repository beside it.

| files | bare walk (\`readdir\`, \`lstat\`) | look at everything | in walks | look at one known file | \`git stash create\` | shadow git | plain copy | first look ever | in copies |
|---|---|---|---|---|---|---|---|---|---|
${rows.join("\n")}`;
}

async function measure(files: number): Promise<string[]> {
  const top = realpathSync(mkdtempSync(join(process.env["PULLCORD_BENCH_FOLDER"] ?? tmpdir(), "pullcord-capture-")));
  try {
    const root = join(top, "work");
    fill(root, files);
    const keeper = openKeeper(join(top, "data"));
    const workspace = keeper.files.workspace(root);
    await workspace.look(null);
    const shadow = join(top, "shadow");
    git(top, "init", "-q", "--bare", shadow);
    const intoShadow = () =>
      git(root, `--git-dir=${shadow}`, `--work-tree=${root}`, "add", "--all").concat(git(root, `--git-dir=${shadow}`, "write-tree"));
    intoShadow();
    const { walk, look } = await inTurns(root, workspace);
    const [known, stash, shadowed]: number[][] = [[], [], []];
    for (let round = -1; round < rounds; round++) {
      await change(root, round);
      const measured = [
        await timed(() => workspace.look([nameOf(0)])),
        await timed(() => void git(root, "stash", "create")),
        await timed(() => void intoShadow()),
      ];
      // The first round warms up.
      if (round >= 0) for (const [index, list] of [known, stash, shadowed].entries()) list?.push(measured[index] ?? 0);
    }
    const [copy, first]: number[][] = [[], []];
    for (let round = 0; round < copyRounds; round++) {
      copy?.push(await timed(() => void execFileSync("cp", ["-r", root, join(top, `copy-${round}`)])));
      const another = openKeeper(join(top, `data-${round}`));
      first?.push(await timed(() => another.files.workspace(root).look(null)));
      await another.close();
    }
    await keeper.close();
    const ratio = median(look.map(({ processorMs }) => processorMs)) / median(walk.map(({ processorMs }) => processorMs));
    const [walkMs, lookMs] = [walk, look].map((measured) => median(measured.map(({ ms: each }) => each))) as [number, number];
    const ms = (value: number) => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
    const cells = [files.toLocaleString("en"), ms(walkMs), ms(lookMs), `${ratio.toFixed(2)}${ratio <= aim ? "" : " (missed)"}`];
    const others = [known, stash, shadowed, copy, first].map((measured) => ms(median(measured ?? [])));
    return [`| ${[...cells, ...others, (median(first ?? []) / median(copy ?? [])).toFixed(2)].join(" | ")} |`];
  } finally {
    rmSync(top, { recursive: true, force: true });
  }
}

interface Took {
  readonly ms: number;
  /** Of all processors: what others do meanwhile is not in it. */
  readonly processorMs: number;
}

/** A walk and a look, again and again, now the one first and now the other. */
async function inTurns(root: string, workspace: ReturnType<SnapshotKeeper["files"]["workspace"]>) {
  const [walk, look]: [Took[], Took[]] = [[], []];
  for (let turn = -3; turn < turns; turn++) {
    await change(root, turn);
    const walkOnce = async () => walk.push(await took(() => void bareWalk(root)));
    const lookOnce = async () => look.push(await took(() => workspace.look(null)));
    for (const once of turn % 2 === 0 ? [walkOnce, lookOnce] : [lookOnce, walkOnce]) await once();
    // The first turns warm up.
    if (turn < 0) [walk.length, look.length] = [0, 0];
  }
  return { walk, look };
}

async function took(work: () => Promise<void> | void): Promise<Took> {
  const before = process.cpuUsage();
  const ms = await timed(work);
  const { user, system } = process.cpuUsage(before);
  return { ms, processorMs: (user + system) / 1_000 };
}

function openKeeper(folder: string): SnapshotKeeper {
  return new SnapshotKeeper({ folder, ownFolder: folder, quotaBytes: 2 ** 32, bounds: { mostEntries: 200_000, longestMs: 600_000 } });
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

/** The floor: every name, and its stats. Of git's objects only their folders, as a snapshot looks at them, too. */
function bareWalk(folder: string): number {
  let paths = 0;
  for (const name of readdirSync(folder)) {
    paths += 1;
    if (lstatSync(join(folder, name)).isDirectory() && !folder.endsWith("/.git/objects")) paths += bareWalk(join(folder, name));
  }
  return paths;
}

function git(root: string, ...words: string[]): string {
  // Git must not tidy up in the background while others are measured.
  return execFileSync("git", ["-c", "gc.auto=0", "-c", "user.name=b", "-c", "user.email=b@example.com", ...words], {
    cwd: root,
    stdio: "pipe",
    encoding: "utf8",
  });
}

async function timed(work: () => Promise<void> | void): Promise<number> {
  const before = performance.now();
  await work();
  return performance.now() - before;
}
