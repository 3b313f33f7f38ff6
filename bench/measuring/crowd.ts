import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { constants, setPriority } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { PersonClient } from "@pullcord/sdk/client";
import { allProcesses } from "../../server/dist/processes/all-processes.js";
import { readProcess } from "../../server/dist/processes/proc.js";
import { processorMs } from "./child.ts";

export interface CrowdServer {
  readonly url: string;
  readonly token: string;
  readonly personToken: string;
  readonly pid: number;
}

/** What the kill file did to a crowd. */
export interface Killed {
  /** From the kill file until a run's processes were gone, for each run. */
  readonly goneMs: readonly number[];
  /** Until the last supervisor had ended. */
  readonly overMs: number;
  /** Processor time that each supervisor used meanwhile. */
  readonly usedMs: readonly number[];
}

interface Supervised {
  readonly child: ChildProcess;
  readonly ended: Promise<unknown>;
  readonly sleepers: readonly { readonly pid: number; readonly startedAt: string }[];
}

const startingAtOnce = 3;
const startLimitMs = 300_000;
const stopLimitMs = 120_000;
/** Whoever looks goes first, so it must not look too often. */
const lookEveryMs = 20;
const sleepersOfRun = 2;
const program = fileURLToPath(new URL("../../server/bin/pullcord.js", import.meta.url));

/** Many `pullcord run`, every second one without containment, each with a process in a session of its own. */
export class Crowd {
  readonly #supervised: Supervised[] = [];
  readonly #folder: string;
  readonly #server: CrowdServer;
  readonly #agent: string;
  /** What nothing else on this machine sleeps. */
  readonly #seconds = `71${String(Math.random()).slice(2, 9)}`;

  constructor(folder: string, server: CrowdServer, agent: string) {
    this.#folder = folder;
    this.#server = server;
    this.#agent = agent;
  }

  async begin(runs: number): Promise<void> {
    const { url, personToken } = this.#server;
    writeFileSync(join(this.#folder, "credentials.json"), JSON.stringify({ server: url, token: personToken }));
    const person = new PersonClient({ url, token: personToken });
    await person.setTrust(this.#agent, "autonomous");
    await person.setAutonomy({ scope: { kind: "agent", id: this.#agent }, level: "full" });
    const numbers = Array.from({ length: runs }, (_, run) => run);
    const beginSome = async () => {
      for (let number = numbers.pop(); number !== undefined; number = numbers.pop()) this.#supervised.push(await this.#begin(number));
    };
    await Promise.all(Array.from({ length: startingAtOnce }, beginSome));
  }

  async kill(): Promise<Killed> {
    lookFirst(true);
    try {
      return await this.#kill();
    } finally {
      lookFirst(false);
    }
  }

  async #kill(): Promise<Killed> {
    const usedBefore = this.#supervised.map(({ child }) => processorMs(child.pid ?? 0));
    const used = [...usedBefore];
    const gone = new Map<Supervised, number>();
    const from = performance.now();
    const after = () => performance.now() - from;
    const over = Promise.all(this.#supervised.map(({ ended }) => ended)).then(after);
    writeFileSync(join(this.#folder, "STOP"), "");
    const isThere = ({ child }: Supervised) => child.exitCode === null && child.signalCode === null;
    for (; this.#supervised.some(isThere) && after() < stopLimitMs; await sleep(lookEveryMs)) {
      this.#supervised.forEach((each, index) => {
        if (!gone.has(each) && !each.sleepers.some(isAlive)) gone.set(each, after());
        if (isThere(each)) used[index] = Math.max(used[index] ?? 0, processorMs(each.child.pid ?? 0));
      });
    }
    const goneMs = this.#supervised.map((each) => gone.get(each) ?? after());
    return { goneMs, overMs: await over, usedMs: used.map((ms, index) => ms - (usedBefore[index] ?? 0)) };
  }

  leave(): void {
    for (const { child, sleepers } of this.#supervised) {
      child.kill("SIGKILL");
      for (const each of sleepers) if (isAlive(each)) process.kill(each.pid, "SIGKILL");
    }
  }

  async #begin(number: number): Promise<Supervised> {
    const nap = `${this.#seconds}.${String(number).padStart(3, "0")}`;
    const containment = number % 2 === 0 ? [] : ["--containment", "marker"];
    const script = `setsid sleep ${nap} & sleep ${nap}; true`;
    const child = spawn(process.execPath, [program, "--data", this.#folder, "run", ...containment, "--", "sh", "-c", script], {
      cwd: this.#folder,
      env: { PATH: process.env["PATH"], HOME: this.#folder, PULLCORD_TOKEN: this.#server.token },
      stdio: ["ignore", "ignore", "pipe"],
      // As from a terminal of its own: Linux shares the processors out by session, and one for all of them gets one part.
      detached: true,
    });
    let said = "";
    child.stderr.on("data", (text: Buffer) => (said += text.toString()));
    const ended = once(child, "exit");
    for (const giveUpAt = Date.now() + startLimitMs; Date.now() < giveUpAt; await sleep(100)) {
      const sleepers = allProcesses().filter(({ words }) => words[0] === "sleep" && words[1] === nap);
      if (sleepers.length === sleepersOfRun) return { child, ended, sleepers };
      if (child.exitCode !== null) break;
    }
    throw new Error(`a run did not begin: ${said}`);
  }
}

/** Whoever looks must not wait for those it looks at. Only root may say so; without it the figures are upper bounds. */
function lookFirst(isFirst: boolean): void {
  try {
    setPriority(isFirst ? constants.priority.PRIORITY_HIGHEST : constants.priority.PRIORITY_NORMAL);
  } catch {
    process.stderr.write("What is measured here also waits for the load: figures are upper bounds.\n");
  }
}

function isAlive({ pid, startedAt }: { readonly pid: number; readonly startedAt: string }): boolean {
  return readProcess(pid)?.startedAt === startedAt;
}
