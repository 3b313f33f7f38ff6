import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** The folder with a repository's settings and objects, from a folder in it upwards. */
export function repositoryAt(start: string): string | null {
  for (let folder = start; ; folder = dirname(folder)) {
    const found = gitFolder(join(folder, ".git"));
    if (found !== null) return found;
    if (folder === dirname(folder)) return null;
  }
}

function gitFolder(path: string): string | null {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return null;
  if (stats.isDirectory()) return path;
  // A linked worktree: git's "gitrepository-layout".
  const named = /^gitdir: (.+)$/m.exec(readFileSync(path, "utf8"))?.[1];
  const own = named === undefined ? null : resolve(dirname(path), named);
  if (own === null || !existsSync(join(own, "commondir"))) return own;
  return resolve(own, readFileSync(join(own, "commondir"), "utf8").trim());
}

/** What a remote's name, or none, stands for; null where nothing but a plain address is meant. */
export function addressOf(named: string | undefined, repository: string): string | null {
  const config = existsSync(join(repository, "config")) ? readFileSync(join(repository, "config"), "utf8") : "";
  const section = [...config.matchAll(/^\s*\[remote "([^"\\]+)"\]([^[]*)/gm)].find(([, name]) => name === (named ?? "origin"));
  const url = (key: string) => new RegExp(String.raw`^\s*${key}\s*=\s*(\S+)\s*$`, "m").exec(section?.[2] ?? "")?.[1];
  const address = url("pushurl") ?? url("url") ?? named;
  return address !== undefined && isPlain(address) ? address : null;
}

/** No transport that runs a program (`ext::`), and nothing that git would read as an option. */
function isPlain(address: string): boolean {
  return /^(https?|ssh|git|file):\/\/[^-]|^\/|^[\w.][\w.@-]*:(?!:)[^-]/.test(address);
}
