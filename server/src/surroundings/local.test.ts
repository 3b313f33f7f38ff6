import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { readAction } from "../domain/risk/read-action.js";
import { localSurroundings, resolvePath } from "./local.js";
import { unknownSurroundings } from "./unknown.js";

const gate = { paths: [], hosts: ["127.0.0.1:7420"], pids: [] };

describe("localSurroundings", () => {
  let root: string;
  let workspace: string;

  beforeAll(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), "pullcord-walk-")));
    workspace = join(root, "work");
    mkdirSync(join(workspace, "src/deep"), { recursive: true });
    mkdirSync(join(root, "outside"));
    writeFileSync(join(workspace, "src/a.ts"), "a");
    writeFileSync(join(workspace, "src/b.ts"), "b");
    writeFileSync(join(root, "outside/secret"), "s");
    symlinkSync(join(root, "outside"), join(workspace, "link"));
    symlinkSync("loop2", join(workspace, "loop1"));
    symlinkSync("loop1", join(workspace, "loop2"));
    symlinkSync("src/deep", join(workspace, "down"));
    const git = (...words: string[]): void =>
      void execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...words], { cwd: workspace, stdio: "ignore" });
    git("init", "-q");
    git("add", "src");
    git("commit", "-qm", "first");
    writeFileSync(join(workspace, "src/b.ts"), "changed");
    writeFileSync(join(workspace, "notes.md"), "untracked");
  });

  it("follows links as the system does", () => {
    expect(resolvePath("link/secret", workspace)).toEqual({ path: join(root, "outside/secret"), exists: true, kind: "file" });
    // `..` after a link leads out of the link's target, not back to where the link stands.
    expect(resolvePath("link/../outside", workspace).path).toBe(join(root, "outside"));
    expect(resolvePath("down/..", workspace).path).toBe(join(workspace, "src"));
  });

  it("keeps the part that does not exist", () => {
    expect(resolvePath("src/new/file.ts", workspace)).toEqual({ path: join(workspace, "src/new/file.ts"), exists: false, kind: "absent" });
    expect(resolvePath("link/new", workspace).path).toBe(join(root, "outside/new"));
    expect(resolvePath("missing/../link/x", workspace).path).toBe(join(root, "outside/x"));
  });

  it("does not know loops, NUL and paths that are too long", () => {
    for (const path of ["loop1", "a\0b", "x/".repeat(3_000), "y".repeat(300)]) expect(resolvePath(path, workspace).path).toBeNull();
  });

  it("sees through /proc", () => {
    expect(resolvePath("/proc/self/root/etc", "/").path).toBe("/etc");
    expect(resolvePath("/proc/self/cwd/x", "/").path).toBeNull();
    expect(resolvePath("/proc/self/fd/3", "/").path).toBeNull();
  });

  it("never throws, and agrees with realpath where a path exists", () => {
    const names = fc.constantFrom("src", "deep", "link", "down", "..", ".", "", "outside", "a.ts", "loop1", "secret", "nothing");
    const disagreeing: string[] = [];
    fc.assert(
      fc.property(fc.array(names, { maxLength: 8 }), (parts) => {
        const path = `./${parts.join("/")}`;
        const walked = resolvePath(path, workspace);
        const real = realPath(`${workspace}/${path}`);
        if (walked.exists && real !== null && walked.path !== real) disagreeing.push(path);
      }),
    );
    expect(disagreeing).toEqual([]);
  });

  it("tells committed files from changed and untracked ones", () => {
    const { isCommitted } = localSurroundings({ workspace, home: root, gate });
    expect(isCommitted(join(workspace, "src/a.ts"))).toBe(true);
    expect(isCommitted(join(workspace, "src/b.ts"))).toBe(false);
    expect(isCommitted(join(workspace, "notes.md"))).toBe(false);
    expect(isCommitted(join(root, "outside/secret"))).toBeNull();
  });

  it("makes writing through a link a write outside", () => {
    const surroundings = localSurroundings({ workspace, home: "/home/somebody", gate });
    const write = (path: string): number =>
      readAction({ type: "file_write", arguments: { path } }, { ...surroundings, home: root }).assessment.score;
    expect(write("src/a.ts")).toBeLessThan(50);
    expect(surroundings.resolve("link/x", workspace).path).toBe(join(root, "outside/x"));
  });
});

describe("unknownSurroundings", () => {
  it("answers with caution", () => {
    const surroundings = unknownSurroundings({ workspace: "/srv/app", gate });
    expect(surroundings.isCommitted("/srv/app/a.ts")).toBeNull();
    expect(surroundings.resolve("../x", "/srv/app").path).toBe("/srv/x");
    expect(surroundings.resolve("/proc/self/fd/3", "/").path).toBeNull();
    expect(surroundings.resolve("/dev/fd/../x", "/").path).toBe("/dev/x");
  });
});

/** What the system says; null when it refuses (`a.ts/..`), where any cautious answer will do. */
function realPath(path: string): string | null {
  try {
    return realpathSync.native(path);
  } catch {
    return null;
  }
}
