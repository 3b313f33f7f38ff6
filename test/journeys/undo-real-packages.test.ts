import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isHere, openRealMachine, skipped, works, type RealMachine } from "./undo/real.js";

// Packages built on the spot, put in by the real programs into folders of the test's own. What a machine lacks is skipped, and named.
let machine: RealMachine;
beforeEach(() => {
  machine = openRealMachine();
});
afterEach(() => machine.remove());

const hasDebian = isHere("dpkg", "dpkg-deb", "apt-get");

describe.runIf(hasDebian)(`dpkg and apt${skipped(hasDebian)}`, () => {
  const root = () => join(machine.top, "root");
  const status = () => machine.run(["dpkg-query", "--show", "--showformat=${Package} ${Version} ${db:Status-Status}\\n"]);

  /** A package without contents but one file, and its entry in a list of packages. */
  async function built(name: string, version: string, depends = ""): Promise<string> {
    const folder = join(machine.top, "build", `${name}-${version}`);
    mkdirSync(join(folder, "DEBIAN"), { recursive: true });
    mkdirSync(join(folder, "opt"));
    writeFileSync(join(folder, "opt", name), version);
    const control = `Package: ${name}\nVersion: ${version}\nArchitecture: all\nMaintainer: a <a@b>\n${depends}Description: for a test\n`;
    writeFileSync(join(folder, "DEBIAN/control"), control);
    const repository = join(machine.top, "repository");
    mkdirSync(repository, { recursive: true });
    const file = join(repository, `${name}_${version}_all.deb`);
    await machine.run(["dpkg-deb", "--build", "--root-owner-group", folder, file]);
    const sha256 = createHash("sha256").update(readFileSync(file)).digest("hex");
    const entry = `${control}Filename: ./${name}_${version}_all.deb\nSize: ${statSync(file).size}\nSHA256: ${sha256}\n\n`;
    writeFileSync(join(repository, "Packages"), entry, { flag: "a" });
    return file;
  }

  beforeEach(() => {
    for (const folder of [
      "var/lib/dpkg/info",
      "var/lib/dpkg/updates",
      "var/lib/apt/lists/partial",
      "var/cache/apt/archives/partial",
      "etc/apt/apt.conf.d",
      "etc/apt/preferences.d",
    ])
      mkdirSync(join(root(), folder), { recursive: true });
    for (const file of ["status", "available"]) writeFileSync(join(root(), "var/lib/dpkg", file), "");
    const list = `deb [trusted=yes] file:${machine.top}/repository ./\n`;
    writeFileSync(join(root(), "etc/apt/sources.list"), list);
    const force = "--force-not-root --force-bad-path --force-script-chrootless";
    machine.wrap("dpkg", `exec /usr/bin/dpkg --root='${root()}' --log=/dev/null ${force} "$@"`);
    machine.wrap("dpkg-query", `exec /usr/bin/dpkg-query --admindir='${root()}/var/lib/dpkg' "$@"`);
    const own = `-o Dir='${root()}' -o Dir::State::status='${root()}/var/lib/dpkg/status' -o Dir::Bin::dpkg='${machine.top}/bin/dpkg' -o APT::Sandbox::User= -o DPkg::Run-Directory=/ -o DPkg::Path= -o Dir::Log=/tmp -o Dir::Log::Terminal= -o Dir::Log::History=`;
    machine.wrap("apt-get", `exec /usr/bin/apt-get ${own} "$@"`);
    machine.wrap("sudo", 'shift; exec "$@"');
  });

  it("takes out what was put in, with what it needs, and nothing that somebody else's needs", async () => {
    const debs = [await built("lib-a", "1"), await built("tool-a", "1", "Depends: lib-a\n"), await built("lib-b", "1")];
    const mine = await built("mine", "1", "Depends: lib-b\n");
    await machine.act("a1", ["dpkg", "--install", ...debs]);
    expect(await status()).toBe("lib-a 1 installed\nlib-b 1 installed\ntool-a 1 installed\n");
    await machine.run(["dpkg", "--install", mine]);
    const end = await machine.undo();
    // dpkg refuses what others need, and takes the rest out: that alone is listed.
    expect(await status()).toBe("lib-b 1 installed\nmine 1 installed\n");
    expect(end.left).toEqual([expect.stringMatching(/^system packages\/lib-b:all: .*dpkg --remove/)]);
    await machine.run(["dpkg", "--remove", "mine"]);
    expect((await machine.undo()).left).toEqual([]);
    expect(await status()).toBe("");
    expect(existsSync(join(root(), "opt/tool-a"))).toBe(false);
  });

  it("brings the version of before back, from where it came", async () => {
    await built("tool-a", "1");
    await built("tool-a", "2");
    await machine.run(["apt-get", "update"]);
    await machine.run(["apt-get", "install", "--yes", "tool-a=1"]);
    await machine.act("a1", ["apt-get", "install", "--yes", "tool-a"]);
    expect(await status()).toBe("tool-a 2 installed\n");
    const end = await machine.undo();
    expect([await status(), end.left, end.unverified]).toEqual(["tool-a 1 installed\n", [], []]);
    expect(end.runs).toEqual([expect.stringMatching(/apt-get install --yes --allow-downgrades --no-remove tool-a:\w+=1$/)]);
  });
});

const hasRpm = isHere("rpm", "rpmbuild");

describe.runIf(hasRpm)(`rpm${skipped(hasRpm)}`, () => {
  const spec = (name: string, needs = "") =>
    `Name: ${name}\nVersion: 1\nRelease: 1\nSummary: x\nLicense: x\nBuildArch: noarch\n${needs}%description\nx\n%files\n`;

  it("takes out what was put in, and nothing that somebody else's needs", async () => {
    machine.wrap("rpm", `exec /usr/bin/rpm --dbpath='${machine.top}/rpmdb' "$@"`);
    machine.wrap("sudo", 'shift; exec "$@"');
    const built = async (name: string, needs?: string) => {
      writeFileSync(join(machine.top, `${name}.spec`), spec(name, needs));
      await machine.run(["rpmbuild", "-bb", "--quiet", "--define", `_topdir ${machine.top}/rpms`, `${name}.spec`]);
      return join(machine.top, "rpms/RPMS/noarch", `${name}-1-1.noarch.rpm`);
    };
    const [one, two, mine] = [await built("one"), await built("two"), await built("mine", "Requires: two\n")];
    // Debian's own rpm has to be told.
    const install = ["rpm", "--install", ...(works("rpm", "--force-debian", "--version") ? ["--force-debian"] : [])];
    await machine.act("a1", [...install, one, two]);
    await machine.run([...install, mine]);
    const end = await machine.undo();
    expect((await machine.run(["rpm", "--query", "--all"])).trim().split("\n").toSorted()).toEqual(["mine-1-1.noarch", "two-1-1.noarch"]);
    expect(end.left).toEqual([expect.stringMatching(/RPM\/two\.noarch: .*rpm --erase two\.noarch/)]);
    expect(end.runs.length).toBe(2);
  });
});

const hasDnf = isHere("dnf", "rpm", "rpmbuild", "createrepo_c");
const hasZypper = isHere("zypper", "rpm", "rpmbuild", "createrepo_c");

describe.runIf(hasDnf || hasZypper)(`brought from a repository of RPM's${skipped(hasDnf || hasZypper)}`, () => {
  const at = (...parts: string[]) => join(machine.top, ...parts);
  const listed = async () => (await machine.run(["rpm", "--query", "--all"])).trim().split("\n").toSorted();

  beforeEach(async () => {
    // `ring-a` and `ring-b` need each other, `tool` needs `lib`.
    const needs: Record<string, string> = {
      "lib-1": "",
      "tool-1": "lib",
      "tool-2": "lib",
      "tool-10": "lib",
      "ring-a-1": "ring-b",
      "ring-b-1": "ring-a",
    };
    for (const [full, other] of Object.entries(needs)) {
      const [, name = "", version = ""] = /^(.*)-(\d+)$/.exec(full) ?? [];
      const header = `Name: ${name}\nVersion: ${version}\nRelease: 1\nSummary: x\nLicense: x\nBuildArch: noarch\n`;
      writeFileSync(at(`${full}.spec`), `${header}${other === "" ? "" : `Requires: ${other}\n`}%description\nx\n%files\n`);
      await machine.run(["rpmbuild", "-bb", "--quiet", "--define", `_topdir ${at("rpms")}`, `${full}.spec`]);
    }
    await machine.run(["createrepo_c", "--quiet", at("rpms/RPMS")]);
    for (const folder of ["root", "lists"]) mkdirSync(at(folder));
    writeFileSync(at("lists/own.repo"), `[own]\nname=own\nbaseurl=file://${at("rpms/RPMS")}\ngpgcheck=0\nenabled=1\n`);
    // zypper names the root by itself.
    machine.wrap("rpm", `case "$*" in *--root*) exec /usr/bin/rpm "$@";; *) exec /usr/bin/rpm --root='${at("root")}' "$@";; esac`);
    const set = Object.entries({ reposdir: at("lists"), cachedir: at("cache"), logdir: at("root"), persistdir: at("persist") });
    const own = set.map(([key, value]) => `--setopt=${key}='${value}'`).join(" ");
    machine.wrap("dnf", `exec /usr/bin/dnf --installroot='${at("root")}' ${own} --releasever=1 "$@"`);
    machine.wrap("zypper", `exec /usr/bin/zypper --root '${at("root")}' --no-gpg-checks "$@"`);
    machine.wrap("sudo", 'shift; exec "$@"');
  });

  it.each<[string, boolean, string[], string[]]>([
    ["dnf", hasDnf, ["dnf", "install", "--assumeyes"], ["dnf", "upgrade", "--assumeyes"]],
    ["zypper", hasZypper, ["zypper", "--non-interactive", "install"], ["zypper", "--non-interactive", "update"]],
  ])("%s: what came goes together, and a version of before comes back", async (...[program, isPossible, install, upgrade]) => {
    if (!isPossible) return;
    if (program === "zypper")
      await machine.run(["zypper", "--non-interactive", "addrepo", "--no-gpgcheck", `file://${machine.top}/rpms/RPMS`, "own"]);
    await machine.run([...install, "tool=1"].map((word) => (program === "dnf" ? word.replace("=", "-") : word)));
    const before = await listed();
    expect(before).toEqual(["lib-1-1.noarch", "tool-1-1.noarch"]);
    await machine.act("a1", upgrade);
    await machine.act("a2", [...install, "ring-a"]);
    expect(await listed()).toEqual(["lib-1-1.noarch", "ring-a-1-1.noarch", "ring-b-1-1.noarch", "tool-10-1.noarch"]);
    const end = await machine.undo();
    expect([await listed(), end.left, end.unverified]).toEqual([before, [], []]);
    expect(end.runs[0]).toMatch(/rpm --erase ring-[ab]\.noarch ring-[ab]\.noarch$/);
  });

  it("what others need goes after them, and stays where it is somebody else's", async () => {
    await machine.act("a1", ["sh", "-c", "true"], { as: ["dnf", "install", "nothing"] });
    const files = (name: string) => `rpms/RPMS/noarch/${name}-1.noarch.rpm`;
    const put = ["rpm", "--install", ...(works("rpm", "--force-debian", "--version") ? ["--force-debian"] : [])];
    await machine.act("a2", [...put, files("lib-1"), files("ring-a-1"), files("ring-b-1")]);
    await machine.run([...put, files("tool-1")]);
    const end = await machine.undo();
    expect(await listed()).toContain("lib-1-1.noarch");
    expect(end.left.join()).toMatch(/lib\.noarch: .*rpm --erase lib\.noarch/);
  });
});

const hasPacman = isHere("pacman", "repo-add", "bsdtar", "zstd");

describe.runIf(hasPacman)(`pacman${skipped(hasPacman)}`, () => {
  it("takes out together what came together, and leaves what somebody else's needs", async () => {
    const at = (...parts: string[]) => join(machine.top, ...parts);
    for (const [name, needs] of Object.entries({ base: "", lib: "", tool: "lib", mine: "lib", "ring-a": "ring-b", "ring-b": "ring-a" })) {
      mkdirSync(at("build", name), { recursive: true });
      const own = {
        pkgname: name,
        pkgbase: name,
        pkgver: "1-1",
        pkgdesc: "x",
        url: "x",
        builddate: "1",
        packager: "x",
        size: "1",
        arch: "any",
      };
      const info = Object.entries({ ...own, ...(needs === "" ? {} : { depend: needs }) }).map(([key, value]) => `${key} = ${value}\n`);
      writeFileSync(at("build", name, ".PKGINFO"), info.join(""));
      mkdirSync(at("repository"), { recursive: true });
      const file = at("repository", `${name}-1-1-any.pkg.tar.zst`);
      await machine.run(["bsdtar", "--zstd", "-cf", file, "-C", at("build", name), ".PKGINFO"]);
      await machine.run(["repo-add", "--quiet", at("repository/own.db.tar.gz"), file]);
    }
    mkdirSync(at("root/var/lib/pacman"), { recursive: true });
    const settings = `RootDir = ${at("root")}\nDBPath = ${at("root/var/lib/pacman")}\nCacheDir = ${at("cache")}\nLogFile = ${at("log")}\n`;
    writeFileSync(
      at("pacman.conf"),
      `[options]\n${settings}SigLevel = Never\nArchitecture = x86_64\n[own]\nServer = file://${at("repository")}\n`,
    );
    machine.wrap("pacman", `exec /usr/bin/pacman --config '${at("pacman.conf")}' "$@"`);
    machine.wrap("sudo", 'shift; exec "$@"');
    const listed = () => machine.run(["pacman", "--query"]);
    await machine.run(["pacman", "-Sy", "--noconfirm", "base"]);
    await machine.act("a1", ["pacman", "-S", "--noconfirm", "tool", "ring-a"]);
    expect(await listed()).toBe("base 1-1\nlib 1-1\nring-a 1-1\nring-b 1-1\ntool 1-1\n");
    expect((await machine.keeper.changesOf("r"))[0]?.runs).toEqual([
      expect.stringMatching(/^pacman --remove --noconfirm( (lib|tool|ring-[ab])){4}$/),
    ]);
    await machine.run(["pacman", "-S", "--noconfirm", "mine"]);
    const end = await machine.undo();
    expect(end.left.join()).toMatch(/lib: .*breaks dependency|lib: pacman --remove --noconfirm lib/);
    expect(await listed()).not.toMatch(/tool/);
    await machine.run(["pacman", "-R", "--noconfirm", "mine"]);
    expect((await machine.undo()).left).toEqual([]);
    expect(await listed()).toBe("base 1-1\n");
  });
});
