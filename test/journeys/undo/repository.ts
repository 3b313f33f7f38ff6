import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fill, photograph, seeded } from "../../../sdk/src/undo/workshop.test.support.js";

/** A small project in a git repository of its own; git ignores what is in `data`. */
export interface Repository {
  readonly root: string;
  git(...words: string[]): string;
  /** Git's state as a person sees it, without refreshing anything. */
  gitState(): readonly string[];
  /** Everything but git's objects, of which there may be more, and the ref of Pullcord's own. */
  everything(): Record<string, string>;
  remove(): void;
}

export function openRepository(): Repository {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "pullcord-undo-")));
  const git = (...words: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...words], { cwd: root, encoding: "utf8" });
  fill(root, seeded(11));
  mkdirSync(join(root, "config"));
  writeFileSync(join(root, "config/app.yaml"), Array.from({ length: 7 }, (_none, key) => `key_${key}: begun\n`).join(""));
  writeFileSync(join(root, ".gitignore"), "/data/\n");
  git("init", "-q", "-b", "main");
  git("add", "-A");
  git("commit", "-qm", "Begin");
  return {
    root,
    git,
    gitState: () => [
      git("rev-parse", "HEAD"),
      git("branch", "-av"),
      git("stash", "list"),
      git("--no-optional-locks", "status", "--porcelain=v2", "--branch"),
    ],
    everything: () =>
      Object.fromEntries(Object.entries(photograph(root)).filter(([path]) => !/^\.git\/(objects\/|refs\/pullcord|index$)/.test(path))),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
