import Database from "better-sqlite3";
import { accessSync, closeSync, constants, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
  const held = lock(path);
  const write = (occupant: Occupant) => writeFileSync(occupantFile, JSON.stringify(occupant), { mode: ownerOnlyFile });
  try {
    write({ pid: process.pid, url: "" });
  } catch (cause) {
    held.close();
    throw unwritable(path, cause);
  }
  return {
    path,
    databaseFile: join(path, "pullcord.db"),
    announce: (url) => write({ pid: process.pid, url }),
    release: () => {
      rmSync(occupantFile, { force: true });
      held.close();
    },
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

/**
 * Takes the folder by the operating system's own lock on a file, which ends with the process however it ends, and which
 * two servers that start at once can't both get.
 */
function lock(path: string): Database.Database {
  const database = new Database(join(path, "server.lock"), { timeout: 0 });
  try {
    database.exec("begin exclusive");
    return database;
  } catch (cause) {
    database.close();
    if ((cause as { code?: string }).code !== "SQLITE_BUSY") throw unwritable(path, cause);
    const occupant = readOccupant(join(path, "server.json"));
    const where = occupant?.url ? ` at ${occupant.url}` : "";
    const who = occupant ? ` (process ${occupant.pid})` : "";
    const text = `Pullcord is already running on ${path}${where}${who}. Use that one, or name another folder with --data.`;
    throw new PullcordError("conflict", "already_running", text);
  }
}

function readOccupant(file: string): Occupant | null {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Occupant;
  } catch {
    // The server is just starting, or has only just written half of it.
    return null;
  }
}

function unwritable(path: string, cause: unknown): PullcordError {
  const code = (cause as NodeJS.ErrnoException).code ?? "unknown reason";
  const text = `The data folder ${path} can't be written (${code}). Check its owner and free space, or name another one with --data.`;
  return new PullcordError("unavailable", "data_folder", text, { cause });
}
