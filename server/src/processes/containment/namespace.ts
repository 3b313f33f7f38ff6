import { existsSync } from "node:fs";
import { endNamespace, listNamespace, probeNamespace, startNamespace } from "./pid-namespace.js";
import { signal } from "../signal.js";
import type { Grade } from "./grade.js";

/**
 * A PID namespace by `unshare`. Root needs no more; anybody else gets it inside a user namespace, where `sudo` no longer
 * works. Its first process is a shell that waits: a command in that place would not hear Ctrl+C, nor bury orphans.
 */
export const namespace: Grade = {
  kind: "namespace",
  freezesAtOnce: false,
  probe: () => probeNamespace(namespace, "unshare"),
  start: (start) => {
    const asUser = process.getuid?.() === 0 ? [] : ["--user", "--map-current-user"];
    const unshare = ["unshare", ...asUser, "--pid", "--fork", "--kill-child", "--mount-proc", "--"];
    // `exec` finds the program and nothing that the shell has of the same name.
    return startNamespace("namespace", [...unshare, shell(), "-c", '(exec "$@"); exit $?', "pullcord", ...start.words], start);
  },
  list: listNamespace,
  freeze: (_, held) => held.forEach((each) => signal(each, "SIGSTOP")),
  thaw: (_, held) => held.forEach((each) => signal(each, "SIGCONT")),
  end: endNamespace,
  remove: () => true,
};

/** Bash hands on every variable; a plain sh drops those whose names it could not use itself. */
function shell(): string {
  return existsSync("/bin/bash") ? "/bin/bash" : "/bin/sh";
}
