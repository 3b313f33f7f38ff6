import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PersonClient } from "@pullcord/sdk/client";
import { allProcesses } from "../../server/src/processes/all-processes.js";
import { ServerProcess } from "./crash/server-process.js";

const program = fileURLToPath(new URL("../../server/bin/pullcord.js", import.meta.url));
const runs = 50;
const startingAtOnce = 3;
/** On a machine that has much else to do, fewer have to be enough. */
const startLimitMs = 120_000;
const fewestRuns = 10;
/** What nothing else on this machine sleeps. */
const seconds = `72${process.pid}`;
const testLimitMs = 400_000;
const lookEveryMs = 200;
/** What E5 allows; how long it takes is measured in bench/. */
const stopLimitMs = 5_000;

describe("the kill file, with the server down", () => {
  const folder = mkdtempSync(join(tmpdir(), "pullcord-offline-"));
  const server = new ServerProcess();
  let token = "";
  const supervisors: ChildProcess[] = [];
  beforeAll(async () => {
    const { url, owner, tokens } = await server.start({ dataFolder: folder, agents: ["tester"] });
    token = tokens["tester"] ?? "";
    writeFileSync(join(folder, "credentials.json"), JSON.stringify({ server: url, token: owner }));
    const person = new PersonClient({ url, token: owner });
    await person.setTrust("tester", "autonomous");
    await person.setAutonomy({ scope: { kind: "agent", id: "tester" }, level: "full" });
  });
  afterAll(async () => {
    for (const child of supervisors) child.kill("SIGKILL");
    await server.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  const sleepers = (of = "") => allProcesses().filter(({ words }) => words[0] === "sleep" && words[1]?.startsWith(`${seconds}.${of}`));

  /** Starts one and waits until it sleeps. A machine with much to do may take too long for the gate: then it is started again. */
  async function begin(number: string, until: number): Promise<void> {
    const script = `setsid sleep ${seconds}.${number} & sleep ${seconds}.${number}; true`;
    const isThere = () => sleepers(number).length === 2;
    while (!isThere() && Date.now() < until) {
      const child = spawn(process.execPath, [program, "--data", folder, "run", "--", "sh", "-c", script], {
        cwd: folder,
        env: { PATH: process.env["PATH"], HOME: folder, PULLCORD_TOKEN: token },
        stdio: "ignore",
      });
      const ended = new Promise((resolve) => child.once("exit", resolve));
      while (!isThere() && child.exitCode === null && Date.now() < until) await sleep(lookEveryMs);
      if (isThere()) supervisors.push(child);
      else child.kill();
      if (!isThere()) await ended;
    }
  }

  it("ends fifty runs, with what they put into sessions of their own", { timeout: testLimitMs }, async () => {
    const numbers = Array.from({ length: runs }, (_, run) => String(run).padStart(3, "0"));
    const startUntil = Date.now() + startLimitMs;
    const beginAll = async () => {
      for (let number = numbers.pop(); number !== undefined && Date.now() < startUntil; number = numbers.pop())
        await begin(number, startUntil);
    };
    await Promise.all(Array.from({ length: startingAtOnce }, beginAll));
    expect(await server.kill()).toBe("SIGKILL");
    const alive = supervisors.length;
    expect(alive).toBeGreaterThanOrEqual(fewestRuns);
    expect(sleepers()).toHaveLength(2 * alive);
    const ended = Promise.all(supervisors.map((child) => new Promise((resolve) => child.once("exit", resolve))));
    writeFileSync(join(folder, "STOP"), "");
    for (const giveUpAt = Date.now() + stopLimitMs; sleepers().length > 0 && Date.now() < giveUpAt;) await sleep(20);
    expect(sleepers()).toEqual([]);
    await ended;
  });
});
