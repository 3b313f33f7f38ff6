import { signal } from "../signal.js";
import type { Grade } from "./grade.js";
import { endNamespace, listNamespace, probeNamespace, startNamespace } from "./pid-namespace.js";

/** A PID namespace by `bwrap`, for systems that let only it make one. Everything else stays as it is. `sudo` does not work inside. */
export const bubblewrap: Grade = {
  kind: "bubblewrap",
  freezesAtOnce: false,
  probe: () => probeNamespace(bubblewrap, "bwrap"),
  start: (start) => {
    const bwrap = ["bwrap", "--dev-bind", "/", "/", "--proc", "/proc", "--unshare-pid", "--die-with-parent", "--"];
    return startNamespace("bubblewrap", [...bwrap, ...start.words], start);
  },
  list: listNamespace,
  freeze: (_, held) => held.forEach((each) => signal(each, "SIGSTOP")),
  thaw: (_, held) => held.forEach((each) => signal(each, "SIGCONT")),
  end: endNamespace,
  remove: () => true,
};
