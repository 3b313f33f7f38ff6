import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { eachAlone, linesOf, operandsOf, optionOf, type Call, type Family, type Asking } from "../family.js";
import { told } from "../run-program.js";
import { masked } from "../masked.js";
import { addressOf, repositoryAt } from "./git-remote.js";
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
  named: ([address]) => `branches and tags of ${masked(address ?? "")}`,
  look: async ([address = ""], { ask }) => {
    const rows = linesOf(told(await ask({ argv: ["git", "ls-remote", "--refs", "--", address] }))).map((line) => line.split("\t"));
    return new Map(rows.flatMap(([sha, name]) => (sha && name ? [[name, sha]] : [])));
  },
  ways: async ([address = "", objects = ""], changes, asking) => {
    const known = new Map<string, boolean>();
    for (const { to } of changes) if (to !== null) known.set(to, await isThere(to, objects, asking));
    return eachAlone(changes, ({ name, from, to }) => {
      if (to !== null && known.get(to) !== true) return `The commit it stood at (${to.slice(0, 12)}) is not in the repository here.`;
      // The remote itself refuses when the branch has moved on since.
      const lease = `--force-with-lease=${name}:${from ?? ""}`;
      const argv = ["git", "push", "--no-verify", ...withoutPrograms(address), lease, "--", address, `${to ?? ""}:${name}`];
      return [inNobodysRepository(asking, objects, argv)];
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

async function isThere(sha: string, objects: string, asking: Asking): Promise<boolean> {
  return (await asking.ask(inNobodysRepository(asking, objects, ["git", "cat-file", "-e", `${sha}^{commit}`]))).status === 0;
}

/** An empty repository, with the objects of another one to read from. */
function inNobodysRepository({ folder }: Asking, objects: string, argv: readonly string[]): Call {
  return { argv, environment: { GIT_DIR: nobodysRepository(folder), GIT_ALTERNATE_OBJECT_DIRECTORIES: objects } };
}

function nobodysRepository(own: string): string {
  const folder = join(own, "empty.git");
  for (const name of ["objects", "refs"]) mkdirSync(join(folder, name), { recursive: true, mode: ownerOnlyFolder });
  if (!existsSync(join(folder, "HEAD"))) writeFileSync(join(folder, "HEAD"), "ref: refs/heads/none\n", { mode: ownerOnlyFile });
  return folder;
}
