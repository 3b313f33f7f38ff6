import { lstatSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { PullcordError } from "@pullcord/sdk/protocol";
import { startRefOf, type CommittedFile, type Onto } from "@pullcord/sdk/undo";
import type { Signature } from "../../domain/snapshots.js";
import { Git } from "./git.js";

/** A commit that changes are made on. */
export interface Base {
  readonly commit: string;
  readonly subject: string;
}

export interface NewCommit {
  readonly runId: string;
  readonly base: Base | null;
  readonly branch: string;
  readonly message: string;
  readonly author: Signature;
  readonly committer: Signature;
  /** By path from the root; null takes a path away. */
  readonly files: Onto["files"];
}

/** A path that does not go into a commit, and why. */
interface Barred {
  readonly path: string;
  readonly sentence: string;
}

const submodule = "160000";
const utcOffset = "+0000";

/** What a commit is made of and on, in one repository; index, HEAD and working tree are never touched. */
export class Repository {
  readonly #git: Git;

  private constructor(git: Git) {
    this.#git = git;
  }

  /** @throws PullcordError `conflict`/`no_repository`, `unavailable`/`git_missing` */
  static async open(root: string, programPath: string): Promise<Repository> {
    const git = new Git(root, programPath);
    if ((await git.line("rev-parse", "--git-dir")) === null) {
      const text = `${root} is no git repository that git opens for the server's account, so there is nothing to keep a commit in. What the run changed stays as it is, or can be undone.`;
      throw new PullcordError("conflict", "no_repository", text);
    }
    return new Repository(git);
  }

  /** Where the repository stood when a run began; where that was not remembered, where it stands now; null without any commit. */
  async baseOf(runId: string): Promise<Base | null> {
    for (const ref of [startRefOf(runId), "HEAD"]) {
      const commit = await this.#git.line("rev-parse", "--verify", "--quiet", `${ref}^{commit}`);
      if (commit !== null) return { commit, subject: await this.#subjectOf(commit) };
    }
    return null;
  }

  /** How paths stand in a commit; those that are not in it are missing. */
  async filesIn(base: Base | null, paths: ReadonlySet<string>): Promise<Map<string, CommittedFile>> {
    const found = new Map<string, CommittedFile>();
    if (base === null) return found;
    const entries = (await this.#entriesIn(base)).filter(({ path, mode }) => paths.has(path) && mode !== submodule);
    const contents = await this.#contentsOf(entries.map(({ object }) => object));
    for (const [index, { path, mode }] of entries.entries()) {
      found.set(path, { mode: mode as CommittedFile["mode"], content: contents[index] ?? Buffer.alloc(0) });
    }
    return found;
  }

  /** Of what would be committed, the paths that this repository's own rules keep out or convert, and why. `tracked` are in the base. */
  async notCommittable(base: Base | null, files: Onto["files"], tracked: ReadonlySet<string>): Promise<Barred[]> {
    const modules = base === null ? [] : (await this.#entriesIn(base)).filter(({ mode }) => mode === submodule).map(({ path }) => path);
    const moduleOf = (path: string) => modules.find((each) => path === each || path.startsWith(`${each}/`));
    const own = [...files].filter(([path, file]) => file !== null && moduleOf(path) === undefined);
    const ignored = await this.#ignored(own.flatMap(([path]) => (tracked.has(path) ? [] : [path])));
    const converted = await this.#converted(own.map(([path, file]) => ({ path, hasReturns: file?.content.includes("\r\n") === true })));
    return [...files.keys()].flatMap((path) => {
      const module = moduleOf(path);
      if (module !== undefined) return [{ path, sentence: `It belongs to the repository in ${module}.` }];
      if (ignored.has(path)) return [{ path, sentence: "Git ignores it." }];
      const by = converted.get(path);
      return by === undefined ? [] : [{ path, sentence: `Git would convert it first (${by}); add it yourself.` }];
    });
  }

  /** The git configuration's person, as far as it names one. */
  async person(): Promise<Partial<Signature>> {
    const [name, email] = [await this.#git.line("config", "user.name"), await this.#git.line("config", "user.email")];
    return { ...(name ? { name } : {}), ...(email ? { email } : {}) };
  }

  /** @throws PullcordError `invalid`/`branch` */
  async requireName(branch: string): Promise<void> {
    if (!branch.startsWith("-") && (await this.#git.line("check-ref-format", `refs/heads/${branch}`)) !== null) return;
    throw new PullcordError("invalid", "branch", `${branch} is no name that git takes for a branch.`, { field: "/branch" });
  }

  /**
   * Makes a commit and its branch, or nothing. The very commit that is there already, made by an earlier try, is taken for it.
   * @returns the commit's id. @throws PullcordError `conflict`/`branch_exists`, `conflict`/`git_refused`
   */
  async commit(wanted: NewCommit): Promise<string> {
    const [passing, ref] = [`refs/pullcord/keep/${wanted.runId}`, `refs/heads/${wanted.branch}`];
    await this.#requireNoLinks([passing, ref]);
    // A ref of that name that leads to another would have git write to that one.
    await this.#git.run(["update-ref", "--no-deref", "-d", passing]);
    await this.#git.run(["fast-import", "--quiet", "--force", "--date-format=raw"], { input: streamOf(wanted, passing) });
    try {
      const commit = await this.#git.line("rev-parse", "--verify", "--quiet", passing);
      const there = await this.#git.line("rev-parse", "--verify", "--quiet", ref);
      if (commit === null) throw new Error("git fast-import made no commit");
      if (there === null) {
        // The empty old value: the branch must still not be there.
        await this.#git.run(["update-ref", "--no-deref", ref, commit, ""]);
        return commit;
      }
      if ((await this.#meaningOf(there)) === (await this.#meaningOf(commit))) return there;
      throw branchExists(wanted.branch);
    } finally {
      await this.#git.run(["update-ref", "--no-deref", "-d", passing]);
    }
  }

  /** Git follows links where it keeps refs and their logs, and would write wherever they lead. @throws PullcordError `conflict`/`git_refused` */
  async #requireNoLinks(refs: readonly string[]): Promise<void> {
    const shared = (await this.#git.line("rev-parse", "--git-common-dir")) ?? ".git";
    const own = (await this.#git.line("rev-parse", "--git-dir")) ?? ".git";
    const written = [
      ...refs.flatMap((ref) => [join(shared, ref), join(shared, "logs", ref)]),
      join(shared, "packed-refs"),
      join(own, "logs/HEAD"),
    ];
    const link = written.flatMap((path) => linkOn(resolve(this.#git.root, path), resolve(this.#git.root, shared)) ?? [])[0];
    if (link === undefined) return;
    const text = `${link} is a symbolic link, and git would write wherever it leads. Put a folder or file in its place, then keep again.`;
    throw new PullcordError("conflict", "git_refused", text);
  }

  /** All that a commit says but when it was made. */
  async #meaningOf(commit: string): Promise<string> {
    const text = (await this.#git.run(["cat-file", "-p", commit])).toString("utf8");
    return text.replaceAll(/^((?:author|committer) .*) \d+ [+-]\d{4}$/gm, "$1");
  }

  async #entriesIn({ commit }: Base): Promise<{ mode: string; object: string; path: string }[]> {
    const listed = await this.#git.run(["ls-tree", "-r", "-z", "--full-tree", commit]);
    return listed
      .toString("utf8")
      .split("\0")
      .flatMap((line) => {
        const match = /^(\d+) \w+ ([0-9a-f]+)\t([^]*)$/.exec(line);
        return match ? [{ mode: match[1] ?? "", object: match[2] ?? "", path: match[3] ?? "" }] : [];
      });
  }

  /** In the order asked for (git-cat-file, "BATCH OUTPUT"). */
  async #contentsOf(objects: readonly string[]): Promise<Buffer[]> {
    if (objects.length === 0) return [];
    const output = await this.#git.run(["cat-file", "--batch"], { input: objects.map((each) => `${each}\n`).join("") });
    const contents: Buffer[] = [];
    for (let at = 0; at < output.length;) {
      const headEnd = output.indexOf("\n", at);
      const [object = "", , bytes] = output.toString("latin1", at, headEnd).split(" ");
      if (bytes === undefined) throw notHere(object, this.#git.root);
      const size = Number(bytes);
      contents.push(output.subarray(headEnd + 1, headEnd + 1 + size));
      at = headEnd + 1 + size + 1;
    }
    return contents;
  }

  async #ignored(paths: readonly string[]): Promise<Set<string>> {
    if (paths.length === 0) return new Set();
    // Written so that no name reads as one of git's patterns.
    const input = nulEnded(paths.map((path) => `./${path}`));
    const output = await this.#git.run(["check-ignore", "-z", "--stdin", "--no-index"], { input, answers: [1] });
    return new Set(
      output
        .toString("utf8")
        .split("\0")
        .map((path) => path.slice("./".length)),
    );
  }

  /** Paths whose content git would convert on its way into a commit, with what says so. */
  async #converted(files: readonly { readonly path: string; readonly hasReturns: boolean }[]): Promise<Map<string, string>> {
    const found = await this.#attributes(files, convertingAttributes);
    const withReturns = files.filter(({ hasReturns }) => hasReturns);
    if (withReturns.length === 0) return found;
    const said = await this.#git.line("config", "core.autocrlf");
    const byDefault = said !== null && said !== "false" ? withReturns.map(({ path }) => [path, `core.autocrlf=${said}`] as const) : [];
    return new Map([...byDefault, ...(await this.#attributes(withReturns, lineEndAttributes)), ...found]);
  }

  async #attributes(files: readonly { readonly path: string }[], attributes: readonly string[]): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    if (files.length === 0) return found;
    const words = ["check-attr", "-z", "--stdin", ...attributes];
    const fields = (await this.#git.run(words, { input: nulEnded(files.map(({ path }) => path)) })).toString("utf8").split("\0");
    for (let at = 0; at + 2 < fields.length; at += 3) {
      const [path, attribute, value] = fields.slice(at, at + 3) as [string, string, string];
      if (value !== "unspecified" && value !== "unset") found.set(path, `${attribute}=${value}`);
    }
    return found;
  }

  async #subjectOf(commit: string): Promise<string> {
    const text = (await this.#git.run(["cat-file", "commit", commit])).toString("utf8");
    return text.slice(text.indexOf("\n\n") + 2).split("\n")[0] ?? "";
  }
}

/** The first link on the way to a path, the folder above it left aside; null where there is none. */
function linkOn(path: string, above: string): string | null {
  const names = relative(above, path).split(sep);
  const onTheWay = names.map((_name, index) => join(above, ...names.slice(0, index + 1)));
  return onTheWay.find((each) => lstatSync(each, { throwIfNoEntry: false })?.isSymbolicLink() === true) ?? null;
}

/** In a partial clone, or a damaged repository: what a file holds is then not known, and never taken for nothing. */
function notHere(object: string, root: string): PullcordError {
  const text = `Object ${object} of the commit that the run began on is not in ${root}, and Pullcord fetches nothing. Run git fetch --refetch there, then keep again.`;
  return new PullcordError("conflict", "git_refused", text);
}

function branchExists(branch: string): PullcordError {
  const text = `There is a branch ${branch} already. Name another one (--branch), or remove that one first.`;
  return new PullcordError("conflict", "branch_exists", text, { field: "/branch" });
}

/** gitattributes(5): what changes a content on its way into a commit. A filter is a program that the repository names: it is not run. */
const convertingAttributes = ["filter", "ident", "working-tree-encoding"];
/** The same for line ends. */
const lineEndAttributes = ["text", "eol"];

function nulEnded(paths: readonly string[]): string {
  return paths.map((path) => `${path}\0`).join("");
}

/** The commit as git-fast-import(1) reads it. Paths go away before others take their place. */
function streamOf({ base, message, author, committer, files }: NewCommit, ref: string): Buffer {
  const at = Math.floor(Date.now() / 1_000);
  const parts: (string | Buffer)[] = [`commit ${ref}\n`];
  parts.push(`author ${signed(author)} ${at} ${utcOffset}\n`, `committer ${signed(committer)} ${at} ${utcOffset}\n`);
  parts.push(...data(Buffer.from(message)));
  if (base !== null) parts.push(`from ${base.commit}\n`);
  for (const [path, file] of files) if (file === null) parts.push(`D ${quoted(path)}\n`);
  for (const [path, file] of files) if (file !== null) parts.push(`M ${file.mode} inline ${quoted(path)}\n`, ...data(file.content));
  parts.push("\n");
  return Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part)));
}

function data(content: Buffer): (string | Buffer)[] {
  return [`data ${content.length}\n`, content, "\n"];
}

function signed({ name, email }: Signature): string {
  const plain = (text: string) => text.replaceAll(/[<>\p{Cc}]/gu, "").trim();
  return `${plain(name)} <${plain(email)}>`;
}

/** A path in C's quotes (git-fast-import(1), "filemodify"). */
function quoted(path: string): string {
  return `"${path
    .replaceAll("\\", String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll("\n", String.raw`\n`)}"`;
}
