import { realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { Folder, isOutOfReach } from "../../folder.js";
import { asRoot, eachAlone, operandsOf, optionOf, type Call, type Family, type SeenCommand } from "../family.js";

/** Most paths that are looked at for one command. */
const mostPaths = 200;

/**
 * Owners of files. Their permission bits are kept with the files themselves. A place is a list of paths, each as it really stood
 * when the command came: from then on no link is followed on the way to it, whoever puts one there (threats, R27).
 */
export const owners: Family = {
  name: "owners",
  placesOf: (command) => {
    const { program, words } = command;
    if (!/^(chown|chgrp)$/.test(program)) return [];
    const isFromOther = optionOf(words, ["--reference"]) !== undefined;
    const isDeep = words.some((word) => /^-[a-zA-Z]*R|^--recursive$/.test(word ?? ""));
    // What lies below was never looked at: nothing is promised for it.
    const isOfLink = words.some((word) => /^-[a-zA-Z]*h|^--no-dereference$/.test(word ?? ""));
    return isDeep ? [] : namedPaths(operandsOf(words, ["--from"]).slice(isFromOther ? 0 : 1), command, { isOfLink });
  },
  named: (at) => `owner of ${at.length === 1 ? at[0] : `${at.length} files`}`,
  look: (at) => {
    const found = at.flatMap((path): [string, string][] => {
      const stats = statsOf(path);
      return stats ? [[path, `${stats.uid}:${stats.gid}`]] : [];
    });
    return Promise.resolve(new Map(found));
  },
  ways: (_at, changes) =>
    eachAlone(changes, ({ name, from, to }) => {
      if (from === null || to === null) return "It is not there any more.";
      return [inItsFolder(name, (own) => asRoot(["chown", "--no-dereference", to, "--", own]))];
    }),
};

/** One place of the paths that a command names; none where they are not known, or too many. */
export function namedPaths(paths: readonly string[], { folder }: SeenCommand, { isOfLink }: { readonly isOfLink: boolean }): string[][] {
  const whole = paths.flatMap((path) => (isAbsolute(path) || folder !== null ? [resolve(folder ?? "/", path)] : []));
  return whole.length === 0 || whole.length > mostPaths ? [] : [whole.map((path) => asItStands(path, isOfLink))];
}

/** The command itself follows links, and so do we, once. */
function asItStands(path: string, isOfLink: boolean): string {
  try {
    return isOfLink ? join(realpathSync(dirname(path)), basename(path)) : realpathSync(path);
  } catch {
    return path;
  }
}

/** A call that names a file from the folder that it is in: nobody can put another folder in that one's place. */
function inItsFolder(path: string, call: (own: string) => Call): Call {
  return { ...call(`./${basename(path)}`), folder: dirname(path) };
}

/** Undefined where nothing is, or a link is on the way. */
export function statsOf(path: string) {
  try {
    const folder = Folder.open(dirname(path));
    try {
      return folder.look(basename(path));
    } finally {
      folder.close();
    }
  } catch (error) {
    if (isOutOfReach(error)) return undefined;
    throw error;
  }
}
