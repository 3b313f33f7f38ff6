import { devNull } from "node:os";
import { isAbsolute, resolve } from "node:path";
import {
  asRoot,
  eachAlone,
  linesOf,
  operandsOf,
  optionOf,
  verbOf,
  type Call,
  type Family,
  type SeenCommand,
  type ThingChange,
  type Ways,
} from "../family.js";
import { notLookedAt, told } from "../run-program.js";

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
    return new Map(Object.entries(dependencies).map(([name, { version = "?", resolved }]) => [name, withOrigin(version, resolved)]));
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

/** What came from a folder or an address of its own is not what a registry has under the same name. */
function withOrigin(version: string, from: string | undefined): string {
  return from === undefined || /^https?:\/\/.*\/-\/[^/]+\.tgz$/.test(from) ? version : `${version} from ${from}`;
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
    const pip = (...words: string[]) => ask({ argv: [...at, ...words, "--disable-pip-version-check"] });
    const [listed, frozen] = (await Promise.all([pip("list", "--format=json"), pip("freeze", "--all")])).map(told);
    const origins = originsIn(frozen ?? "");
    return new Map(
      (parsed(listed ?? "", "pip") as PipPackage[]).map(({ name, version, editable_project_location: editable }) => [
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

/** deb-control(5), with the architecture. */
const debianName = /^[a-z0-9][a-z0-9+.-]*(:[a-z0-9-]+)?$/;
const debianVersion = /^[A-Za-z0-9][\w.+~:-]*$/;
const aptVerbs = /^(install|reinstall|remove|purge|upgrade|dist-upgrade|full-upgrade|autoremove|satisfy|build-dep)$/;

/** Debian's packages. What was put in goes in one go, and only it: dpkg never takes what depends on it along. */
export const apt: Family = {
  name: "apt",
  placesOf: (command) => {
    const isDpkg = command.program === "dpkg" && command.words.some((word) => /^-[irP]$|^--(install|remove|purge)$/.test(word ?? ""));
    return isDpkg || (/^(apt|apt-get|aptitude)$/.test(command.program) && aptVerbs.test(verbOf(command) ?? "")) ? [[]] : [];
  },
  named: () => "system packages",
  look: async (_at, { ask }) => {
    const format = "${db:Status-Status}\\t${Package}:${Architecture}\\t${Version}\\n";
    const rows = linesOf(told(await ask({ argv: ["dpkg-query", "--show", `--showformat=${format}`] }))).map((line) => line.split("\t"));
    return new Map(rows.flatMap(([status, name, version]) => (status === "installed" && name && version ? [[name, version]] : [])));
  },
  ways: (_at, changes) => {
    const isPlain = ({ name, to }: ThingChange) => debianName.test(name) && (to === null || debianVersion.test(to));
    const gone = changes.filter((change) => isPlain(change) && change.to === null);
    const back = changes.filter((change) => isPlain(change) && change.to !== null);
    const named = ({ name, to }: ThingChange) => `${name}=${to}`;
    return {
      steps: [
        ...(gone.length === 0 ? [] : [{ changes: gone, calls: [asRoot(["dpkg", "--remove", ...gone.map(({ name }) => name)])] }]),
        ...(back.length === 0
          ? []
          : [{ changes: back, calls: [asRoot(["apt-get", "install", "--yes", "--allow-downgrades", "--no-remove", ...back.map(named)])] }]),
      ],
      cannot: changes
        .filter((change) => !isPlain(change))
        .map(({ name }) => ({ name, sentence: "Its name or version is none that a package has." })),
    };
  },
};

export const brew: Family = {
  name: "brew",
  placesOf: (command) =>
    command.program === "brew" && /^(install|reinstall|uninstall|remove|rm|upgrade)$/.test(verbOf(command) ?? "") ? [[]] : [],
  named: () => "packages of Homebrew",
  look: async (_at, { ask }) => {
    const rows = linesOf(told(await ask({ argv: ["brew", "list", "--versions"] }))).map((line) => line.split(" "));
    return new Map(rows.flatMap(([name, ...versions]) => (name === undefined ? [] : [[name, versions.join(" ")]])));
  },
  ways: (_at, changes) =>
    eachPackage(changes, ({ name, to }) =>
      to === null ? [{ argv: ["brew", "uninstall", "--formula", name] }] : `Homebrew brings only its newest version back, not ${to}.`,
    ),
};

export const cargo: Family = {
  name: "cargo",
  placesOf: (command) =>
    command.program === "cargo" && /^(install|uninstall)$/.test(verbOf(command) ?? "") && !hasRoot(command) ? [[]] : [],
  named: () => "programs of Cargo",
  look: async (_at, { ask }) => {
    const listed = told(await ask({ argv: ["cargo", "install", "--list"] }));
    return new Map(
      [...listed.matchAll(/^(\S+) v(\S+?)(?: \((.*)\))?:$/gm)].map(([, name = "", version = "", from]) => [
        name,
        from === undefined ? version : `${version} from ${from}`,
      ]),
    );
  },
  ways: (_at, changes) =>
    eachPackage(changes, ({ name, to }) => {
      if (to === null) return [{ argv: ["cargo", "uninstall", name] }];
      return [{ argv: ["cargo", "install", "--force", "--version", to, name] }];
    }),
};

/** A package's name, with its scope, that is neither an option nor an address. */
const plainName = /^(@[\w.~-]+\/)?\w[\w.+~@-]*$/;
const plainVersion = /^\w[\w.+!~-]*$/;

/**
 * The way of each package by itself. What is said to be there stands in files that an agent may have written: a name that
 * reads as an option, or a version that is a folder of its own making, would have an undo run what it likes.
 */
function eachPackage(changes: readonly ThingChange[], way: (change: ThingChange) => readonly Call[] | string): Ways {
  return eachAlone(changes, (change) => {
    const found = way(change);
    if (typeof found === "string") return found;
    if (!plainName.test(change.name)) return "Its name is none that a package has, so nothing is run with it.";
    if (change.to?.includes(" from ")) return `It came from a place of its own (${change.to}), which only a person can name again.`;
    if (change.to !== null && !plainVersion.test(change.to)) return `Its version (${change.to}) is none that can be had again.`;
    return found;
  });
}

function hasRoot({ words }: SeenCommand): boolean {
  return words.some((word) => word === "--root" || word?.startsWith("--root=") === true);
}

function parsed(text: string, program: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw notLookedAt(`${program} did not say what is there.`);
  }
}
