import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, symlinkSync, utimesSync, writeFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { parseIndex } from "./git-index.js";
import { GitState } from "./git-state.js";

describe("GitState", () => {
  let workspace: string;
  const file = (name: string): string => join(workspace, name);
  const git = (...words: string[]): void =>
    void execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...words], { cwd: workspace, stdio: "ignore" });
  const isCommitted = (name: string): boolean | null => new GitState(workspace).isCommitted(file(name));

  beforeEach(() => {
    workspace = realpathSync(mkdtempSync(join(tmpdir(), "pullcord-git-")));
    mkdirSync(file("src/deep"), { recursive: true });
    for (const name of ["a.ts", "src/b.ts", "src/deep/c.ts", "src/deep/ünï.ts"]) writeFileSync(file(name), `content of ${name}`);
    git("init", "-q");
    git("add", "-A");
    git("commit", "-qm", "first");
  });

  it.each(["2", "3", "4"])("reads an index of version %s", (version) => {
    git("update-index", "--index-version", version);
    if (version === "3") {
      writeFileSync(file("announced"), "x");
      git("add", "-N", "announced");
    }
    for (const name of ["a.ts", "src/b.ts", "src/deep/c.ts", "src/deep/ünï.ts"]) expect([name, isCommitted(name)]).toEqual([name, true]);
    for (const name of ["announced", "src", "other", "src/a.ts"]) expect([name, isCommitted(name)]).toEqual([name, false]);
  });

  it("sees a change that keeps size and time", () => {
    const { atime, mtime } = statSync(file("a.ts"));
    writeFileSync(file("a.ts"), "Content of a.ts");
    utimesSync(file("a.ts"), atime, mtime);
    expect(isCommitted("a.ts")).toBe(false);
  });

  it("compares the content when only the times differ", () => {
    utimesSync(file("a.ts"), 1, 1);
    expect(isCommitted("a.ts")).toBe(true);
  });

  it("knows the repository around the workspace", () => {
    expect(new GitState(file("src")).isCommitted(file("src/b.ts"))).toBe(true);
    expect(new GitState(file("src")).isCommitted(file("a.ts"))).toBeNull();
  });

  it("does not look at links, pipes, bare repositories and what is no index", () => {
    const shapes: Record<string, (folder: string) => void> = {
      bare: (folder) => cpSync(file(".git"), folder, { recursive: true }),
      linked: (folder) => symlinkSync(file(".git"), join(folder, ".git")),
      "linked index": (folder) => {
        mkdirSync(join(folder, ".git"));
        symlinkSync(file(".git/index"), join(folder, ".git/index"));
      },
      pipe: (folder) => {
        mkdirSync(join(folder, ".git"));
        execFileSync("mkfifo", [join(folder, ".git/index")]);
      },
      nonsense: (folder) => {
        mkdirSync(join(folder, ".git"));
        writeFileSync(join(folder, ".git/index"), "DIRC".padEnd(4_000, "\0"));
      },
    };
    for (const [name, make] of Object.entries(shapes)) {
      const folder = realpathSync(mkdtempSync(join(tmpdir(), "pullcord-shape-")));
      make(folder);
      writeFileSync(join(folder, "a.ts"), "content of a.ts");
      expect([name, new GitState(folder).isCommitted(join(folder, "a.ts"))]).not.toEqual([name, true]);
    }
  });

  it("starts no program", () => {
    const ran = file("ran");
    git("config", "core.fsmonitor", `touch ${ran}`);
    git("config", "filter.evil.clean", `touch ${ran}; cat`);
    writeFileSync(file(".git/info/attributes"), "* filter=evil\n");
    writeFileSync(file("a.ts"), "Content of a.ts");
    expect(isCommitted("a.ts")).toBe(false);
    expect(existsSync(ran)).toBe(false);
  });
});

describe("parseIndex", () => {
  it("gives null for whatever is cut off or changed", () => {
    const header = Buffer.alloc(12);
    header.write("DIRC");
    header.writeUInt32BE(2, 4);
    header.writeUInt32BE(4_000, 8);
    for (const length of [0, 12, 31, 32, 100, 5_000]) {
      const bytes = Buffer.concat([header, Buffer.alloc(length)]);
      expect([length, parseIndex(bytes)]).toEqual([length, null]);
    }
  });
});
