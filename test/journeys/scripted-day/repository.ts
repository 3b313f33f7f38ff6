import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { committedFiles, ownFiles } from "./files.ts";

/** A repository of its own for one day, and the home folder of whoever works in it. */
export interface Repository {
  readonly folder: string;
  readonly home: string;
  /** Runs a shell line in it as the agent's shell would, whatever comes of it. */
  readonly shell: (command: string) => Promise<void>;
  readonly remove: () => void;
}

const shellLimitMs = 20_000;

/** A small web shop: history, a branch, scripts, tests, a local database with orders in it, and what git does not have. */
export function makeRepository(): Repository {
  const root = mkdtempSync(join(tmpdir(), "pullcord-day-"));
  const folder = join(root, "home", "orchard");
  const home = join(root, "home");
  mkdirSync(folder, { recursive: true });
  const env = { PATH: process.env["PATH"], HOME: home, GIT_CONFIG_NOSYSTEM: "1", GIT_TERMINAL_PROMPT: "0", LANG: "C.UTF-8" };
  const git = (...args: readonly string[]) => execFileSync("git", [...args], { cwd: folder, env, stdio: "pipe" });
  git("init", "-q", "-b", "main");
  git("config", "user.name", "Ada");
  git("config", "user.email", "ada@example.com");
  git("remote", "add", "origin", "https://forge.example.com/ada/orchard.git");
  for (const [at, [path, text]] of Object.entries(committedFiles).entries()) {
    write(join(folder, path), text);
    git("add", "--", path);
    if (at % filesPerCommit === filesPerCommit - 1) git("commit", "-q", "-m", `Add ${path}`);
  }
  git("commit", "-q", "--allow-empty", "-m", "Release 2.3.0");
  git("tag", "v2.3.0");
  for (const [path, text] of Object.entries(ownFiles)) write(join(folder, path), text);
  makeDatabase(join(folder, "data", "orchard.db"));
  return {
    folder,
    home,
    shell: (command) =>
      new Promise((resolve) => {
        execFile("bash", ["-c", command], { cwd: folder, env, timeout: shellLimitMs }, () => resolve());
      }),
    remove: () => rmSync(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }),
  };
}

const filesPerCommit = 5;

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function makeDatabase(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const db = new DatabaseSync(path);
  db.exec(committedFiles["migrations/001_orders.sql"]);
  db.exec("insert into orders (customer, total_cents, placed_at) values ('ada', 4900, 1), ('grace', 12500, 2), ('linus', 700, 3)");
  db.close();
}
