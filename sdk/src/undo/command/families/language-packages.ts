import { devNull } from "node:os";
import { delimiter, isAbsolute, join, resolve } from "node:path";
import { eachAlone, operandsOf, optionOf, verbOf, type Ask, type Call, type Family, type SeenCommand } from "../family.js";
import { notLookedAt, told } from "../run-program.js";
import { eachPackage, isPlainName, noName, packageFamily, parsed, withOrigin } from "./package-names.js";

/** What changes which packages are there. */
const npmVerbs = /^(i|in|ins|inst|install|add|update|up|upgrade|un|uninstall|remove|rm|r|unlink|link|ln)$/;

/** npm's global packages; a place is its prefix, where one was named. */
export const npm: Family = {
  name: "npm",
  placesOf: (command) => {
    const { program, words } = command;
    const isGlobal = words.some((word) => word === "-g" || word === "--global") || optionOf(words, ["--location"]) === "global";
    if (program !== "npm" || !isGlobal || !npmVerbs.test(verbOf(command) ?? "")) return [];
    const prefix = optionOf(words, ["--prefix", "-C"]);
    if (prefix === undefined) return [[]];
    return isAbsolute(prefix) || command.folder !== null ? [[resolve(command.folder ?? "/", prefix)]] : [];
  },
  named: ([prefix]) => `npm's global packages${prefix === undefined ? "" : ` in ${prefix}`}`,
  look: async ([prefix], { ask }) => {
    const { stdout } = await ask({ argv: ["npm", "ls", "--global", "--json", "--depth=0", ...inPrefix(prefix)] });
    const { dependencies = {}, error } = parsed(stdout, "npm") as NpmList;
    // A prefix that nothing was ever put into.
    if (error !== undefined && error.code !== "ENOENT") throw notLookedAt(error.summary ?? "npm did not say what is there.");
    return new Map(Object.entries(dependencies).map(([name, { version = "?", resolved }]) => [name, npmState(version, resolved)]));
  },
  ways: ([prefix], changes) =>
    eachPackage(changes, ({ name, to }) =>
      to === null
        ? [{ argv: ["npm", "uninstall", "--global", ...inPrefix(prefix), name] }]
        : [{ argv: ["npm", "install", "--global", ...inPrefix(prefix), `${name}@${to}`] }],
    ),
};

interface NpmList {
  readonly dependencies?: Readonly<Record<string, { readonly version?: string; readonly resolved?: string }>>;
  readonly error?: { readonly code?: string; readonly summary?: string };
}

/** A prefix has settings of its own (`etc/npmrc`), which may name another registry: they are an agent's to write, and not read. */
function inPrefix(prefix: string | undefined): string[] {
  return prefix === undefined ? [] : ["--prefix", prefix, `--globalconfig=${devNull}`];
}

function npmState(version: string, from: string | undefined): string {
  return withOrigin(version, from !== undefined && /^https?:\/\/.*\/-\/[^/]+\.tgz$/.test(from) ? undefined : from);
}

/** Python's packages, of the program that was called by its bare name. */
export const pip: Family = {
  name: "pip",
  placesOf: ({ program, words }) => {
    const isModule = /^python[\d.]*$/.test(program) && words[0] === "-m" && words[1] === "pip";
    if (!isModule && !/^pip[\d.]*$/.test(program)) return [];
    const verb = operandsOf(isModule ? words.slice(2) : words)[0] ?? "";
    if (!/^(install|uninstall)$/.test(verb) || optionOf(words, ["--target", "-t", "--root", "--prefix"]) !== undefined) return [];
    return [isModule ? [program, "-m", "pip"] : [program]];
  },
  named: (at) => `packages of ${at.join(" ")}`,
  look: async (at, { ask }) => {
    const asked = (...words: string[]) => ask({ argv: [...at, ...words, "--disable-pip-version-check"] });
    const [listed = "", frozen = ""] = (await Promise.all([asked("list", "--format=json"), asked("freeze", "--all")])).map(told);
    const origins = originsIn(frozen);
    return new Map(
      (parsed(listed, "pip") as PipPackage[]).map(({ name, version, editable_project_location: editable }) => [
        name,
        withOrigin(version, origins.get(name.toLowerCase()) ?? editable),
      ]),
    );
  },
  ways: (at, changes) =>
    eachPackage(changes, ({ name, to }) => [
      { argv: to === null ? [...at, "uninstall", "--yes", name] : [...at, "install", "--disable-pip-version-check", `${name}==${to}`] },
    ]),
};

interface PipPackage {
  readonly name: string;
  readonly version: string;
  readonly editable_project_location?: string;
}

/** pip writes `name @ address` of what is from no index (PEP 610). */
function originsIn(frozen: string): Map<string, string> {
  return new Map([...frozen.matchAll(/^(\S+) @ (.+)$/gm)].map(([, name = "", from = ""]) => [name.toLowerCase(), from]));
}

const says = (command: SeenCommand, program: string, verbs: RegExp) => command.program === program && verbs.test(verbOf(command) ?? "");

/** Python programs, each in an environment of its own. */
export const pipx: Family = {
  name: "pipx",
  placesOf: (command) => (says(command, "pipx", pipxVerbs) ? [[]] : []),
  named: () => "programs of pipx",
  look: async (_at, { ask }) => {
    const { venvs = {} } = parsed(told(await ask({ argv: ["pipx", "list", "--json"] })), "pipx") as PipxList;
    return new Map(Object.entries(venvs).map(([name, { metadata }]) => [name, pipxState(metadata.main_package)]));
  },
  ways: (_at, changes) =>
    eachPackage(changes, ({ name, to }) => [
      { argv: to === null ? ["pipx", "uninstall", name] : ["pipx", "install", "--force", `${name}==${to}`] },
    ]),
};

const pipxVerbs = /^(install|upgrade|upgrade-all|uninstall|uninstall-all|reinstall|reinstall-all)$/;

interface PipxList {
  readonly venvs?: Readonly<Record<string, { readonly metadata: { readonly main_package: PipxPackage } }>>;
}

/** `package_or_url` is what was asked for: a name, perhaps with a version, or a folder or address. */
interface PipxPackage {
  readonly package: string;
  readonly package_version: string;
  readonly package_or_url: string;
}

function pipxState({ package: name, package_version: version, package_or_url: asked }: PipxPackage): string {
  const isByName = /^[\w.-]+(?:[=<>!~]=?[^/@\s]*)?$/.test(asked) && asked.startsWith(name);
  return withOrigin(version, isByName ? undefined : asked);
}

export const uv = packageFamily({
  name: "uv",
  named: "tools of uv",
  isMeant: ({ program, words }) => {
    const [first, verb] = operandsOf(words);
    return program === "uv" && first === "tool" && /^(install|upgrade|uninstall)$/.test(verb ?? "");
  },
  list: ["uv", "tool", "list"],
  pattern: /^([\w@][^\s:]*) v(\S+)$/,
  remove: (name) => ({ argv: ["uv", "tool", "uninstall", name] }),
  bring: (name, version) => ({ argv: ["uv", "tool", "install", "--force", `${name}==${version}`] }),
});

export const cargo: Family = {
  name: "cargo",
  placesOf: (command) => (says(command, "cargo", /^(install|uninstall)$/) && optionOf(command.words, ["--root"]) === undefined ? [[]] : []),
  named: () => "programs of Cargo",
  look: async (_at, { ask }) => {
    const listed = told(await ask({ argv: ["cargo", "install", "--list"] }));
    const found = listed.matchAll(/^(\S+) v(\S+?)(?: \((.*)\))?:$/gm);
    return new Map([...found].map(([, name = "", version = "", from]) => [name, withOrigin(version, from)]));
  },
  ways: (_at, changes) =>
    eachPackage(changes, ({ name, to }) =>
      to === null ? [{ argv: ["cargo", "uninstall", name] }] : [{ argv: ["cargo", "install", "--force", "--version", to, name] }],
    ),
};

/** Ruby's, of which several versions stand beside each other: a state is all of them, but for those that Ruby itself brings. */
export const gem: Family = {
  name: "gem",
  placesOf: (command) => {
    const isElsewhere = optionOf(command.words, ["-i", "--install-dir", "-n", "--bindir", "--vendor"]) !== undefined;
    return says(command, "gem", /^(install|i|uninstall|update|cleanup)$/) && !isElsewhere ? [[]] : [];
  },
  named: () => "gems",
  look: async (_at, { ask }) => {
    const rows = told(await ask({ argv: ["gem", "list", "--local", "--quiet"] })).matchAll(/^(\S+) \((.*)\)$/gm);
    return new Map(
      [...rows].flatMap(([, name = "", versions = ""]): [string, string][] => {
        const own = versions.split(", ").filter((version) => !version.startsWith("default: "));
        return own.length === 0 ? [] : [[name, own.join(",")]];
      }),
    );
  },
  ways: (_at, changes) =>
    eachAlone(changes, ({ name, from, to }) =>
      isPlainName(name) ? gemCalls(name, { from: from?.split(",") ?? [], to: to?.split(",") ?? [] }) : noName,
    ),
};

function gemCalls(name: string, { from, to }: { readonly from: readonly string[]; readonly to: readonly string[] }): Call[] | string {
  const [brought, gone] = [from.filter((version) => !to.includes(version)), to.filter((version) => !from.includes(version))];
  // A gem of one platform is listed as `1.2.3 x86_64-linux`.
  if ([...brought, ...gone].some((version) => !/^\w[\w.]*$/.test(version))) return "Which platform's version it was can't be named again.";
  return [
    ...brought.map((version) => ({ argv: ["gem", "uninstall", name, "--version", version, "--executables", "--abort-on-dependent"] })),
    ...gone.map((version) => ({ argv: ["gem", "install", name, "--version", version, "--ignore-dependencies"] })),
  ];
}

/** Programs that `go install` builds, by the folder that they are in. */
export const go: Family = {
  name: "go",
  placesOf: (command) => (says(command, "go", /^install$/) ? [[]] : []),
  named: () => "programs of Go",
  look: async (_at, { ask }) => {
    const folder = await goFolder(ask);
    const { status, stdout, stderr } = await ask({ argv: ["go", "version", "-m", folder] });
    if (status !== 0 && !/no such file/.test(stderr)) throw notLookedAt(stderr.trim());
    // One block for each program: its path, then what it was built from, indented.
    const blocks = stdout.split(/\n(?=\S)/).filter((block) => block.startsWith(`${folder}/`));
    return new Map(
      blocks.map((block) => [
        block.slice(folder.length + 1).split(": ")[0] ?? "",
        `${/^\tpath\t(\S+)/m.exec(block)?.[1] ?? "?"}@${/^\tmod\t\S+\t(\S+)/m.exec(block)?.[1] ?? "?"}`,
      ]),
    );
  },
  ways: async (_at, changes, { ask }) => {
    const folder = await goFolder(ask);
    return eachAlone(changes, ({ name, to }) => {
      if (!isPlainName(name)) return noName;
      if (to === null) return [{ argv: ["rm", "--", `./${name}`], folder }];
      // `(devel)` stands for what was built from a folder.
      if (!/^\w[\w./~-]*@v\d[\w.+-]*$/.test(to)) return `It was built from a place of its own (${to}), which only a person can name again.`;
      return [{ argv: ["go", "install", to] }];
    });
  },
};

async function goFolder(ask: Ask): Promise<string> {
  const [bin = "", path = ""] = told(await ask({ argv: ["go", "env", "GOBIN", "GOPATH"] })).split("\n");
  const folder = bin === "" ? join(path.split(delimiter)[0] ?? "", "bin") : bin;
  if (!isAbsolute(folder)) throw notLookedAt("Go did not say where its programs are.");
  return folder;
}
