import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { PullcordError } from "@pullcord/sdk";
import { hookSettings, needsVersion } from "@pullcord/sdk/adapters/claude-code";
import { isAtLeast } from "./client.js";
import { withHooks, withoutAdded, type Added } from "./merge.js";
import type { Place } from "./place.js";
import type { Connection } from "./record.js";
import { parseSettings, readText } from "./settings-file.js";
import { textOf } from "./settings-text.js";

/** Stands for the token until there is one. */
export const tokenToCome = "pca_…";

/** What connecting would do to a settings file. */
export interface Plan {
  readonly place: Place;
  /** The text now; null when there is no file. */
  readonly now: string | null;
  /** The text that disconnecting goes back to: as it is now, without an older connection of ours. */
  readonly origin: string | null;
  readonly added: Added;
  /** The new text, with this token in it. */
  readonly textWith: (token: string) => string;
  readonly warnings: readonly string[];
}

export interface PlanFacts {
  readonly place: Place;
  readonly server: string;
  readonly version: string;
  readonly isShim: boolean;
  /** The connection that is there already. */
  readonly older: Connection | undefined;
}

/**
 * Works out the new settings; changes nothing.
 * @throws PullcordError `conflict` for a client that would run actions when the server is down, or settings that switch hooks off
 */
export function planConnection({ place, server, version, isShim, older }: PlanFacts): Plan {
  if (!isShim && !isAtLeast(version, needsVersion)) throw tooOld(version);
  const now = readText(place.file);
  const origin = older ? textBefore(older, now) : now;
  const settings = parseSettings(origin, place.file);
  if (settings["disableAllHooks"] === true) {
    throw new PullcordError(
      "conflict",
      "hooks_disabled",
      `${place.file} says "disableAllHooks": true, so no hook would run. Remove that line first.`,
    );
  }
  const mergedWith = (token: string) => withHooks(settings, hookSettings({ url: server, token, isShim }));
  return {
    place,
    now,
    origin,
    added: mergedWith(tokenToCome).added,
    textWith: (token) => textOf(mergedWith(token).settings, origin),
    warnings: [...placeWarnings(place), ...(isShim ? [shimWarning] : [])],
  };
}

/**
 * What a settings file is without a connection: its old text, or the text now without our part when somebody changed
 * it since; null for no file.
 */
export function textBefore({ file, before, after, added }: Connection, now: string | null): string | null {
  if (now === null || now === after) return now === null ? null : before;
  const left = withoutAdded(parseSettings(now, file), added);
  return before === null && Object.keys(left).length === 0 ? null : textOf(left, now);
}

/** The file and line that keep git from taking a project's settings in; null when git leaves them alone anyway. */
export function excludeFor({ file, project }: Place): { readonly file: string; readonly line: string } | null {
  if (project === undefined) return null;
  const git = (...words: string[]) =>
    execFileSync("git", ["-C", project, ...words], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  try {
    const top = git("rev-parse", "--show-toplevel");
    const exclude = join(resolve(project, git("rev-parse", "--git-common-dir")), "info", "exclude");
    const line = `/${relative(top, file)}`;
    const isIgnored = existsSync(exclude) && readFileSync(exclude, "utf8").split("\n").includes(line);
    return isIgnored || isIgnoredByGit(git, file) ? null : { file: exclude, line };
  } catch {
    // No git, or no repository: nothing would be taken in.
    return null;
  }
}

function isIgnoredByGit(git: (...words: string[]) => string, file: string): boolean {
  try {
    return git("check-ignore", file) !== "";
  } catch {
    return false;
  }
}

function tooOld(version: string): PullcordError {
  const text = `Your Claude Code is ${version}. Before ${needsVersion} it runs the action when a hook fails, so the gate would be open whenever the server is down. Update it: npm install -g @anthropic-ai/claude-code@latest (needs Node 22 or newer; on an older Node npm installs an old version without a word). Or connect with --shim, which closes all but one way: a hook that is killed.`;
  return new PullcordError("conflict", "claude_code_too_old", text);
}

const shimWarning =
  "The shim starts a shell and curl for each call (about 10 ms), and an agent that kills it in time gets through. Update Claude Code and connect again.";

function placeWarnings({ kind, file }: Place): string[] {
  if (kind === "managed") return [];
  const name = basename(file);
  return [
    `${name} is yours, and so within reach of what runs as you: the gate denies writing it, and a running session ignores changes, but what gets around the gate could switch it off for the next session. Managed settings can't be: sudo -E pullcord connect claude-code --managed`,
  ];
}
