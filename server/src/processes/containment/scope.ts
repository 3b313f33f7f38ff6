import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cgroup } from "./cgroup.js";
import { mountOf, probeGroup } from "./control-group.js";
import { placeName, type Grade, type Held } from "./grade.js";

const moveLimitMs = 2_000;
const lookEveryMs = 5;

/** A control group that the user's own systemd makes, where this process may make none itself: a login over SSH, say. */
export const scope: Grade = {
  ...cgroup,
  kind: "scope",
  probe: () => probeGroup(scope),
  start: async ({ name, words, spawn }): Promise<Held> => {
    const unit = `${placeName(name)}.scope`;
    const child = spawn(["systemd-run", "--user", "--scope", "--quiet", "--collect", `--unit=${unit}`, "--", ...words]);
    const isOver = () => child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
    for (const giveUpAt = Date.now() + moveLimitMs; Date.now() < giveUpAt && !isOver(); await sleep(lookEveryMs)) {
      const folder = folderOf(child.pid ?? 0);
      if (folder?.endsWith(`/${unit}`)) return { child, place: { kind: "scope", folder } };
    }
    return { child, place: { kind: "scope" } };
  },
  // systemd takes its own scope away.
  remove: () => true,
};

function folderOf(pid: number): string | undefined {
  try {
    const path = /^0::(.*)$/m.exec(readFileSync(`/proc/${pid}/cgroup`, "utf8"))?.[1];
    return path === undefined ? undefined : join(mountOf({ type: "cgroup2", options: /(?:)/ }).folder, path);
  } catch {
    return undefined;
  }
}
