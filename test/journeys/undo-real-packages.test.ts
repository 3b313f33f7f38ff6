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
