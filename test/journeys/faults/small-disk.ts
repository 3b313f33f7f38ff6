import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const chunkBytes = 4_096;

/** Only root may mount a disk of a size of its own. */
export const canMount = process.platform === "linux" && process.getuid?.() === 0 && tryMount();

/** A disk in memory that can be filled, emptied and made read-only. */
export interface SmallDisk {
  readonly path: string;
  /** Writes until nothing more fits, and answers the code of the refusal. */
  fill(): string | undefined;
  empty(): void;
  makeReadOnly(): void;
  unmount(): void;
}

export function mountSmallDisk(size: string): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), "pullcord-disk-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size},mode=700`, "tmpfs", path], { stdio: "pipe" });
  const ballast = join(path, "ballast");
  return {
    path,
    fill: () => fillFile(ballast),
    empty: () => rmSync(ballast, { force: true }),
    makeReadOnly: () => void execFileSync("mount", ["-o", "remount,ro", path], { stdio: "pipe" }),
    unmount: () => {
      execFileSync("umount", ["-l", path], { stdio: "pipe" });
      rmSync(path, { recursive: true, force: true });
    },
  };
}

function fillFile(file: string): string | undefined {
  const descriptor = openSync(file, "a");
  const chunk = Buffer.alloc(chunkBytes, "x");
  try {
    for (;;) writeSync(descriptor, chunk);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  } finally {
    closeSync(descriptor);
  }
}

function tryMount(): boolean {
  try {
    mountSmallDisk("64k").unmount();
    return true;
  } catch {
    return false;
  }
}
