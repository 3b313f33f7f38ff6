import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { allProcesses } from "../../server/src/processes/all-processes.js";
import type { Grade } from "../../server/src/processes/containment/grade.js";
import { freezer } from "../../server/src/processes/containment/freezer.js";
import { grades, tryGrades, type Tried } from "../../server/src/processes/containment/index.js";
import { marker } from "../../server/src/processes/containment/marker.js";
import { drillRound } from "../../server/src/processes/drill/round.js";
import { shapes } from "../../server/src/processes/drill/shapes.js";
import { effectOf, endRun, findMembers, freezeRun, thawRun } from "../../server/src/processes/end-run.js";
import { Lookout } from "../../server/src/processes/lookout.js";
import { identify } from "../../server/src/processes/identity.js";
import { prepareRun } from "../../server/src/processes/prepare-run.js";
import type { RunTarget } from "../../server/src/processes/run-target.js";

const appearLimitMs = 90_000;
/** More by hand: `PULLCORD_STOP_ROUNDS=200`. */
const rounds = Number(process.env["PULLCORD_STOP_ROUNDS"] ?? 1);

let names = 0;
const begun: RunTarget[] = [];
const bystanders: ChildProcess[] = [];

async function begin(script: string, { grade, processes }: { readonly grade: Grade; readonly processes: number }): Promise<RunTarget> {
  names += 1;
  const name = `test-${process.pid}-${names}`;
  const prepared = await prepareRun(name, grade);
  const { child, place } = await grade.start({
    name,
    words: ["sh", "-c", script],
    spawn: ([program = "", ...args]) =>
      spawn(program, args, {
        detached: true,
        stdio: ["ignore", "ignore", "ignore", ...prepared.inherited],
        env: { ...process.env, ...prepared.environment },
      }),
  });
  prepared.release();
  const root = identify(child.pid ?? 0);
  const target = { ...prepared.target, place, ...(root && { root }) };
  begun.push(target);
  const giveUpAt = Date.now() + appearLimitMs;
  while (findMembers(target).length < processes && Date.now() < giveUpAt) await sleep(20);
  // The fault really is there before it is ended.
  expect(findMembers(target).length).toBeGreaterThanOrEqual(processes);
  return target;
}

function bystander(seconds: string): ChildProcess {
  const child = spawn("sleep", [seconds], { stdio: "ignore", detached: true });
  bystanders.push(child);
  return child;
}

/** A number of seconds that nothing else on this machine sleeps. */
const own = (number: number) => `${number}.${process.pid}`;

const running = (seconds: string) => allProcesses().filter(({ words }) => words[0] === "sleep" && words[1] === seconds);

describe.skipIf(!existsSync("/proc/self/environ"))("ending a run", () => {
  let tried: readonly Tried[] = [];
  beforeAll(async () => {
    tried = await tryGrades();
  });
  afterEach(async () => {
    for (const target of begun.splice(0)) await endRun(target, { graceMs: 0 });
    for (const child of bystanders.splice(0)) child.kill("SIGKILL");
    for (const { pid } of running(own(7015))) process.kill(pid, "SIGKILL");
  });

  describe.each(grades)("held by $kind", (grade) => {
    it.for(shapes)("ends $name and leaves none", { timeout: 20_000 + rounds * 2_000 }, async (shape, { skip }) => {
      const problem = tried.find((each) => each.grade === grade)?.problem ?? null;
      skip(problem !== null, `${grade.kind} does not work here: ${problem}`);
      const stranger = bystander(own(7010));
      for (let round = 0; round < rounds; round += 1) {
        const { alive, left, unnamed } = await drillRound(shape, grade);
        expect(alive).toBeGreaterThanOrEqual(shape.sleepers);
        expect([left, unnamed]).toEqual([0, 0]);
      }
      expect(running(own(7010)).map(({ pid }) => pid)).toEqual([stranger.pid]);
    });

    it("stands still and goes on, all of it", async ({ skip }) => {
      const problem = tried.find((each) => each.grade === grade)?.problem ?? null;
      skip(problem !== null, `${grade.kind} does not work here: ${problem}`);
      const folder = mkdtempSync(join(tmpdir(), "pullcord-"));
      const ticking = (name: string) => `while :; do echo . >> ${join(folder, name)}; sleep 0.02; done`;
      const ticksOf = (name: string) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), "utf8").length : 0);
      const tick = ticking("run");
      const target = await begin(`setsid sh -c '${tick}' & ${tick}`, { grade, processes: 2 });
      const ticks = () => ticksOf("run");
      bystanders.push(spawn("sh", ["-c", ticking("bystander")], { stdio: "ignore" }));
      const whileBystanderTicks = async () => {
        const before = ticksOf("bystander");
        await expect.poll(() => ticksOf("bystander")).toBeGreaterThan(before + 10);
      };
      await expect.poll(ticks).toBeGreaterThan(4);
      expect(freezeRun(target)).toBeGreaterThanOrEqual(2);
      await whileBystanderTicks();
      const before = ticks();
      await whileBystanderTicks();
      expect(ticks()).toBe(before);
      expect(thawRun(target)).toBeGreaterThanOrEqual(2);
      await expect.poll(ticks).toBeGreaterThan(before + 4);
    });
  });

  it("says how each process ended, and when", async () => {
    const target = await begin("trap '' TERM; sleep 7013 & while :; do sleep 7014; done", { grade: marker, processes: 3 });
    const { processes, ended } = await endRun(target);
    expect(ended).toBe(processes.length);
    const ofCommand = (command: string) => processes.find((each) => each.command === command);
    expect(processes.find(({ command }) => command.startsWith("sh -c trap"))).toMatchObject({ outcome: "killed" });
    expect(ofCommand("sleep 7013")?.afterMs).toBeGreaterThanOrEqual(0);
  });

  it("lets a process end by itself within the grace", async () => {
    const target = await begin("trap 'exit 0' TERM; while :; do sleep 0.05; done", { grade: marker, processes: 1 });
    const { survivors, processes } = await endRun(target, { graceMs: 5_000, deadlineMs: 9_000 });
    expect(survivors).toEqual([]);
    expect(processes.find(({ command }) => command.startsWith("sh -c"))).toMatchObject({ outcome: "asked" });
  });

  it("ends what is known before it looks through everything that runs", async () => {
    const target = await begin(`setsid sleep ${own(7016)} & sleep ${own(7016)}`, { grade: marker, processes: 3 });
    expect(running(own(7016))).toHaveLength(2);
    const leftAtLooks: number[] = [];
    class Witness extends Lookout {
      override lookNow() {
        leftAtLooks.push(running(own(7016)).length);
        return super.lookNow();
      }
    }
    const { survivors } = await endRun(target, { lookout: new Witness(), graceMs: 5_000, deadlineMs: 9_000 });
    expect(survivors).toEqual([]);
    // And it does look, twice, for what nobody knows of.
    expect(leftAtLooks).toEqual([0, 0]);
  });

  it("lets what has strayed end by itself, too", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "pullcord-")), "asked");
    const stray = `trap "echo > ${file}; exit" TERM; while :; do sleep 0.05; done`;
    const target = await begin(`(setsid sh -c '${stray}' &); sleep ${own(7017)}`, { grade: marker, processes: 3 });
    const { survivors, processes } = await endRun(target, { graceMs: 5_000, deadlineMs: 12_000 });
    expect(survivors).toEqual([]);
    expect(existsSync(file)).toBe(true);
    expect(processes.find(({ command }) => command.startsWith("sh -c trap"))).toMatchObject({ outcome: "asked" });
  });

  it("names what it can't tell from a stranger, ends nothing of it, and does not claim to have stopped", async () => {
    // It clears its environment, closes what it was given, begins a session and loses its parent: nothing ties it to the run.
    const script = `(setsid env -i /bin/bash -c 'exec 42>&-; setsid sleep ${own(7015)} & exit' &); sleep 7016`;
    const target = await begin(script, { grade: marker, processes: 2 });
    await expect.poll(() => running(own(7015)).length).toBe(1);
    const [escaped] = running(own(7015));
    const ending = await endRun(target);
    expect(running(own(7015))).toHaveLength(1);
    expect(ending.processes.find(({ pid }) => pid === escaped?.pid)).toMatchObject({ outcome: "unknown", why: "orphan" });
    expect(effectOf(ending)).toMatchObject({ step: "unproven", survivors: [] });
  });

  it("ends by force what does not listen, though the time is up before its turn comes", async () => {
    const target = await begin("trap '' TERM; exec sleep 7017", { grade: marker, processes: 1 });
    await endRun(target, { graceMs: 0, deadlineMs: 0 });
    await expect.poll(() => findMembers(target)).toEqual([]);
  });

  it("names the survivors when the time is up", async ({ skip }) => {
    const problem = tried.find(({ grade }) => grade === freezer)?.problem ?? null;
    skip(problem !== null, `nothing can be kept from ending here: ${problem}`);
    const target = await begin("exec sleep 7017", { grade: freezer, processes: 1 });
    freezeRun(target);
    // Whoever does not know what holds it can't let it go on to its end.
    const { place: _, ...loose } = target;
    const ending = await endRun(loose, { graceMs: 0, deadlineMs: 100 });
    expect(ending.survivors).toEqual([`${target.root?.pid} sleep 7017`]);
    expect(effectOf(ending)).toMatchObject({ step: "unproven" });
    expect(ending.processes[0]).toMatchObject({ outcome: "survived", why: "uninterruptible" });
  });

  it("never ends itself, what it descends from, or the system's first process", async () => {
    const own = process.pid;
    for (const pid of [own, process.ppid, 1]) {
      const startedAt = identify(pid)?.startedAt ?? "";
      const { ended } = await endRun({ root: { pid, startedAt } }, { graceMs: 0, deadlineMs: 200 });
      expect(allProcesses().some((each) => each.pid === pid)).toBe(true);
      expect(ended).toBe(pid === 1 ? 0 : ended);
    }
  });

  it("leaves a process alone that has a known number and started at another time", async () => {
    const stranger = bystander(own(7018));
    await endRun({ root: { pid: stranger.pid ?? 0, startedAt: "1" } }, { graceMs: 0, deadlineMs: 200 });
    expect(running(own(7018))).toHaveLength(1);
  });

  it("takes no folder for a control group that is none", async () => {
    const stranger = bystander(own(7019));
    const folder = join(mkdtempSync(join(tmpdir(), "pullcord-")), "pullcord-forged");
    mkdirSync(folder);
    writeFileSync(join(folder, "cgroup.procs"), `${stranger.pid}\n`);
    const { ended } = await endRun({ place: { kind: "cgroup", folder } }, { graceMs: 0, deadlineMs: 200 });
    expect([ended, running(own(7019)).length]).toEqual([0, 1]);
  });
});
