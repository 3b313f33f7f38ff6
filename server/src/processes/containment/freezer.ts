import { signal } from "../signal.js";
import { listInside, ownFolder, probeGroup, removeGroup, startInside, tellGroup } from "./control-group.js";
import type { Grade } from "./grade.js";

/** Control groups, version 1: what is frozen can't fork, so ending all of it leaves nobody. */
export const freezer: Grade = {
  kind: "freezer",
  freezesAtOnce: true,
  probe: () => probeGroup(freezer),
  start: (start) => {
    const own = ownFolder({ type: "cgroup", options: /\bfreezer\b/ }, /^\d+:(?:[^:]*,)?freezer(?:,[^:]*)?:(.*)$/m);
    return Promise.resolve(startInside(own, "freezer", start));
  },
  list: ({ folder = "" }) => listInside(folder),
  freeze: ({ folder = "" }) => void tellGroup(folder, "freezer.state", "FROZEN"),
  thaw: ({ folder = "" }) => void tellGroup(folder, "freezer.state", "THAWED"),
  // A frozen process takes its end when it is thawed, before it does anything else.
  end: (place, held) => {
    freezer.freeze(place, held);
    for (const each of held) signal(each, "SIGKILL");
    for (const pid of freezer.list(place, [])) signal({ pid }, "SIGKILL");
    freezer.thaw(place, held);
  },
  remove: ({ folder = "" }) => removeGroup(folder),
};
