import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { SnapshotKeeper, usualRules, type Workspace } from "./index.js";
import type { Wanted } from "./keeper.js";
import type { UndoEnd } from "./kind.js";

/** A workspace and a keeper of snapshots in a folder of their own. For tests only. */
export interface Workshop {
  readonly root: string;
  readonly data: string;
  readonly keeper: SnapshotKeeper;
  readonly workspace: Workspace;
  /** The same data folder, read by a new keeper, as after a crash. */
  reopen(): SnapshotKeeper;
  /** One action of run `r`: anything that changes files. */
  act(id: string, work: () => void, reach?: readonly string[]): Promise<void>;
  /** A path below the root. */
  at(path: string): string;
  /** Takes run `r` back, or what is selected of it. */
  undo(
    selection?: Omit<Wanted, "runId">,
    id?: string,
  ): Promise<{ readonly planned: ReturnType<SnapshotKeeper["shown"]>; readonly end: UndoEnd }>;
  remove(): void;
}

export function openWorkshop({ longestMs = 60_000, mostEntries = 100_000, rules = usualRules } = {}): Workshop {
  const top = realpathSync(mkdtempSync(join(tmpdir(), "pullcord-undo-")));
  const [root, data] = [join(top, "work"), join(top, "data")];
  mkdirSync(root);
  const bounds = { mostEntries, longestMs };
  const open = () => new SnapshotKeeper({ folder: data, ownFolder: data, quotaBytes: 2 ** 30, bounds, rulesOf: () => rules });
  const keeper = open();
  const workspace = keeper.files.workspace(root);
  return {
    root,
    data,
    keeper,
    workspace,
    reopen: open,
    act: async (actionId, work, reach) => {
      const key = { runId: "r", actionId };
      keeper.began(key);
      await workspace.began(key, reach ?? null);
      work();
      await keeper.ended(key);
    },
    at: (path) => join(root, path),
    undo: async (selection = {}, id = "u1") => {
      const parts = await keeper.plan({ runId: "r", ...selection });
      keeper.begin(id, parts);
      return { planned: keeper.shown(parts), end: await keeper.carryOut(id) };
    },
    remove: () => rmSync(top, { recursive: true, force: true }),
  };
}

/** Everything below a folder, by path: kind, permission bits, content. */
export function photograph(root: string, folder = ""): Record<string, string> {
  const seen: Record<string, string> = {};
  for (const name of readdirSync(join(root, folder)).toSorted()) {
    const path = folder === "" ? name : `${folder}/${name}`;
    const stats = lstatSync(join(root, path));
    const mode = (stats.mode & 0o7777).toString(8);
    if (stats.isSymbolicLink()) seen[path] = `link ${readlinkSync(join(root, path))}`;
    else if (stats.isDirectory()) Object.assign(seen, { [path]: `folder ${mode}` }, photograph(root, path));
    else seen[path] = `file ${mode} ${readFileSync(join(root, path), "base64")}`;
  }
  return seen;
}

/** Numbers that look random and are the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Does one thing to the files below a folder, of many kinds; git's state, `config` and `data` are left to others. @returns what it did */
export function meddle(root: string, random: () => number): string {
  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(random() * from.length)];
  const paths = Object.entries(photograph(root)).filter(([path]) => !/^(\.git|config|data)/.test(path));
  const files = paths.filter(([, what]) => what.startsWith("file")).map(([path]) => path);
  const folders = ["", ...paths.filter(([, what]) => what.startsWith("folder")).map(([path]) => path)];
  const fresh = `${pick(folders)}/new-${Math.floor(random() * 1e6)}`.replace(/^\//, "");
  const [file, folder] = [pick(files), pick(folders.slice(1))];
  const at = (path: string) => join(root, path);
  const kinds: readonly (() => void)[] = [
    () => writeFileSync(at(fresh), `fresh ${random()}\n`.repeat(1 + Math.floor(random() * 40))),
    () => file && writeFileSync(at(file), changedLine(readFileSync(at(file), "utf8"), random)),
    () => file && writeFileSync(at(file), changedLine(readFileSync(at(file), "utf8"), random)),
    () => file && rmSync(at(file)),
    () => file && renameSync(at(file), at(fresh)),
    () => file && chmodSync(at(file), pick([0o600, 0o644, 0o755, 0o444]) ?? 0o644),
    () => mkdirSync(at(`${fresh}/inner`), { recursive: true }),
    () => symlinkSync(pick(["nowhere", "../elsewhere", "/etc/hostname"]) ?? "x", at(fresh)),
    () => folder && existsSync(at(folder)) && renameSync(at(folder), at(`${dirname(folder)}/moved-${Math.floor(random() * 1e6)}`)),
    () => folder && random() < 0.3 && rmSync(at(folder), { recursive: true }),
    () => file && (rmSync(at(file)), mkdirSync(at(file)), writeFileSync(join(at(file), "inside"), "x")),
    () => folder && chmodSync(at(folder), pick([0o755, 0o700, 0o750]) ?? 0o755),
    () => file && (rmSync(at(file)), symlinkSync("instead", at(file))),
    () => writeFileSync(at(fresh), Buffer.from(Array.from({ length: 300 }, () => Math.floor(random() * 256)))),
  ];
  const kind = Math.floor(random() * kinds.length);
  kinds[kind]?.();
  return `${kind}: ${file} ${folder} ${fresh}`;
}

function changedLine(text: string, random: () => number): string {
  const lines = text.split("\n");
  lines[Math.floor(random() * lines.length)] = `changed ${random()}`;
  return lines.join("\n");
}

/** A small project: folders, texts, a link, a program, an empty folder. */
export function fill(root: string, random: () => number): void {
  for (let folder = 0; folder < 8; folder++) {
    mkdirSync(join(root, `part-${folder}/deep`), { recursive: true });
    for (let file = 0; file < 6; file++) {
      const text = Array.from({ length: 30 }, (_none, line) => `line ${line} of ${folder}/${file}: ${random()}`).join("\n");
      writeFileSync(join(root, `part-${folder}/${file % 2 ? "deep/" : ""}file-${file}.txt`), `${text}\n`);
    }
  }
  writeFileSync(join(root, "run.sh"), "#!/bin/sh\necho run\n", { mode: 0o755 });
  mkdirSync(join(root, "empty"));
  symlinkSync("run.sh", join(root, "link"));
}
