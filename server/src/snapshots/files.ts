import { existsSync } from "node:fs";
import type { SnapshotKeeper } from "@pullcord/sdk/undo";
import type { Surroundings } from "../domain/reading.js";
import type { Capture } from "./capture.js";
import { gitStateElsewhere } from "./git-elsewhere.js";
import { reachOf, rootOf } from "./reach.js";

/** Looks at the files that an action may change. */
export function captureFiles({ files }: SnapshotKeeper): Capture {
  return async ({ key, proposed, reading, surroundings }) => {
    const { everything, paths } = reachOf(proposed, reading, surroundings);
    const root = watchedRoot(files, surroundings);
    const isInside = (path: string) => root !== null && path.startsWith(`${root}/`);
    const isWhole = everything || (root !== null && paths.includes(root));
    const elsewhere = root !== null && isWhole ? gitStateElsewhere(root) : [];
    const outside = [...paths.filter((path) => path !== root && !isInside(path)), ...elsewhere];
    if (outside.length > 0)
      await files.workspace("/").began(
        key,
        outside.map((path) => path.slice(1)),
      );
    if (root === null) return;
    const within = paths.filter(isInside).map((path) => path.slice(root.length + 1));
    if (isWhole) await files.workspace(root).began(key, null, within);
    else if (within.length > 0) await files.workspace(root).began(key, within);
  };
}

/** Null where there is nothing to watch: no workspace, or one that this machine has never seen (an agent in a container). */
export function watchedRoot(files: SnapshotKeeper["files"], { workspace, home }: Surroundings): string | null {
  if (workspace === null) return null;
  const root = rootOf(workspace, home);
  return existsSync(root) || files.watches(root) ? root : null;
}
