import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ContainmentPlace } from "@pullcord/sdk/protocol";
import { signal } from "../signal.js";
import { listInside, ownFolder, probeGroup, removeGroup, startInside, tellGroup } from "./control-group.js";
import type { Grade } from "./grade.js";

/** Control groups, version 2 (Linux 5.14 and later): one write ends everything inside at once. */
export const cgroup: Grade = {
  kind: "cgroup",
  freezesAtOnce: true,
  probe: () => probeGroup(cgroup),
  start: (start) => {
    const held = startInside(ownFolder({ type: "cgroup2", options: /(?:)/ }, /^0::(.*)$/m), "cgroup", start);
    return Promise.resolve(held);
  },
  list: ({ folder = "" }) => listInside(folder),
  freeze: ({ folder = "" }) => void tellGroup(folder, "cgroup.freeze", "1"),
  thaw: ({ folder = "" }) => void tellGroup(folder, "cgroup.freeze", "0"),
  end: ({ folder = "" }, held) => {
    if (existsSync(join(folder, "cgroup.kill")) && tellGroup(folder, "cgroup.kill", "1")) return;
    for (const each of held) signal(each, "SIGKILL");
  },
  remove: ({ folder = "" }: ContainmentPlace) => removeGroup(folder),
};
