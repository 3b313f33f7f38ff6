import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { Lookout } from "./lookout.js";
import type { ProcessInfo } from "./process-info.js";

const children: ChildProcess[] = [];
afterEach(() => children.splice(0).forEach((child) => child.kill("SIGKILL")));

function start(words: readonly [string, ...string[]]): ChildProcess {
  const [program, ...args] = words;
  const child = spawn(program, args, { stdio: ["pipe", "ignore", "ignore"] });
  children.push(child);
  return child;
}

const mark = { name: "PULLCORD_RUN_ID", value: "looked-for" };
const found = (all: readonly ProcessInfo[], { pid }: ChildProcess) => all.find((each) => each.pid === pid);

describe.skipIf(!existsSync("/proc/self/environ"))("a lookout", () => {
  it("looks once for all who ask at the same time", async () => {
    const lookout = new Lookout();
    const [one, other] = await Promise.all([lookout.look(), lookout.look()]);
    expect(other).toBe(one);
    expect(await lookout.look()).not.toBe(one);
  });

  it("sees what was done after it was asked before by somebody else", async () => {
    const lookout = new Lookout();
    const asked = lookout.look();
    const child = start(["cat"]);
    expect(found(await asked, child)).toBeDefined();
    expect(found(await lookout.look(), child)).toBeDefined();
  });

  it("reads the environment of a process again once it has begun another program", async () => {
    const lookout = new Lookout();
    // A shell without the mark, until it is told to become a program that has it.
    const child = start(["sh", "-c", `read line; exec env ${mark.name}=${mark.value} cat`]);
    const isMarked = () => {
      const each = found(lookout.lookNow(), child);
      return each !== undefined && lookout.carries(each, mark);
    };
    await expect.poll(() => found(lookout.lookNow(), child)?.words[0]).toBe("sh");
    expect(isMarked()).toBe(false);
    child.stdin?.write("go on\n");
    await expect.poll(isMarked).toBe(true);
  });
});
