import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { isHere, openRealMachine, skipped, works, type RealMachine } from "./undo/real.js";

// Packages built on the spot, put in by the languages' own programs into folders of the test's own, from folders or a registry on loopback.
let machine: RealMachine;
beforeEach(() => {
  machine = openRealMachine();
});
afterEach(() => machine.remove());

const at = (...parts: string[]) => join(machine.top, ...parts);
const write = (path: string, text: string) => {
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text);
};

const hasPython = isHere("python3") && works("python3", "-c", "import venv, ensurepip");
/** Makes a wheel (PEP 427) without any tool for it. */
const wheelMaker = `
import sys, zipfile
name, version, folder = sys.argv[1:]
info = f"{name}-{version}.dist-info"
with zipfile.ZipFile(f"{folder}/{name}-{version}-py3-none-any.whl", "w") as wheel:
    wheel.writestr(f"{name}.py", f"version = '{version}'")
    wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n")
    wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr(f"{info}/RECORD", "")
`;

describe.runIf(hasPython)(`pip${skipped(hasPython)}`, () => {
  // One environment for all: to make it takes longest. Each test leaves it empty.
  const venv = mkdtempSync(join(tmpdir(), "pullcord-venv-"));
  beforeAll(() => works("python3", "-m", "venv", venv));
  afterAll(() => rmSync(venv, { recursive: true, force: true }));

  beforeEach(async () => {
    machine.environment["PATH"] = `${venv}/bin:${machine.environment["PATH"]}`;
    mkdirSync(at("wheels"));
    for (const wheel of [
      ["one", "1.0"],
      ["one", "2.0"],
      ["two", "1.0"],
    ])
      await machine.run(["python3", "-c", wheelMaker, ...wheel, at("wheels")]);
    write(at("pip.conf"), `[global]\nno-index = true\nfind-links = ${at("wheels")}\n`);
    machine.environment["PIP_CONFIG_FILE"] = at("pip.conf");
  });
  const listed = async () => (await machine.run(["pip", "freeze"])).trim().split("\n").toSorted();

  it("takes out what was put in, and brings the version of before back", async () => {
    await machine.run(["pip", "install", "one==1.0"]);
    await machine.act("a1", ["pip", "install", "--upgrade", "one", "two"]);
    expect(await listed()).toEqual(["one==2.0", "two==1.0"]);
    const end = await machine.undo();
    expect([await listed(), end.left, end.unverified]).toEqual([["one==1.0"], [], []]);
    await machine.redo();
    expect(await listed()).toEqual(["one==2.0", "two==1.0"]);
    await machine.run(["pip", "uninstall", "--yes", "one", "two"]);
  });

  it("does not fetch by its name what came from a folder of its own", async () => {
    await machine.run(["pip", "install", at("wheels/two-1.0-py3-none-any.whl")]);
    await machine.act("a1", ["pip", "uninstall", "--yes", "two"]);
    const end = await machine.undo();
    expect([end.runs, end.left]).toEqual([
      [],
      [expect.stringMatching(/packages of pip\/two: It came from a place of its own \(1\.0 from file:/)],
    ]);
  });
});

const hasNpm = isHere("npm");

describe.runIf(hasNpm)(`npm${skipped(hasNpm)}`, () => {
  let registry: Server;
  let other: Server;
  const asked: string[] = [];
  const addressOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  beforeEach(async () => {
    asked.length = 0;
    const tarballs = new Map<string, Buffer>();
    for (const version of ["1.0.0", "2.0.0"]) {
      write(at("package", "package.json"), JSON.stringify({ name: "one", version }));
      await machine.run(["npm", "pack", "--silent", at("package"), "--pack-destination", machine.top]);
      tarballs.set(version, readFileSync(at(`one-${version}.tgz`)));
    }
    registry = createServer((request, response) => {
      const [, version] = /one-(.*)\.tgz$/.exec(request.url ?? "") ?? [];
      if (version !== undefined) return response.end(tarballs.get(version));
      const dist = (own: string) => ({
        tarball: `${addressOf(registry)}/one/-/one-${own}.tgz`,
        integrity: `sha512-${createHash("sha512")
          .update(tarballs.get(own) as Buffer)
          .digest("base64")}`,
      });
      const versions = Object.fromEntries([...tarballs.keys()].map((own) => [own, { name: "one", version: own, dist: dist(own) }]));
      response.end(JSON.stringify({ name: "one", "dist-tags": { latest: "2.0.0" }, versions }));
    });
    other = createServer((request, response) => {
      asked.push(request.url ?? "");
      response.writeHead(404).end();
    });
    for (const server of [registry, other]) await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    write(at("home/.npmrc"), `registry=${addressOf(registry)}\nfund=false\naudit=false\nupdate-notifier=false\n`);
    mkdirSync(at("prefix/lib"), { recursive: true });
  });
  afterEach(() => void [registry, other].map((server) => server.close()));

  const version = () => JSON.parse(readFileSync(at("prefix/lib/node_modules/one/package.json"), "utf8")) as { version: string };

  it("brings the version of before back, from the registry of the server's account, whatever the prefix says", async () => {
    await machine.run(["npm", "install", "--global", "--prefix", at("prefix"), "one@1.0.0"]);
    await machine.act("a1", ["npm", "install", "--global", "--prefix", at("prefix"), "one@2.0.0"]);
    expect(version().version).toBe("2.0.0");
    // What an agent may have written there; an npm that reads it does ask there.
    write(at("prefix/etc/npmrc"), `registry=${addressOf(other)}\n`);
    machine.environment["npm_config_userconfig"] = "/dev/null";
    await expect(machine.run(["npm", "view", "one", "--global", "--prefix", at("prefix")])).rejects.toMatchObject({ code: 1 });
    expect(asked).toHaveLength(1);
    delete machine.environment["npm_config_userconfig"];
    const end = await machine.undo();
    expect([version().version, end.left, end.unverified]).toEqual(["1.0.0", [], []]);
    expect(asked).toHaveLength(1);
  });
});

const hasCargo = isHere("cargo", "rustc", "cc") && works("cargo", "--version");

describe.runIf(hasCargo)(`cargo${skipped(hasCargo)}`, () => {
  it("brings the version of before back, and takes out what was put in", async () => {
    const own = process.env["RUSTUP_HOME"] ?? join(homedir(), ".rustup");
    if (existsSync(own)) machine.environment["RUSTUP_HOME"] = own;
    machine.environment["CARGO_HOME"] = at("cargo");
    for (const version of ["1.0.0", "2.0.0"]) {
      const folder = at("vendor", `one-${version}`);
      write(join(folder, "Cargo.toml"), `[package]\nname = "one"\nversion = "${version}"\nedition = "2021"\n`);
      write(join(folder, "src/main.rs"), "fn main() {}\n");
      write(join(folder, ".cargo-checksum.json"), '{"files":{},"package":null}');
    }
    write(at("cargo/config.toml"), `[source.crates-io]\nreplace-with = "local"\n[source.local]\ndirectory = "${at("vendor")}"\n`);
    await machine.run(["cargo", "install", "one", "--version", "1.0.0"]);
    await machine.act("a1", ["cargo", "install", "one"]);
    expect(await machine.run(["cargo", "install", "--list"])).toMatch(/^one v2\.0\.0/);
    const end = await machine.undo();
    expect([await machine.run(["cargo", "install", "--list"]), end.left]).toEqual(["one v1.0.0:\n    one\n", []]);
  });
});

const hasGems = isHere("gem");

describe.runIf(hasGems)(`gem${skipped(hasGems)}`, () => {
  it("takes out the version that was put in beside another", async () => {
    machine.environment["GEM_HOME"] = at("gems");
    for (const version of ["1.0.0", "2.0.0"]) {
      const text = `Gem::Specification.new { |s| s.name = "one"; s.version = "${version}"; s.summary = "x"; s.authors = ["a"]; s.files = [] }`;
      write(at("repository/one.gemspec"), text);
      await machine.run(["gem", "build", "one.gemspec"], { folder: at("repository") });
    }
    const install = ["gem", "install", "--local", "--no-document"];
    await machine.run([...install, at("repository/one-1.0.0.gem")]);
    await machine.act("a1", [...install, at("repository/one-2.0.0.gem")]);
    const listed = () => machine.run(["gem", "list", "--local", "--quiet", "^one$"]);
    expect(await listed()).toBe("one (2.0.0, 1.0.0)\n");
    const end = await machine.undo();
    expect([await listed(), end.left, end.unverified]).toEqual(["one (1.0.0)\n", [], []]);
  });
});

const hasGo = isHere("go");
/** A module in a proxy's own layout (go.dev/ref/mod#goproxy-protocol). */
const moduleMaker = `
import json, os, sys, zipfile
folder, version = sys.argv[1:]
own = f"{folder}/example.test/one/@v"
os.makedirs(own, exist_ok=True)
mod = "module example.test/one\\n\\ngo 1.16\\n"
open(f"{own}/list", "a").write(version + "\\n")
open(f"{own}/{version}.info", "w").write(json.dumps({"Version": version, "Time": "2020-01-01T00:00:00Z"}))
open(f"{own}/{version}.mod", "w").write(mod)
with zipfile.ZipFile(f"{own}/{version}.zip", "w") as archive:
    archive.writestr(f"example.test/one@{version}/go.mod", mod)
    archive.writestr(f"example.test/one@{version}/main.go", "package main\\n\\nfunc main() {}\\n")
`;

describe.runIf(hasGo && hasPython)(`go${skipped(hasGo && hasPython)}`, () => {
  it("brings the program of before back, and takes out what was put in", async () => {
    const own = { GOPATH: at("go"), GOPROXY: `file://${at("proxy")}`, GOSUMDB: "off", GOCACHE: at("cache"), GOFLAGS: "-modcacherw" };
    Object.assign(machine.environment, own);
    for (const version of ["v1.0.0", "v1.1.0"]) await machine.run(["python3", "-c", moduleMaker, at("proxy"), version]);
    await machine.act("a1", ["go", "install", "example.test/one@v1.0.0"]);
    await machine.act("a2", ["go", "install", "example.test/one@v1.1.0"]);
    const built = async () => /\tmod\t\S+\t(\S+)/.exec(await machine.run(["go", "version", "-m", at("go/bin/one")]))?.[1];
    expect(await built()).toBe("v1.1.0");
    const [first, second] = (await machine.keeper.changesOf("r")).map((change) => change.runs);
    expect([first, second]).toEqual([["go install example.test/one@v1.0.0", `cd ${at("go/bin")} && rm -- ./one`], undefined]);
    const end = await machine.undo();
    expect([existsSync(at("go/bin/one")), end.left]).toEqual([false, []]);
    await machine.redo();
    expect(await built()).toBe("v1.1.0");
  });
});
