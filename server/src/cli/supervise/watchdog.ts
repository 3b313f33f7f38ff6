import { spawn, type ChildProcess } from "node:child_process";
import type { RunTarget } from "../../processes/run-target.js";
import type { Environment } from "../surroundings.js";

/** What has to be done when a supervisor is gone. */
export interface AfterLoss {
  readonly runId: string;
  readonly target: RunTarget;
  readonly url: string;
  readonly token: string;
}

/**
 * A small shell that reads what is to be done, and does it when the line to its supervisor breaks without a `done`:
 * a supervisor that is killed can say nothing more, but the system closes its end for it.
 */
const script = `trap '' HUP INT TERM
about=
while IFS= read -r line; do
  [ "$line" = done ] && exit 0
  about=$line
done
[ -n "$about" ] && printf '%s\\n' "$about" | exec "$@"`;

/** Sees to it that a command does not outlive whoever watches over it. It is no part of the run. */
export class Watchdog {
  readonly #child: ChildProcess;

  constructor(environment: Environment) {
    const program = `import(${JSON.stringify(new URL("after-loss.js", import.meta.url).href)})`;
    const words = [process.execPath, ...process.execArgv, "--input-type=module", "--eval", program];
    this.#child = spawn("/bin/sh", ["-c", script, "pullcord-watchdog", ...words], {
      env: { ...environment },
      stdio: ["pipe", "ignore", "ignore"],
      detached: true,
    });
    // Without it, the server still sees that a supervisor is gone.
    this.#child.on("error", () => {});
    this.#child.stdin?.on("error", () => {});
    this.#child.unref();
  }

  /** Says what to do; the newest word counts. */
  tell(about: AfterLoss): void {
    this.#child.stdin?.write(`${JSON.stringify(about)}\n`);
  }

  /** It is over: nothing is left to be done. */
  dismiss(): void {
    this.#child.stdin?.end("done\n");
  }
}
