// The packages as npm would publish them, and a folder of a user who installs them.
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));
const commandLimitMs = 240_000;
const startLimitMs = 30_000;

export interface Packed {
  readonly tarball: string;
  readonly files: readonly string[];
}

/** Packs a workspace into the folder `into`. */
export async function pack(workspace: "sdk" | "server", into: string): Promise<Packed> {
  const args = ["pack", "--json", "--workspace", workspace, "--pack-destination", into];
  const { stdout } = await run("npm", args, { cwd: root, timeout: commandLimitMs });
  const answer: unknown = JSON.parse(stdout);
  // npm 11 and older answer a list, npm 12 an object by package name.
  const [packed] = Object.values(answer as Record<string, { filename: string; files: { path: string }[] }>);
  if (packed === undefined) throw new Error(`npm pack answered nothing for ${workspace}`);
  return { tarball: join(into, packed.filename), files: packed.files.map((file) => file.path) };
}

/** A registry that stalls once is asked again, in milliseconds and times. */
const patience = { npm_config_fetch_timeout: "20000", npm_config_fetch_retries: "5" };

/** An empty place: no home, no npm cache, no settings of ours. */
export function emptyPlace(): { folder: string; environment: NodeJS.ProcessEnv } {
  const folder = mkdtempSync(join(tmpdir(), "pullcord-packaging-"));
  const home = join(folder, "home");
  const project = join(folder, "project");
  for (const path of [home, project]) mkdirSync(path);
  writeFileSync(join(project, "package.json"), `{"name":"a-user","private":true}`);
  const inherited = Object.entries(process.env).filter(([name]) => !/^(npm_(?!config_registry)|node_options|vitest|pullcord)/i.test(name));
  return {
    folder: project,
    environment: {
      ...Object.fromEntries(inherited),
      HOME: home,
      npm_config_cache: join(folder, "cache"),
      ...patience,
      NODE_ENV: "production",
    },
  };
}

/** Runs a command to its end and answers what it printed. */
export async function output(command: string, args: readonly string[], place: ReturnType<typeof emptyPlace>): Promise<string> {
  const { stdout } = await run(command, args, { cwd: place.folder, env: place.environment, timeout: commandLimitMs });
  return stdout;
}

export interface Started {
  readonly url: string;
  /** Asks the server to end and answers its exit status. */
  stop(): Promise<number | null>;
}

/** Starts the installed server on a free port and waits for its address. */
export async function start(place: ReturnType<typeof emptyPlace>): Promise<Started> {
  const program = join(place.folder, "node_modules", ".bin", "pullcord");
  const args = ["start", "--port", "0", "--data", join(place.folder, "data"), "--no-open"];
  const server = spawn(program, args, { cwd: place.folder, env: place.environment, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise<number | null>((resolve) => server.once("exit", resolve));
  const stop = async (): Promise<number | null> => {
    server.kill("SIGTERM");
    const limit = setTimeout(() => server.kill("SIGKILL"), startLimitMs);
    return ended.finally(() => clearTimeout(limit));
  };
  try {
    return { url: await addressOf(server), stop };
  } catch (failure) {
    await stop();
    throw failure;
  }
}

function addressOf(server: ChildProcess): Promise<string> {
  let printed = "";
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error(`no address within ${startLimitMs} ms:\n${printed}`)), startLimitMs);
    const read = (chunk: Buffer): void => {
      printed += chunk.toString();
      const [address] = /http:\/\/127\.0\.0\.1:[1-9]\d*/.exec(printed) ?? [];
      if (address === undefined) return;
      clearTimeout(limit);
      resolve(address);
    };
    server.stdout?.on("data", read);
    server.stderr?.on("data", read);
    server.once("error", reject);
    server.once("exit", (status) => {
      clearTimeout(limit);
      reject(new Error(`ended with status ${status} before it answered:\n${printed}`));
    });
  });
}
