import { spawn } from "node:child_process";
import { once } from "node:events";

/** A daemon in namespaces of its own: its processes, mounts and networks end with it. */
export interface Contained {
  /** What to put before a program, to run it where the daemon does. */
  readonly enter: string;
  /** What it has said so far. */
  said(): string;
  end(): Promise<void>;
}

/** How long a daemon may take to be ready, in milliseconds, on a machine that is busy. */
const readyMs = 60_000;
const againMs = 50;

/**
 * Starts a script in namespaces of its own, as the first process there: when that ends, all that it started is ended by the kernel.
 * @throws Error with what it said, when it ends or is not ready in time
 */
export async function contain(
  script: string,
  { arguments: words, isReady }: { readonly arguments: readonly string[]; readonly isReady: (contained: Contained) => Promise<boolean> },
): Promise<Contained> {
  const namespaces = ["--mount", "--net", "--pid", "--uts", "--ipc", "--cgroup"];
  // Nothing of it is left behind, also where whoever runs the test is killed.
  const bound = ["--pdeathsig", "KILL", "unshare", ...namespaces, "--fork", "--kill-child", "--mount-proc"];
  const child = spawn("setpriv", [...bound, "sh", "-c", script, "sh", ...words], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (said += data.toString()));
  const ended = once(child, "exit");
  const contained: Contained = {
    enter: `nsenter --target $(cat /proc/${child.pid}/task/${child.pid}/children) --all --wd=/`,
    said: () => said,
    end: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
  const until = Date.now() + readyMs;
  while (child.exitCode === null && child.signalCode === null && Date.now() < until) {
    if (await isReady(contained)) return contained;
    await new Promise((resolve) => setTimeout(resolve, againMs));
  }
  await contained.end();
  throw new Error(`It did not get ready: ${said.slice(-2_000)}`);
}
