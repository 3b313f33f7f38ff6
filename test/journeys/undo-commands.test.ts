import { execFileSync } from "node:child_process";
import { chownSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isRoot, scenes } from "./undo/scenes.js";
import { openOutside, type Outside } from "./undo/outside.js";

let outside: Outside;
beforeEach(() => {
  outside = openOutside();
});
afterEach(() => outside.remove());

describe("undo of a command", () => {
  it.each(scenes)("takes back $what", async ({ before, command, runs }) => {
    outside.setState(before);
    await outside.act("a1", command.split(" "));
    expect(outside.state()).not.toEqual(before);
    const end = await outside.undo();
    expect([end.conflicts, end.unverified, end.failure]).toEqual([[], [], undefined]);
    expect(outside.state()).toEqual(before);
    expect(end.runs.flatMap((each) => each.split("; "))).toEqual(runs);
    expect(outside.keeper.beyondFiles("r")).toEqual([{ actionId: "a1", notKept: null }]);
    // The command that reverts it was put down with the change (E23).
    const told = (await outside.keeper.changesOf("r")).flatMap((change) => change.runs);
    expect(new Set(told)).toEqual(new Set(end.runs));
  });

  it("goes back to the revision of a release that was there, by what is in it", async () => {
    outside.setState({
      helm: {
        web: [
          { revision: 1, chart: "web-1" },
          { revision: 2, chart: "web-2" },
        ],
      },
    });
    await outside.act("a1", ["helm", "upgrade", "web", "./chart"]);
    const end = await outside.undo();
    expect([end.runs, end.conflicts, end.unverified]).toEqual([["helm rollback web 2 --wait"], [], []]);
    const { helm } = outside.state() as { helm: { web: { revision: number; chart: string }[] } };
    expect(helm.web.at(-1)).toEqual({ revision: 4, chart: "web-2" });
  });

  it("is taken back by a redo", async () => {
    outside.setState({ pip: { requests: "2.0" } });
    await outside.act("a1", ["pip", "install", "requests==3.0", "flask"]);
    const after = outside.state();
    await outside.undo();
    outside.keeper.begin("u2", await outside.keeper.planRedo("u1"));
    await outside.keeper.carryOut("u2");
    expect(outside.state()).toEqual(after);
  });
});

describe("what somebody else did", () => {
  it("stays and is listed, and the rest goes back", async () => {
    outside.setState({ pip: { one: "1", two: "1" } });
    await outside.act("a1", ["pip", "install", "one==2", "two==2", "three==2"]);
    outside.run(["pip", "install", "two==3", "four==1"]);
    const end = await outside.undo();
    expect(outside.state()).toEqual({ pip: { one: "1", two: "3", four: "1" } });
    expect(end.conflicts).toEqual([{ of: "command", path: "packages of pip/two", sentence: "Somebody changed it since: 3." }]);
  });

  it("is never taken along: dpkg removes no package that others need", async () => {
    outside.setState({});
    await outside.act("a1", ["apt-get", "install", "jq"]);
    const state = outside.state() as { dpkg: Record<string, unknown> };
    outside.setState({ dpkg: { ...state.dpkg, "mine:amd64": { version: "1", needs: ["jq:amd64"] } } });
    const end = await outside.undo();
    expect(Object.keys((outside.state() as { dpkg: object }).dpkg)).toEqual(["jq:amd64", "libjq1:amd64", "mine:amd64"]);
    expect(end.conflicts.map(({ path }) => path)).toEqual(["system packages/libjq1:amd64", "system packages/jq:amd64"]);
    expect(end.conflicts[0]?.sentence).toMatch(/depends on jq/);
    expect(end.restored).toEqual([]);
  });

  it("between two actions is not the run's", async () => {
    outside.setState({});
    await outside.act("a1", ["pip", "install", "one"]);
    outside.run(["pip", "install", "mine"]);
    await outside.act("a2", ["pip", "install", "two"]);
    await outside.undo();
    expect(outside.state()).toEqual({ pip: { mine: "9.9.9" } });
  });

  it("a container made anew under the same name is another, and stays", async () => {
    outside.setState({});
    await outside.act("a1", ["docker", "run", "--name", "web", "nginx"]);
    outside.run(["docker", "rm", "web"]);
    outside.run(["docker", "run", "--name", "web", "mine"]);
    const mine = outside.state();
    const end = await outside.undo();
    expect(outside.state()).toEqual(mine);
    expect([end.runs, end.conflicts]).toEqual([[], []]);
  });
});

describe("what cannot be taken back", () => {
  it.each([
    ["a volume", {}, ["docker", "volume", "create", "data"], /The volume stays/],
    ["a container that was removed", { containers: { web: { id: "abc", is: "exited" } } }, ["docker", "rm", "web"], /can't be made again/],
    ["a package of Homebrew that went", { brew: { wget: "1.2" } }, ["brew", "uninstall", "wget"], /only its newest version/],
    ["what was in memory only", { mounts: { "/mnt/x": "none tmpfs rw" } }, ["umount", "/mnt/x"], /only in memory/],
    ["a mount by a helper", { mounts: { "/mnt/x": "sh#x fuse.sh rw" } }, ["umount", "/mnt/x"], /Only a person can mount sh#x/],
    ["a package of Arch that went", { pacman: { jq: "1.7-1" } }, ["pacman", "-R", "jq"], /only its newest version back, not 1\.7-1/],
    ["a snap that went", { snap: { hello: "42" } }, ["snap", "remove", "hello"], /only at its channel's newest revision/],
    [
      "a release of Helm that went",
      { helm: { web: [{ revision: 1, chart: "web-1" }] } },
      ["helm", "uninstall", "web"],
      /keeps no revision/,
    ],
    ["a rule of ufw that went", { ufw: { rules: ["allow 22"] } }, ["ufw", "delete", "allow", "22"], /To put it last: ufw allow 22/],
    ["an account that was removed", { passwd: { eve: "eve:x:5:5::/:/bin/sh" } }, ["userdel", "eve"], /its password is gone/],
  ])("is said: %s", async (...[, before, command, sentence]) => {
    outside.setState(before);
    await outside.act("a1", command);
    const after = outside.state();
    const end = await outside.undo();
    expect(end.conflicts.map((left) => left.sentence)).toEqual([expect.stringMatching(sentence)]);
    expect(outside.keeper.beyondFiles("r")).toEqual([{ actionId: "a1", notKept: expect.stringMatching(sentence), stays: true }]);
    expect((await outside.keeper.changesOf("r")).map((change) => change.sentence)).toEqual([expect.stringMatching(sentence)]);
    expect(outside.state()).toEqual(after);
  });

  it("is left when its program refuses, and all else goes back", async () => {
    outside.setState({ pip: { one: "1" } });
    await outside.act("a1", ["pip", "uninstall", "one"]);
    await outside.act("a2", ["pip", "install", "two"]);
    outside.refuse("pip install --disable-pip-version-check one");
    const end = await outside.undo();
    expect(end.conflicts).toEqual([
      { of: "command", path: "packages of pip/one", sentence: "pip install --disable-pip-version-check one==1: E: no network" },
    ]);
    expect([end.restored, end.failure]).toEqual([["packages of pip/two"], undefined]);
    expect(outside.state()).toEqual({});
  });

  it("is told of an action whose place could not be looked at, or in which nothing changed", async () => {
    outside.setState({ pip: { one: "9.9.9" } });
    await outside.act("a1", ["pip", "install", "one"]);
    outside.refuse("pip list");
    await outside.act("a2", ["pip", "install", "two"]);
    outside.refuse(null);
    expect(outside.keeper.beyondFiles("r")).toEqual([
      { actionId: "a1", notKept: "nothing was seen to change in packages of pip" },
      { actionId: "a2", notKept: "could not look at packages of pip: E: no network", stays: true },
    ]);
    expect((await outside.undo()).restored).toEqual([]);
    expect(outside.state()).toEqual({ pip: { one: "9.9.9", two: "9.9.9" } });
  });

  it("is nothing that an agent could smuggle in: options, transports that run programs, other machines", async () => {
    const seen: string[] = [];
    const git = (words: string[]) => ({ program: "git", words, folder: outside.top });
    mkdirSync(join(outside.top, ".git"));
    writeFileSync(join(outside.top, ".git/config"), `[remote "origin"]\n\turl = ext::sh -c "touch ${outside.top}/owned"\n`);
    const commands = [
      git(["push"]),
      git(["push", "--", "--upload-pack=touch"]),
      { program: "docker", words: ["-H", "tcp://x", "rm", "y"], folder: null },
    ];
    await outside.keeper.commands.began({ runId: "r", actionId: "a1" }, { commands, isAll: () => seen.push("asked") > 0 });
    expect([outside.keeper.beyondFiles("r"), outside.calls(), existsSync(join(outside.top, "owned"))]).toEqual([[], [], false]);
  });
});

describe("names and versions that an agent has put there", () => {
  it.each([
    ["a name that reads as an option", { pip: {} }, { pip: { "--index-url=http://evil": "1" } }, /none that a package has/],
    ["a version that is a folder", { pip: { one: "1 @ file:///evil" } }, { pip: {} }, /It came from a place of its own \(1 from file/],
    [
      "a program from a folder",
      { pipx: { one: "1 from /work/one" } },
      { pipx: {} },
      /It came from a place of its own \(1 from \/work\/one/,
    ],
    ["a version that is an option", { pip: { one: "--index-url=http://evil" } }, { pip: {} }, /none that can be had again/],
  ])("become no argument: %s", async (...[, before, after, sentence]) => {
    outside.setState(before);
    const key = { runId: "r", actionId: "a1" };
    const [program = ""] = Object.keys(before);
    outside.keeper.began(key);
    await outside.keeper.commands.began(key, { commands: [{ program, words: ["install", "x"], folder: null }], isAll: () => true });
    outside.setState(after);
    await outside.keeper.ended(key);
    const end = await outside.undo();
    expect([end.runs, end.restored]).toEqual([[], []]);
    expect(end.conflicts.map((left) => left.sentence)).toEqual([expect.stringMatching(sentence)]);
  });
});

describe("with the real programs", () => {
  const git = (folder: string, ...words: string[]) =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b", ...words], { cwd: folder, encoding: "utf8", stdio: "pipe" }).trim();

  function repositories() {
    const [own, remote] = [join(outside.top, "own"), join(outside.top, "remote.git")];
    execFileSync("git", ["init", "--quiet", "--bare", remote]);
    execFileSync("git", ["init", "--quiet", "--initial-branch=main", own]);
    git(own, "commit", "--quiet", "--allow-empty", "-m", "one");
    git(own, "remote", "add", "origin", remote);
    git(own, "push", "--quiet", "origin", "main");
    return { own, refs: () => git(own, "ls-remote", "--refs", remote) };
  }

  it("deletes a branch that was pushed, and puts one back that was forced, unless somebody pushed since", async () => {
    const { own, refs } = repositories();
    const before = refs();
    git(own, "commit", "--quiet", "--amend", "--allow-empty", "-m", "other");
    await outside.act("a1", ["git", "push", "--quiet", "--force", "origin", "main", "main:new", "main:theirs"], own);
    git(own, "commit", "--quiet", "--allow-empty", "-m", "mine");
    git(own, "push", "--quiet", "origin", "main:theirs");
    const theirs = refs()
      .split("\n")
      .find((line) => line.endsWith("theirs")) as string;
    const end = await outside.undo();
    expect(refs().split("\n").toSorted()).toEqual([...before.split("\n"), theirs].toSorted());
    expect(end.conflicts.map(({ path }) => path)).toEqual([expect.stringMatching(/refs\/heads\/theirs$/)]);
  });

  it("runs nothing that a repository on this machine names for whoever pushes to it", async () => {
    const { own, refs } = repositories();
    const before = refs();
    await outside.act("a1", ["git", "push", "--quiet", "origin", "main:new"], own);
    const [remote, owned] = [join(outside.top, "remote.git"), join(outside.top, "owned")];
    const program = `#!/bin/sh\necho "$0" >> ${owned}\n`;
    for (const hook of ["pre-receive", "update", "post-receive", "post-update", "reference-transaction"])
      writeFileSync(join(remote, "hooks", hook), program, { mode: 0o755 });
    git(remote, "config", "core.alternateRefsCommand", `touch ${owned}; true`);
    writeFileSync(join(remote, "objects/info/alternates"), `${join(own, ".git/objects")}\n`);
    const end = await outside.undo();
    expect([end.conflicts, refs()]).toEqual([[], before]);
    expect(existsSync(owned)).toBe(false);
    // The trap does spring for a push that is not ours.
    git(own, "push", "--quiet", "origin", "main:new");
    expect(readFileSync(owned, "utf8")).toMatch(/pre-receive/);
  });

  it("says so when the commit to go back to is not here", async () => {
    const { own } = repositories();
    const other = join(outside.top, "other");
    execFileSync("git", ["clone", "--quiet", "--branch", "main", join(outside.top, "remote.git"), other]);
    git(other, "commit", "--quiet", "--allow-empty", "-m", "theirs");
    git(other, "push", "--quiet", "origin", "HEAD:main");
    git(own, "commit", "--quiet", "--amend", "--allow-empty", "-m", "other");
    await outside.act("a1", ["git", "push", "--quiet", "--force", "origin", "main"], own);
    expect((await outside.undo()).conflicts[0]?.sentence).toMatch(/is not in the repository here/);
  });

  it("shows no password of a remote's address, also where the remote can't be reached", async () => {
    const { own } = repositories();
    const address = "http://ada:hunter2@127.0.0.1:1/shop.git";
    const key = { runId: "r", actionId: "a1" };
    const commands = [{ program: "git", words: ["push", address, "main"], folder: own }];
    expect((await outside.keeper.commands.began(key, { commands, isAll: () => true })).join()).toMatch(
      /could not look at .*\[secret\]@127/,
    );
    await outside.keeper.ended(key);
    const shown = [outside.keeper.beyondFiles("r"), await outside.keeper.changesOf("r"), await outside.undo()];
    expect(JSON.stringify(shown)).toContain("[secret]@127.0.0.1");
    expect(JSON.stringify(shown)).not.toContain("hunter2");
  });

  it("uninstalls a global package of npm", async () => {
    const prefix = join(outside.top, "prefix");
    const own = join(outside.top, "package");
    mkdirSync(join(prefix, "lib"), { recursive: true });
    mkdirSync(own);
    writeFileSync(join(own, "package.json"), JSON.stringify({ name: "of-mine", version: "1.2.3" }));
    const argv = ["npm", "install", "--global", "--prefix", prefix, "--offline", "--no-audit", own];
    await outside.act("a1", argv);
    expect(existsSync(join(prefix, "lib/node_modules/of-mine"))).toBe(true);
    const end = await outside.undo();
    expect(existsSync(join(prefix, "lib/node_modules/of-mine"))).toBe(false);
    expect(end.runs).toEqual([`npm uninstall --global --prefix ${prefix} --globalconfig=/dev/null of-mine`]);
  }, 60_000);

  it.runIf(isRoot)("gives a file back to its owner", async () => {
    const file = join(outside.top, "owned");
    writeFileSync(file, "x");
    chownSync(file, 1234, 1234);
    await outside.act("a1", ["chown", "4321:4321", "owned"]);
    await outside.undo();
    expect([statSync(file).uid, statSync(file).gid]).toEqual([1234, 1234]);
  });
});
