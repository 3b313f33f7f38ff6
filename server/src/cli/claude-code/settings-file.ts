import { existsSync, mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { PullcordError, type JsonObject } from "@pullcord/sdk";

const ownerOnly = 0o600;
const readableByAll = 0o644;

/** The text of a settings file; null when there is none. @throws PullcordError `forbidden`/`settings_file` */
export function readText(file: string): string | null {
  try {
    return existsSync(file) ? readFileSync(file, "utf8") : null;
  } catch (cause) {
    throw notPermitted(file, "read", cause);
  }
}

/** @throws PullcordError `invalid`/`settings_file` with the line, so that nothing of a file that is broken gets lost */
export function parseSettings(text: string | null, file: string): JsonObject {
  if (text === null || text.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  } catch (cause) {
    throw broken(file, `line ${lineOf(cause, text)}: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  throw broken(file, "line 1: it is not a JSON object");
}

/** Replaces the file as a whole, so that nobody ever reads half of it. Gives the folders that had to be made. */
export function writeText(file: string, text: string, isForAll: boolean): string[] {
  const half = `${file}.${process.pid}.pullcord`;
  try {
    const made = makeFolders(dirname(file));
    // The file holds the agent's token; managed settings have to be readable by whoever runs the agent.
    writeFileSync(half, text, { mode: isForAll ? readableByAll : ownerOnly });
    renameSync(half, file);
    return made;
  } catch (cause) {
    rmSync(half, { force: true });
    throw notPermitted(file, "written", cause);
  }
}

export function removeFile(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch (cause) {
    throw notPermitted(file, "removed", cause);
  }
}

/** Takes away folders that were made for the file, as far as nobody else uses them. */
export function removeFolders(folders: readonly string[]): void {
  for (const folder of folders) {
    try {
      rmdirSync(folder);
    } catch {
      return;
    }
  }
}

/** The folders that were missing, the innermost first. */
function makeFolders(folder: string): string[] {
  const missing: string[] = [];
  for (let at = folder; !existsSync(at); at = dirname(at)) missing.push(at);
  mkdirSync(folder, { recursive: true });
  return missing;
}

function lineOf(cause: unknown, text: string): number {
  const told = /line (\d+) column/.exec(cause instanceof Error ? cause.message : "")?.[1];
  return told === undefined ? text.split("\n").length : Number(told);
}

function broken(file: string, what: string): PullcordError {
  return new PullcordError("invalid", "settings_file", `${file} can't be read, ${what}. Mend it first; nothing was changed.`);
}

function notPermitted(file: string, what: string, cause: unknown): PullcordError {
  const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
  const root = code === "EACCES" || code === "EPERM" ? " Managed settings belong to root: run this command again with sudo -E." : "";
  return new PullcordError("forbidden", "settings_file", `${file} can't be ${what} (${code}).${root}`, { cause });
}
