import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { defaultConfigFolder, defaultDataFolder, defaultUrl, killFileIn, PullcordError } from "@pullcord/sdk";
import type { Environment } from "./surroundings.js";

const ownerOnlyFolder = 0o700;
const ownerOnlyFile = 0o600;

/** Where this command line looks and whom it speaks to. */
export interface Settings {
  readonly server: string;
  /** The signed-in person's CLI session; null before the first sign-in. */
  readonly token: string | null;
  readonly dataFolder: string;
  readonly configFolder: string;
  readonly credentialsFile: string;
  /** While it exists, the gate lets nothing through (E4). */
  readonly killFile: string;
}

/** What the session file holds. */
export interface Credentials {
  readonly server: string;
  readonly token: string;
}

export interface SettingFlags {
  readonly server?: string | undefined;
  readonly data?: string | undefined;
}

/**
 * Flags first, then the saved session, then the defaults. With `--data` everything of that server lies in that folder,
 * so that a second server never takes over the first one's session.
 * @throws PullcordError `invalid` for a server address that is none, or a session file that can't be read
 */
export function readSettings(flags: SettingFlags, environment: Environment, workingDirectory: string): Settings {
  const dataFolder = flags.data === undefined ? defaultDataFolder(environment) : resolve(workingDirectory, flags.data);
  const configFolder = flags.data === undefined ? defaultConfigFolder(environment) : dataFolder;
  const credentialsFile = join(configFolder, "credentials.json");
  const saved = readCredentials(credentialsFile);
  const server = address(flags.server ?? saved?.server ?? defaultUrl);
  // A session is only ever sent to the server that gave it.
  const token = saved && address(saved.server) === server ? saved.token : null;
  return { server, token, dataFolder, configFolder, credentialsFile, killFile: killFileIn(dataFolder) };
}

/** Keeps a CLI session for the commands to come, readable by this user alone. */
export function saveCredentials(file: string, credentials: Credentials): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: ownerOnlyFolder });
    const half = `${file}.${process.pid}`;
    writeFileSync(half, `${JSON.stringify(credentials, null, 2)}\n`, { mode: ownerOnlyFile });
    renameSync(half, file);
  } catch (cause) {
    throw new PullcordError(
      "unavailable",
      "credentials_file",
      `The session file ${file} can't be written. Check its folder's owner and free space.`,
      { cause },
    );
  }
}

function readCredentials(file: string): Credentials | null {
  if (!existsSync(file)) return null;
  try {
    const { server, token } = JSON.parse(readFileSync(file, "utf8")) as Partial<Credentials>;
    if (typeof server === "string" && typeof token === "string") return { server, token };
  } catch {
    // Falls through to the sentence below.
  }
  throw new PullcordError(
    "invalid",
    "credentials_file",
    `The session file ${file} can't be read. Remove it and sign in again: pullcord sign-in`,
  );
}

function address(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text.replace(/\/+$/, "");
  throw new PullcordError("invalid", "server_address", `${text} is no server address. Give one like ${defaultUrl}.`);
}
