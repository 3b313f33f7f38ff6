import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { endProcesses, signalProcesses } from "./end-processes.js";
import { allProcesses, findProcesses, type ProcessTarget } from "./find-processes.js";
import type { ProcessInfo } from "./process-info.js";

const appearLimitMs = 5_000;
const quick = { graceMs: 200, deadlineMs: 4_500 };

// Shapes of threats.md, section 1. Each keeps the marker; `sleep N` with a number of its own tells one from another.
const shapes: readonly { readonly name: string; readonly script: string; readonly processes: number }[] = [
  { name: "a plain command", script: "exec sleep 7001", processes: 1 },
  { name: "a child of a child", script: "sh -c 'sleep 7002; true'; true", processes: 3 },
  { name: "a child in a session of its own", script: "setsid sleep 7003 & sleep 7003", processes: 3 },
  { name: "a double fork", script: "(setsid sh -c 'sleep 7004 & wait' &) ; sleep 7004", processes: 4 },
  { name: "a double fork whose parent is gone", script: "(setsid sh -c 'setsid sleep 7005 & exit' &) ; exit", processes: 1 },
  { name: "one that ignores the request to end", script: "trap '' TERM; while :; do sleep 7006; done", processes: 2 },
  { name: "a storm of forks", script: "storm() { while :; do setsid sleep 7007 & sleep 0.03; done; }; storm & storm", processes: 8 },
  { name: "a stopped one", script: "sleep 7008 & kill -STOP $!; wait", processes: 2 },
];

let markers = 0;
const begun: ProcessTarget[] = [];

async function begin(script: string, processes: number): Promise<ProcessTarget & { readonly pid: number }> {
  markers += 1;
  const marker = { name: "PULLCORD_RUN_ID", value: `test-${process.pid}-${markers}` };
  const child = spawn("sh", ["-c", script], { detached: true, stdio: "ignore", env: { ...process.env, [marker.name]: marker.value } });
  const target = { pid: child.pid ?? 0, group: child.pid ?? 0, marker };
  begun.push(target);
  const giveUpAt = Date.now() + appearLimitMs;
  while (findProcesses(target).length < processes && Date.now() < giveUpAt) await sleep(20);
  return target;
}

const livingOf = ({ marker }: ProcessTarget): ProcessInfo[] => findProcesses({ marker });

describe.skipIf(!existsSync("/proc/self/environ"))("ending the processes of a run", () => {
  afterEach(async () => {
    for (const target of begun.splice(0)) await endProcesses(target, { graceMs: 0 });
  });

  it.each(shapes)("ends $name and leaves none", async ({ script, processes }) => {
    const target = await begin(script, processes);
    // The fault really is there before it is ended.
    expect(livingOf(target).length).toBeGreaterThanOrEqual(processes);
    const { ended, survivors, tookMs } = await endProcesses(target, quick);
    expect(survivors).toEqual([]);
    expect(ended).toBeGreaterThanOrEqual(processes);
    expect(tookMs).toBeLessThan(5_000);
    await sleep(100);
    expect(livingOf(target)).toEqual([]);
  });

  it("lets a process end by itself within the grace", async () => {
    const target = await begin("trap 'exit 0' TERM; while :; do sleep 0.05; done", 1);
    const { survivors, tookMs } = await endProcesses(target, { graceMs: 3_000, deadlineMs: 4_500 });
    expect(survivors).toEqual([]);
    expect(tookMs).toBeLessThan(2_000);
  });

  it("never ends itself, nor a stranger", async () => {
    const stranger = await begin("exec sleep 7010", 1);
    const { ended } = await endProcesses(
      { pid: process.pid, marker: { name: "PULLCORD_RUN_ID", value: "nobody" } },
      { graceMs: 0, deadlineMs: 200 },
    );
    expect(allProcesses().some(({ pid }) => pid === process.pid)).toBe(true);
    expect(livingOf(stranger)).toHaveLength(1);
    expect(ended).toBe(0);
  });

  it("names the survivors when the time is up", async () => {
    const target = await begin("exec sleep 7011", 1);
    const { survivors } = await endProcesses(target, { graceMs: 0, deadlineMs: 0 });
    expect(survivors.every((name) => name.includes("sleep 7011"))).toBe(true);
  });

  it("holds a whole tree still and lets it go on", async () => {
    const target = await begin("sleep 7012 & setsid sleep 7012 & wait", 3);
    const state = () => livingOf(target).map(({ state: letter }) => letter);
    expect(signalProcesses(target, "SIGSTOP")).toBe(3);
    await expect.poll(state).toEqual(["T", "T", "T"]);
    expect(signalProcesses(target, "SIGCONT")).toBe(3);
    await expect.poll(() => state().includes("T")).toBe(false);
  });
});
