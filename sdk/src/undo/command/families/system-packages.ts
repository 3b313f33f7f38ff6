import { asRoot, eachAlone, linesOf, optionOf, verbOf, type Call, type Family, type SeenCommand, type ThingChange } from "../family.js";
import { told } from "../run-program.js";
import { eachPackage, goingTogether, noName, packageFamily } from "./package-names.js";

const aptVerbs = /^(install|reinstall|remove|purge|upgrade|dist-upgrade|full-upgrade|autoremove|satisfy|build-dep)$/;
/** deb-control(5), with the architecture. */
const debianName = /^[a-z0-9][a-z0-9+.-]*(:[a-z0-9-]+)?$/;
const debianVersion = /^[A-Za-z0-9][\w.+~:-]*$/;
/** Another system's packages, in a folder: its scripts are whoever's that may write there, and would run with our rights. */
const otherRoots = ["--root", "--admindir", "--instdir", "--installroot", "--sysroot", "--dbpath", "-r", "-p"];

/** Debian's packages. What was put in goes in one go, and only it: dpkg never takes what depends on it along. */
export const apt: Family = {
  name: "apt",
  placesOf: (command) => {
    const { program, words } = command;
    if (optionOf(words, otherRoots.slice(0, 3)) !== undefined) return [];
    const isDpkg = program === "dpkg" && words.some((word) => /^-[irP]$|^--(install|remove|purge)$/.test(word ?? ""));
    return isDpkg || (/^(apt|apt-get|aptitude)$/.test(program) && aptVerbs.test(verbOf(command) ?? "")) ? [[]] : [];
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
      cannot: changes.filter((change) => !isPlain(change)).map(({ name }) => ({ name, sentence: noName })),
    };
  },
};

const redHat = /^(dnf5?|yum|microdnf|zypper)$/;
const redHatVerbs =
  /^(install|in|reinstall|remove|rm|erase|update|up|upgrade|downgrade|autoremove|swap|localinstall|groupinstall|distro-sync|dup|patch)$/;

/** Packages of RPM; a place is the program that brings them. `rpm --erase` never takes what depends on one along. */
export const rpm: Family = {
  name: "rpm",
  placesOf: (command) => {
    const { program, words } = command;
    if (optionOf(words, otherRoots) !== undefined) return [];
    if (redHat.test(program) && redHatVerbs.test(verbOf(command) ?? "")) return [[program]];
    const isRpm = program === "rpm" && words.some((word) => /^-[iUFe][a-z]*$|^--(install|upgrade|freshen|erase)$/.test(word ?? ""));
    return isRpm ? [["dnf"]] : [];
  },
  named: () => "system packages of RPM",
  look: async (_at, { ask }) => {
    const format = "%{NAME}.%{ARCH}\\t%{EVR}\\n";
    const rows = linesOf(told(await ask({ argv: ["rpm", "--query", "--all", `--queryformat=${format}`] }))).map((line) => line.split("\t"));
    // Of some (kernels), several versions stand beside each other.
    const versions = Map.groupBy(rows, ([name]) => name ?? "");
    return new Map(
      [...versions].map(([name, own]) => [
        name,
        own
          .map(([, version = ""]) => version)
          .toSorted((one, other) => (one < other ? -1 : 1))
          .join(" "),
      ]),
    );
  },
  ways: async ([program = "dnf"], changes, { ask }) => {
    const ways = eachPackage(changes, ({ name, from, to }) =>
      to === null ? [asRoot(["rpm", "--erase", name])] : [asRoot(rpmBringing(program, { name, from, to }))],
    );
    return goingTogether(ways, { ask, remove: ["rpm", "--erase"], rehearse: ["rpm", "--erase", "--test"] });
  },
};

function rpmBringing(
  program: string,
  { name, from, to }: { readonly name: string; readonly from: string | null; readonly to: string },
): string[] {
  const [, own = name, architecture = ""] = /^(.*)\.([^.]+)$/.exec(name) ?? [];
  if (program === "zypper") return ["zypper", "--non-interactive", "install", "--oldpackage", `${own}.${architecture}=${to}`];
  const isOlder = from !== null && to.localeCompare(from, "en", { numeric: true }) < 0;
  return [program, isOlder ? "downgrade" : "install", "--assumeyes", `${own}-${to}.${architecture}`];
}

const says = (command: SeenCommand, program: string, verbs: RegExp) => command.program === program && verbs.test(verbOf(command) ?? "");

export const apk = packageFamily({
  name: "apk",
  named: "system packages of Alpine",
  isMeant: (command) =>
    says(command, "apk", /^(add|del|upgrade|fix)$/) && optionOf(command.words, [...otherRoots, "--repositories-file"]) === undefined,
  list: ["apk", "info", "--verbose"],
  pattern: /^(.+)-(\d\S*-r\d+)$/,
  remove: (name) => asRoot(["apk", "del", name]),
  bring: (name, version) => asRoot(["apk", "add", `${name}=${version}`]),
});

const archPackages = packageFamily({
  name: "pacman",
  named: "system packages of Arch",
  isMeant: ({ program, words }) =>
    program === "pacman" &&
    words.some((word) => /^-[SRU][a-z]*$|^--(sync|remove|upgrade)$/.test(word ?? "")) &&
    optionOf(words, [...otherRoots, "-b", "--config"]) === undefined,
  list: ["pacman", "--query"],
  pattern: /^(\S+) (\S+)$/,
  remove: (name) => asRoot(["pacman", "--remove", "--noconfirm", name]),
  bring: (_name, version) => `Arch brings only its newest version back, not ${version}.`,
});

export const pacman: Family = {
  ...archPackages,
  ways: async (at, changes, machine) => {
    const remove = ["pacman", "--remove", "--noconfirm"];
    return goingTogether(await archPackages.ways(at, changes, machine), { ask: machine.ask, remove, rehearse: [...remove, "--print"] });
  },
};

export const brew: Family = {
  name: "brew",
  placesOf: (command) => (says(command, "brew", /^(install|reinstall|uninstall|remove|rm|upgrade)$/) ? [[]] : []),
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

/** Snaps by their revision: what it kept of the one before comes back with it. */
export const snap = packageFamily({
  name: "snap",
  named: "snaps",
  isMeant: (command) => says(command, "snap", /^(install|remove|refresh|revert)$/),
  list: ["snap", "list"],
  pattern: /^(\S+)\s+\S+\s+(x?\d+)\s/,
  remove: (name) => asRoot(["snap", "remove", name]),
  bring: (name, revision, from) =>
    from === null
      ? `A snap that was removed comes back only at its channel's newest revision, not ${revision}.`
      : asRoot(["snap", "revert", name, `--revision=${revision}`]),
});

/** Flatpaks; a place is whose they are. */
export const flatpak: Family = {
  name: "flatpak",
  placesOf: (command) => {
    const { words } = command;
    if (!says(command, "flatpak", /^(install|uninstall|remove|update)$/) || optionOf(words, ["--installation"]) !== undefined) return [];
    return [[words.includes("--user") ? "--user" : "--system"]];
  },
  named: ([whose]) => `flatpaks${whose === "--user" ? " of the user" : ""}`,
  look: async ([whose = "--system"], { ask }) => {
    const rows = linesOf(told(await ask({ argv: ["flatpak", "list", whose, "--columns=ref,active:f,origin"] }))).map((line) =>
      line.split("\t"),
    );
    return new Map(
      rows.flatMap(([ref, commit = "", origin = ""]) => (ref?.includes("/") ? [[ref, `${commit.trim()} ${origin.trim()}`]] : [])),
    );
  },
  ways: ([whose = "--system"], changes) => eachAlone(changes, (change) => flatpakWay(whose, change)),
};

function flatpakWay(whose: string, { name, from, to }: ThingChange): Call[] | string {
  const [commit = "", origin = ""] = (to ?? "").split(" ");
  if (!/^\w[\w.-]*(\/[\w.-]+){2}$/.test(name) || (to !== null && !/^[0-9a-f]{8,64} \w[\w.-]*$/.test(to)))
    return "Its name or version is none that a flatpak has.";
  const call = (...words: string[]): Call => {
    const argv = ["flatpak", ...words.slice(0, 1), whose, "--assumeyes", "--noninteractive", ...words.slice(1)];
    return whose === "--user" ? { argv } : asRoot(argv);
  };
  if (to === null) return [call("uninstall", name)];
  return [...(from === null ? [call("install", origin, name)] : []), call("update", `--commit=${commit}`, name)];
}
