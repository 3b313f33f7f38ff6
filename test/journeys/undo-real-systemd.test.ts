import { existsSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openRealMachine, skipped } from "./undo/real.js";
import { startSystemd } from "./undo/real-systemd.js";

// A systemd of the test's own, in namespaces, above a layer in memory.
const machine = openRealMachine();
const system = await startSystemd(machine, ["systemctl", "service", "hostnamectl", "hostname", "timedatectl"]);
beforeAll(() => system?.run(units));
afterAll(async () => {
  await system?.end();
  await machine.remove();
});
const run = (command: string) => system?.run(command) ?? "";

/** Units by what is special about them. */
const units = `
cd /etc/systemd/system
unit() { printf '[Unit]\\n%b\\n[Service]\\nExecStart=/bin/sleep 1000\\n[Install]\\n%b\\n' "$2" "$3" > "$1"; }
mkdir -p /opt/units
unit web.service '' 'WantedBy=try.target'
unit helper.service '' 'WantedBy=try.target'
unit main.service '' 'WantedBy=try.target\\nAlso=helper.service\\nAlias=www.service'
unit one.service '' 'WantedBy=try.target\\nAlso=two.service'
unit two.service '' 'WantedBy=try.target\\nAlso=one.service'
unit indirect.service '' 'Also=helper.service'
unit each@.service '' 'WantedBy=try.target\\nDefaultInstance=first'
unit db.service '' ''
unit app.service 'Requires=db.service\\nAfter=db.service' ''
unit other.service 'Requires=db.service' ''
unit enemy.service 'Conflicts=web.service' ''
unit /opt/units/linked.service '' 'WantedBy=try.target'
unit /lib/systemd/system/vendor.service '' 'WantedBy=try.target'
systemctl daemon-reload`;
const names = "web helper main one two indirect db app other enemy linked vendor each@first each@second";
const cleaned = `
systemctl unmask ${names} 2>&1; systemctl stop ${names} 2>&1
rm -rf /etc/systemd/system/*.wants /etc/systemd/system/linked.service /etc/systemd/system/www.service
systemctl daemon-reload; systemctl reset-failed`;

type Scene = [what: string, before: string, commands: string[], runs: string[]];
const hasZones = existsSync("/usr/share/zoneinfo/Europe/Berlin");
const clockScene: Scene = [
  "the clock's zone",
  "timedatectl set-timezone UTC",
  ["timedatectl set-timezone Europe/Berlin"],
  ["timedatectl set-timezone UTC"],
];

/** All links of the units, what runs, and what the machine is called. */
const state = () =>
  run(`cd /etc/systemd/system; find . -type l ! -name default.target -printf '%p -> %l\\n' | sort; systemctl is-active ${names} | tr '\\n' ' '
systemctl get-default; hostname; hostnamectl --static; hostnamectl --pretty; readlink /etc/localtime; timedatectl show --property=NTP`);

describe.runIf(system !== null)(`a running systemd${skipped(system !== null)}`, () => {
  afterEach(async () => {
    await run(cleaned);
    machine.nextRun();
  });

  it.each<Scene>([
    ["a start", "", ["systemctl start web"], ["systemctl stop -- web"]],
    ["a stop", "systemctl start web", ["service web stop"], ["systemctl start -- web"]],
    ["one that brought another", "", ["systemctl start app"], ["systemctl stop -- db", "systemctl stop -- app"]],
    [
      "one that took others along",
      "systemctl start app other",
      ["systemctl stop db"],
      ["systemctl start -- other", "systemctl start -- app", "systemctl start -- db"],
    ],
    [
      "one that another gave way to",
      "systemctl start web",
      ["systemctl start enemy"],
      ["systemctl start -- web", "systemctl stop -- enemy"],
    ],
    ["what starts by itself", "", ["systemctl enable --now web"], ["systemctl disable -- web", "systemctl stop -- web"]],
    [
      "one unit by two names",
      "",
      ["systemctl enable web", "systemctl start web.service"],
      ["systemctl disable -- web", "systemctl stop -- web"],
    ],
    ["one with another and an alias", "", ["systemctl enable main"], ["systemctl disable -- main"]],
    [
      "one whose other was enabled before",
      "systemctl enable helper",
      ["systemctl enable main"],
      ["systemctl disable -- main", "systemctl add-wants -- try.target helper.service"],
    ],
    [
      "one whose other was not",
      "systemctl enable main; systemctl disable helper",
      ["systemctl disable main"],
      ["systemctl enable -- main", "systemctl disable -- helper", "systemctl add-wants -- try.target main.service"],
    ],
    [
      "two that name each other, of which one was enabled",
      "systemctl enable one; rm /etc/systemd/system/try.target.wants/two.service; systemctl daemon-reload",
      ["systemctl disable one"],
      ["systemctl enable -- one", "systemctl disable -- two", "systemctl add-wants -- try.target one.service"],
    ],
    [
      "a link that somebody added",
      "systemctl enable web; systemctl add-wants basic.target web",
      ["systemctl disable web"],
      ["systemctl enable -- web", "systemctl add-wants -- basic.target web.service"],
    ],
    ["one that only others start", "", ["systemctl enable indirect"], ["systemctl disable -- indirect"]],
    ["an instance", "systemctl enable each@second", ["systemctl enable each@first"], ["systemctl disable -- each@first"]],
    ["a template", "", ["systemctl enable each@"], ["systemctl disable -- each@"]],
    ["a unit from elsewhere", "", ["systemctl enable /opt/units/linked.service"], ["systemctl disable -- linked"]],
    [
      "a mask",
      "systemctl enable --now vendor",
      ["systemctl mask --now vendor"],
      [
        "systemctl unmask -- vendor",
        "systemctl enable -- vendor",
        "systemctl add-wants -- try.target vendor.service",
        "systemctl start -- vendor",
      ],
    ],
    ["a mask that went", "systemctl enable vendor; systemctl mask vendor", ["systemctl unmask vendor"], ["systemctl mask -- vendor"]],
    ["what the system starts into", "", ["systemctl set-default rescue.target"], ["systemctl set-default -- try.target"]],
    ["a name", "hostnamectl set-hostname one", ["hostnamectl set-hostname two"], ["hostnamectl hostname --static one"]],
    [
      "a name for people",
      "hostnamectl set-hostname 'My Box'",
      ["hostnamectl set-hostname two"],
      ["hostnamectl hostname --static MyBox", "hostnamectl hostname --pretty 'My Box'"],
    ],
    [
      "a name of the moment",
      "hostnamectl set-hostname one; hostname other",
      ["hostnamectl --static set-hostname two"],
      ["hostnamectl hostname --static one", "hostname other"],
    ],
    [
      "a name where there was none",
      "hostnamectl set-hostname --static ''; hostname localhost",
      ["hostnamectl --static set-hostname two"],
      ["hostnamectl hostname --static ''", "hostname localhost"],
    ],
    ...(hasZones ? [clockScene] : []),
  ])("takes back %s", async (...[, before, commands, runs]) => {
    if (before !== "") await run(before);
    const then = await state();
    for (const [at, command] of commands.entries()) await machine.act(`a${at}`, command.split(" "));
    expect(await state()).not.toBe(then);
    const end = await machine.undo();
    expect([end.runs, end.left, end.unverified]).toEqual([runs, [], []]);
    expect(await state()).toBe(then);
  });

  it("leaves what somebody else's unit needs by now", async () => {
    await machine.act("a1", ["systemctl", "start", "app"]);
    await run("systemctl start other");
    const end = await machine.undo();
    expect(end.left).toEqual(["service app/db runs: other needs it and would stop with it."]);
    expect(await run("systemctl is-active app db other || true")).toBe("inactive\nactive\nactive\n");
  });
});
