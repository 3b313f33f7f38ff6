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
    const prefix = optionOf(words, ["--prefix"]);
    return [prefix?.startsWith("/") === true ? [prefix] : []];
  },
  named: ([prefix]) => `npm's global packages${prefix === undefined ? "" : ` in ${prefix}`}`,
  look: async ([prefix], { ask }) => {
    const { stdout } = await ask({ argv: ["npm", "ls", "--global", "--json", "--depth=0", ...inPrefix(prefix)] });
    const { dependencies = {} } = parsed(stdout, "npm") as { dependencies?: Record<string, { version?: string }> };
    return new Map(Object.entries(dependencies).map(([name, { version = "?" }]) => [name, version]));
  },
  ways: ([prefix], changes) =>
    eachPackage(changes, ({ name, to }) =>
      to === null
        ? [{ argv: ["npm", "uninstall", "--global", ...inPrefix(prefix), name] }]
        : [{ argv: ["npm", "install", "--global", ...inPrefix(prefix), `${name}@${to}`] }],
    ),
};

function inPrefix(prefix: string | undefined): string[] {
  return prefix === undefined ? [] : ["--prefix", prefix];
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
    const listed = told(await ask({ argv: [...at, "list", "--format=json", "--disable-pip-version-check"] }));
    return new Map((parsed(listed, "pip") as { name: string; version: string }[]).map(({ name, version }) => [name, version]));
  },
  ways: (at, changes) =>
    eachPackage(changes, ({ name, to }) => [
      { argv: to === null ? [...at, "uninstall", "--yes", name] : [...at, "install", "--disable-pip-version-check", `${name}==${to}`] },
    ]),
};

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
    const gone = changes.filter(({ to }) => to === null);
    const back = changes.filter(({ to }) => to !== null);
    const named = ({ name, to }: ThingChange) => `${name}=${to}`;
    return {
      steps: [
        ...(gone.length === 0 ? [] : [{ changes: gone, calls: [asRoot(["dpkg", "--remove", ...gone.map(({ name }) => name)])] }]),
        ...(back.length === 0
          ? []
          : [{ changes: back, calls: [asRoot(["apt-get", "install", "--yes", "--allow-downgrades", "--no-remove", ...back.map(named)])] }]),
      ],
      cannot: [],
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
      if (to.includes(" from ")) return `It came from a place of its own (${to}), which only a person can name again.`;
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
