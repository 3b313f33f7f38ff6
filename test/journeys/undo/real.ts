import { execFile, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { SnapshotKeeper } from "@pullcord/sdk/undo";

const runFile = promisify(execFile);
/** Where a normal user's PATH often does not reach. */
const systemFolders = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/** Whether programs are here; what is not is skipped, and says so by the test's name. */
export function isHere(...programs: readonly string[]): boolean {
  const path = [process.env["PATH"] ?? "", ...systemFolders].join(delimiter);
  return programs.every((program) => {
    try {
      execFileSync("sh", ["-c", 'command -v "$1"', "sh", program], { env: { PATH: path }, stdio: "ignore" });
      return true;
    } catch {
      return false;
    }
  });
}

/** Whether a command succeeds here: what a test needs of the machine beyond the program. */
export function works(...argv: readonly [string, ...string[]]): boolean {
  try {
    execFileSync(argv[0], argv.slice(1), {
      stdio: "ignore",
      env: { ...process.env, PATH: [process.env["PATH"] ?? "", ...systemFolders].join(delimiter) },
    });
    return true;
  } catch {
    return false;
  }
}

/** The end of a title that says why a test is skipped. */
export function skipped(isPossible: boolean): string {
  return isPossible ? "" : " (skipped: not here)";
}

export interface Acting {
  readonly folder?: string;
  /** The command that it is read as, where another one is run. */
  readonly as?: readonly string[];
  readonly input?: string;
  /** What it does beyond this machine. */
  readonly during?: () => void;
}

/** Real programs, each kept to a folder of its own, and a keeper that runs the very same. */
export interface RealMachine {
  readonly top: string;
  readonly keeper: SnapshotKeeper;
  readonly environment: Record<string, string>;
  /** Puts a script of this name in front of a program, which keeps it to this folder: `exec "$REAL" --root=… "$@"`. */
  wrap(program: string, script: string): void;
  run(argv: readonly string[], options?: { readonly folder?: string; readonly input?: string }): Promise<string>;
  /** One action of the run, which is `r` at first. */
  act(id: string, argv: readonly string[], options?: Acting): Promise<void>;
  /** What is run to take it all back, and what came of it. */
  undo(): Promise<{ readonly runs: readonly string[]; readonly left: readonly string[]; readonly unverified: readonly string[] }>;
  redo(): Promise<void>;
  /** From now on what happens is another run's. */
  nextRun(): void;
  remove(): Promise<void>;
}

export function openRealMachine(own: Readonly<Record<string, string>> = {}): RealMachine {
  const top = realpathSync(mkdtempSync(join(tmpdir(), "pullcord-real-")));
  const [bin, home, data] = [join(top, "bin"), join(top, "home"), join(top, "data")];
  for (const folder of [bin, home]) mkdirSync(folder);
  const path = [bin, dirname(process.execPath), process.env["PATH"] ?? "", ...systemFolders].join(delimiter);
  const environment: Record<string, string> = { PATH: path, HOME: home, TMPDIR: tmpdir(), LC_ALL: "C", ...own };
  const bounds = { mostEntries: 1_000, longestMs: 120_000 };
  const keeper = new SnapshotKeeper({ folder: data, ownFolder: data, quotaBytes: 2 ** 30, bounds, environment });
  const run: RealMachine["run"] = async ([program = "", ...words], { folder = top, input } = {}) => {
    const running = runFile(program, words, { env: environment, cwd: folder, maxBuffer: 2 ** 26 });
    // One that reads nothing may be gone by then.
    running.child.stdin?.on("error", () => undefined);
    running.child.stdin?.end(input ?? "");
    return (await running).stdout;
  };
  let undos = 0;
  let runs = 0;
  let runId = "r";
  const carryOut = async (parts: Awaited<ReturnType<SnapshotKeeper["plan"]>>) => {
    const shown = keeper.shown(parts);
    undos += 1;
    keeper.begin(`u${undos}`, parts);
    const end = await keeper.carryOut(`u${undos}`);
    return {
      runs: [...new Set(shown.changes.flatMap((change) => change.runs))],
      left: [...shown.conflicts, ...end.conflicts].map((left) => `${left.path}: ${left.sentence}`),
      unverified: end.unverified,
    };
  };
  return {
    top,
    keeper,
    environment,
    wrap: (program, script) => writeFileSync(join(bin, program), `#!/bin/sh\nset -e\n${script}\n`, { mode: 0o755 }),
    run,
    act: async (actionId, argv, { folder = top, as = argv, input, during } = {}) => {
      const key = { runId, actionId };
      const [program = "", ...words] = as;
      keeper.began(key);
      await keeper.commands.began(key, { commands: [{ program, words, folder }], isAll: () => true });
      await run(argv, { folder, ...(input === undefined ? {} : { input }) });
      during?.();
      await keeper.ended(key);
    },
    undo: async () => carryOut(await keeper.plan({ runId })),
    nextRun: () => {
      runs += 1;
      runId = `r${runs}`;
    },
    redo: async () => void (await carryOut(await keeper.planRedo(`u${undos}`))),
    remove: async () => {
      await keeper.close();
      rmSync(top, { recursive: true, force: true });
    },
  };
}

/** A process that holds namespaces of its own, which programs are run in; what they do there ends with it. */
export async function holdNamespaces(...kinds: readonly string[]): Promise<{ readonly enter: string; end(): void }> {
  const child = spawn("unshare", [...kinds, "sh", "-c", "echo ready; exec sleep 600"], { stdio: ["ignore", "pipe", "ignore"] });
  await new Promise<void>((resolve, reject) => {
    child.stdout.once("data", () => resolve());
    child.once("exit", () => reject(new Error("no namespaces here")));
  });
  const flags = kinds.filter((kind) => kind.startsWith("--") && !kind.includes("propagation")).join(" ");
  return { enter: `nsenter --target ${child.pid} ${flags} --`, end: () => void child.kill("SIGKILL") };
}
