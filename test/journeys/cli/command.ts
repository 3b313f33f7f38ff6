import { spawn, type ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommandLine } from "../../../server/src/cli/main.js";
import { startTestServer, type TestServer } from "../server-for-tests.js";

const fromSource = fileURLToPath(new URL("from-source.mjs", import.meta.url));
const program = fileURLToPath(new URL("pullcord.mjs", import.meta.url));

/** The words that start the command line from its sources. */
export const pullcordWords = [
  "--conditions=@pullcord/source",
  "--experimental-transform-types",
  "--disable-warning=ExperimentalWarning",
  "--import",
  fromSource,
  program,
];

/** A server whose owner is signed in for commands with `--data <its folder>`. */
export async function startSignedIn(options: Parameters<typeof startTestServer>[0] = {}): Promise<TestServer> {
  const test = await startTestServer(options);
  writeFileSync(join(test.folder, "credentials.json"), JSON.stringify({ server: test.server.url, token: await test.server.ownerToken() }));
  return test;
}

export interface Said {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** One command in this process, as a person without a terminal would run it. */
export async function pullcord(
  folder: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Said> {
  let out = "";
  let err = "";
  const status = await runCommandLine(["--data", folder, ...words], {
    environment: { PATH: process.env["PATH"], HOME: folder, ...environment },
    workingDirectory: folder,
    stdin: process.stdin,
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
    ancestors: () => [],
    onInterrupt: () => () => {},
  });
  return { status, out, err };
}

export interface Started {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<number>;
}

/** One command in a process of its own. */
export function startPullcord(folder: string, words: readonly string[], environment: Readonly<Record<string, string>> = {}): Started {
  const child = spawn(process.execPath, [...pullcordWords, "--data", folder, ...words], {
    cwd: folder,
    env: { PATH: process.env["PATH"], HOME: folder, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<number>((resolve) => child.once("close", (status, signal) => resolve(signal === null ? (status ?? -1) : -1)));
  return { child, output: () => output, ended };
}
