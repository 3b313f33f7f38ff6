import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { eachAlone, linesOf, operandsOf, optionOf, type Call, type Family, type Machine } from "../family.js";
import { told } from "../run-program.js";
import { ownerOnlyFile, ownerOnlyFolder } from "../../owner-only.js";

/** Options of `git push` whose value is a word of its own. */
const taking = ["-o", "--push-option", "--receive-pack", "--exec", "--repo"];

/**
 * Branches and tags of a remote repository. A place is its address and the folder of objects that was pushed from.
 * Git is never called in the agent's repository: its settings could have it run any program.
 */
export const remotes: Family = {
  name: "remotes",
  placesOf: ({ program, words, folder }) => {
    if (program !== "git") return [];
    const elsewhere = optionOf(words, ["-C"]);
    const start = elsewhere !== undefined && (isAbsolute(elsewhere) || folder !== null) ? resolve(folder ?? "/", elsewhere) : folder;
    const rest = operandsOf(words, ["-C", "-c", "--git-dir", "--work-tree", ...taking]);
    const repository = start === null ? null : repositoryAt(start);
    if (rest[0] !== "push" || repository === null) return [];
    const address = addressOf(rest[1] ?? optionOf(words, ["--repo"]), repository);
    return address === null ? [] : [[address, join(repository, "objects")]];
  },
  named: ([address]) => `branches and tags of ${withoutSecret(address ?? "")}`,
  look: async ([address = ""], { ask }) => {
    const rows = linesOf(told(await ask({ argv: ["git", "ls-remote", "--refs", "--", address] }))).map((line) => line.split("\t"));
    return new Map(rows.flatMap(([sha, name]) => (sha && name ? [[name, sha]] : [])));
  },
  ways: async ([address = "", objects = ""], changes, machine) => {
    const known = new Map<string, boolean>();
    for (const { to } of changes) if (to !== null) known.set(to, await isThere(to, objects, machine));
    return eachAlone(changes, ({ name, from, to }) => {
      if (to !== null && known.get(to) !== true) return `The commit it stood at (${to.slice(0, 12)}) is not in the repository here.`;
      // The remote itself refuses when the branch has moved on since.
      const lease = `--force-with-lease=${name}:${from ?? ""}`;
      const argv = ["git", "push", "--no-verify", ...withoutPrograms(address), lease, "--", address, `${to ?? ""}:${name}`];
      return [inNobodysRepository(machine, objects, argv)];
    });
  },
};

/**
 * A repository on this machine is the agent's to write: what its settings name, the push would run with the server's account.
 * Elsewhere they are run by whoever is there.
 */
function withoutPrograms(address: string): string[] {
  if (!/^(\/|file:)/.test(address)) return [];
  const settings = [
    "core.hooksPath=/dev/null",
    "core.alternateRefsCommand=true",
    "receive.denyCurrentBranch=refuse",
    "receive.autogc=false",
  ];
  return [`--receive-pack=git ${settings.map((each) => `-c ${each}`).join(" ")} receive-pack`];
}

async function isThere(sha: string, objects: string, machine: Machine): Promise<boolean> {
  return (await machine.ask(inNobodysRepository(machine, objects, ["git", "cat-file", "-e", `${sha}^{commit}`]))).status === 0;
}

/** An empty repository, with the objects of another one to read from. */
function inNobodysRepository({ folder }: Machine, objects: string, argv: readonly string[]): Call {
  return { argv, environment: { GIT_DIR: nobodysRepository(folder), GIT_ALTERNATE_OBJECT_DIRECTORIES: objects } };
}

function nobodysRepository(own: string): string {
  const folder = join(own, "empty.git");
  for (const name of ["objects", "refs"]) mkdirSync(join(folder, name), { recursive: true, mode: ownerOnlyFolder });
  if (!existsSync(join(folder, "HEAD"))) writeFileSync(join(folder, "HEAD"), "ref: refs/heads/none\n", { mode: ownerOnlyFile });
  return folder;
}

/** The folder with a repository's settings and objects, from a folder in it upwards. */
function repositoryAt(start: string): string | null {
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
function addressOf(named: string | undefined, repository: string): string | null {
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

function withoutSecret(address: string): string {
  return address.replace(/^(\w+:\/\/)[^@/]*@/, "$1");
}
