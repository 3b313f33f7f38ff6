import { accessSync, closeSync, constants, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { PullcordError } from "@pullcord/sdk/protocol";

const ownerOnlyFolder = 0o700;
const ownerOnlyFile = 0o600;

/** What lies in the data folder. */
export interface DataFolder {
  readonly path: string;
  readonly databaseFile: string;
  /** Says which server has the folder; given back by `release`. */
  release(): void;
}

interface Occupant {
  readonly pid: number;
  readonly url: string;
}

/**
 * Makes the folder if need be and takes it for this server.
 * @throws PullcordError `unavailable`/`data_folder` when it can't be written, `conflict`/`already_running` when a server has it
 */
export function takeDataFolder(path: string): DataFolder & { readonly announce: (url: string) => void } {
  makeFolder(path);
  const occupantFile = join(path, "server.json");
  refuseOccupied(occupantFile, path);
  const write = (occupant: Occupant) => writeFileSync(occupantFile, JSON.stringify(occupant), { mode: ownerOnlyFile });
  try {
    write({ pid: process.pid, url: "" });
  } catch (cause) {
    throw unwritable(path, cause);
  }
  return {
    path,
    databaseFile: join(path, "pullcord.db"),
    announce: (url) => write({ pid: process.pid, url }),
    release: () => rmSync(occupantFile, { force: true }),
  };
}

function makeFolder(path: string): void {
  try {
    refuseProc(path);
    mkdirSync(path, { recursive: true, mode: ownerOnlyFolder });
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    // Root may pass the check on a read-only disk: only a write tells.
    const probe = join(path, ".probe");
    closeSync(openSync(probe, "w", ownerOnlyFile));
    rmSync(probe);
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

/** Node's recursive mkdir never returns below /proc, where nothing can be made. */
function refuseProc(path: string): void {
  if (resolve(path).startsWith("/proc/")) throw Object.assign(new Error("nothing can be made below /proc"), { code: "EROFS" });
}

function refuseOccupied(file: string, folder: string): void {
  if (!existsSync(file)) return;
  const occupant = readOccupant(file);
  if (!occupant || occupant.pid === process.pid || !isAlive(occupant.pid)) return;
  const where = occupant.url === "" ? "" : ` at ${occupant.url}`;
  const text = `Pullcord is already running on ${folder}${where} (process ${occupant.pid}). Use that one, or name another folder with --data.`;
  throw new PullcordError("conflict", "already_running", text);
}

function readOccupant(file: string): Occupant | null {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Occupant;
  } catch {
    // Half-written by a server that was killed: nobody has the folder.
    return null;
  }
}

/** A process that is there and is a Node process like this one; its id may have gone to another program since. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  const command = `/proc/${pid}/cmdline`;
  return !existsSync(command) || /pullcord|node/.test(readFileSync(command, "utf8"));
}

function unwritable(path: string, cause: unknown): PullcordError {
  const code = (cause as NodeJS.ErrnoException).code ?? "unknown reason";
  const text = `The data folder ${path} can't be written (${code}). Check its owner and free space, or name another one with --data.`;
  return new PullcordError("unavailable", "data_folder", text, { cause });
}
