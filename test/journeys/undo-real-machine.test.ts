import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { holdNamespaces, isHere, openRealMachine, skipped, works, type RealMachine } from "./undo/real.js";
import { isRoot } from "./undo/scenes.js";

// What changes the machine itself, by the real programs: in namespaces that end with the test, or in folders of its own.
let machine: RealMachine;
beforeEach(() => {
  machine = openRealMachine();
  machine.wrap("sudo", 'shift; exec "$@"');
});
afterEach(() => machine.remove());

const at = (...parts: string[]) => join(machine.top, ...parts);
/** The path of a program behind the one that a test puts in front of it. */
const real = async (program: string) => (await machine.run(["sh", "-c", `PATH=\${PATH#*:} command -v ${program}`])).trim();

const hasLists = isHere("setfacl", "getfacl");

describe.runIf(hasLists)(`setfacl${skipped(hasLists)}`, () => {
  it("gives a file the access list that it had", async () => {
    writeFileSync(at("file"), "x");
    await machine.run(["setfacl", "--modify", "user:1234:r", "file"]);
    const list = () => machine.run(["getfacl", "--omit-header", "--numeric", "file"]);
    const before = await list();
    await machine.act("a1", ["setfacl", "--modify", "user:1234:rwx,user:4321:r", "file"]);
    expect(await list()).not.toBe(before);
    const end = await machine.undo();
    expect([await list(), end.left, end.unverified]).toEqual([before, [], []]);
    expect(end.runs).toEqual([`setfacl --set-file=- -- ${at("file")} (given what stood there before)`]);
  });
});

const hasUnits = isHere("systemctl");

describe.runIf(hasUnits)(`systemctl, offline${skipped(hasUnits)}`, () => {
  beforeEach(async () => {
    mkdirSync(at("root/usr/lib/systemd/system"), { recursive: true });
    writeFileSync(at("root/usr/lib/systemd/system/web.service"), "[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n");
    // Without a systemd that runs, `show` says so; the rest is kept to a folder.
    const offline = 'echo "System has not been booted with systemd as init system (PID 1). Can\'t operate." >&2; exit 1';
    machine.wrap("systemctl", `case "$*" in *show*) ${offline};; esac\nexec ${await real("systemctl")} --root='${at("root")}' "$@"`);
  });
  const state = () => machine.run(["sh", "-c", "systemctl is-enabled web.service || true"]);

  it.each(["enable", "mask"])("takes back %s", async (verb) => {
    await machine.act("a1", ["systemctl", verb, "web.service"]);
    expect(await state()).toBe(`${verb}${verb === "enable" ? "d" : "ed"}\n`);
    const end = await machine.undo();
    expect([await state(), end.left, end.unverified]).toEqual(["disabled\n", [], []]);
  });
});

const hasCrontab = isRoot && isHere("crontab", "unshare") && works("unshare", "--mount", "true") && existsSync("/var/spool/cron/crontabs");

describe.runIf(hasCrontab)(`crontab${skipped(hasCrontab)}`, () => {
  it("gives back the table that was there, or none", async () => {
    mkdirSync(at("tables"));
    const within = `mount --bind '${at("tables")}' /var/spool/cron/crontabs && exec ${await real("crontab")} "$@"`;
    machine.wrap("crontab", `exec unshare --mount sh -c '${within.replaceAll("'", `'\\''`)}' sh "$@"`);
    await machine.act("a1", ["crontab", "-"], { input: "0 3 * * * backup\n" });
    await machine.act("a2", ["crontab", "-r"]);
    await machine.act("a3", ["crontab", "-"], { input: "0 4 * * * other\n" });
    const table = () => machine.run(["sh", "-c", "crontab -l 2>&1 || true"]);
    const parts = await machine.keeper.plan({ runId: "r", actionId: "a3" });
    machine.keeper.begin("only", parts);
    expect((await machine.keeper.carryOut("only")).conflicts).toEqual([]);
    expect(await table()).toMatch(/no crontab for/);
    await machine.run(["crontab", "-"], { input: "0 5 * * * mine\n" });
    expect((await machine.undo()).left).toEqual([expect.stringMatching(/^crontab\/jobs: Somebody changed it since/)]);
    expect(await table()).toBe("0 5 * * * mine\n");
  });
});

const hasAccounts =
  isRoot && isHere("useradd", "groupadd", "usermod", "gpasswd", "getent", "unshare") && works("unshare", "--mount", "true");

describe.runIf(hasAccounts)(`accounts and groups${skipped(hasAccounts)}`, () => {
  it("go as they came, and members leave", async () => {
    mkdirSync(at("etc"));
    for (const file of [
      "passwd",
      "group",
      "shadow",
      "gshadow",
      "login.defs",
      "nsswitch.conf",
      "pam.d",
      "ld.so.cache",
      "security",
      "default",
    ])
      if (existsSync(`/etc/${file}`)) cpSync(`/etc/${file}`, at("etc", file), { recursive: true });
    for (const program of ["useradd", "userdel", "groupadd", "groupdel", "usermod", "groupmod", "gpasswd", "getent"]) {
      const within = `mount --bind '${at("etc")}' /etc && exec ${await real(program)} "$@"`;
      machine.wrap(program, `exec unshare --mount sh -c '${within.replaceAll("'", `'\\''`)}' sh "$@"`);
    }
    await machine.run(["groupadd", "before"]);
    await machine.run(["useradd", "--no-create-home", "--shell", "/bin/sh", "bob"]);
    const accounts = () => readFileSync(at("etc/passwd"), "utf8") + readFileSync(at("etc/group"), "utf8");
    const before = accounts();
    await machine.act("a1", ["useradd", "--no-create-home", "--groups", "before", "eve"]);
    await machine.act("a2", ["usermod", "--append", "--groups", "before", "--shell", "/bin/false", "bob"]);
    await machine.act("a3", ["groupadd", "after"]);
    expect(accounts()).toMatch(/^before:x:\d+:eve,bob$/m);
    const end = await machine.undo();
    expect([accounts(), end.left, end.unverified]).toEqual([before, [], []]);
  });
});

const hasNamespaces = isRoot && isHere("unshare", "nsenter", "findmnt") && works("unshare", "--mount", "--net", "true");

describe.runIf(hasNamespaces)(`in namespaces of its own${skipped(hasNamespaces)}`, () => {
  let held: Awaited<ReturnType<typeof holdNamespaces>>;
  beforeEach(async () => {
    held = await holdNamespaces("--mount", "--net");
  });
  afterEach(() => held.end());
  const within = async (...programs: string[]) => {
    for (const program of programs) machine.wrap(program, `exec ${held.enter} ${await real(program)} "$@"`);
  };

  it("unmounts what was mounted, and says what a mount in memory took along", async () => {
    await within("mount", "umount", "findmnt");
    for (const folder of ["new", "old"]) mkdirSync(at(folder));
    await machine.run(["mount", "-t", "tmpfs", "none", at("old")]);
    const mounted = async () =>
      (await machine.run(["findmnt", "--raw", "--noheadings", "--output", "TARGET"]))
        .split("\n")
        .filter((path) => path.startsWith(machine.top));
    await machine.act("a1", ["mount", "-t", "tmpfs", "none", at("new")]);
    await machine.act("a2", ["umount", at("old")]);
    expect(await mounted()).toEqual([at("new")]);
    const end = await machine.undo();
    expect([await mounted(), end.runs]).toEqual([[], [`umount -- ${at("new")}`]]);
    expect(end.left).toEqual([expect.stringMatching(/only in memory/)]);
  });

  it.runIf(works("unshare", "--net", "sysctl", "-w", "net.ipv4.ip_forward=1"))("sets a kernel setting back", async () => {
    await within("sysctl");
    const value = async () => (await machine.run(["sysctl", "-n", "net.ipv4.ip_forward"])).trim();
    const before = await value();
    await machine.act("a1", ["sysctl", "-w", `net.ipv4.ip_forward=${before === "0" ? 1 : 0}`]);
    expect(await value()).not.toBe(before);
    expect((await machine.undo()).left).toEqual([]);
    expect(await value()).toBe(before);
  });

  it.runIf(works("unshare", "--net", "iptables", "-t", "nat", "-A", "POSTROUTING", "-j", "MASQUERADE"))(
    "puts a table of rules back, with their order",
    async () => {
      await within("iptables", "iptables-save", "iptables-restore");
      const rules = async () => (await machine.run(["iptables", "-S"])).trim();
      await machine.run(["iptables", "-A", "INPUT", "-p", "tcp", "--dport", "80", "-j", "ACCEPT"]);
      const before = await rules();
      await machine.act("a1", ["iptables", "-I", "INPUT", "1", "-j", "DROP"]);
      await machine.act("a2", ["iptables", "-t", "nat", "-A", "POSTROUTING", "-j", "MASQUERADE"]);
      await machine.act("a3", ["iptables", "-P", "INPUT", "DROP"]);
      const end = await machine.undo();
      expect([await rules(), end.left, end.unverified]).toEqual([before, [], []]);
      expect(await machine.run(["iptables", "-t", "nat", "-S"])).not.toMatch(/MASQUERADE/);
    },
  );
});
