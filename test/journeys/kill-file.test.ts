import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { AgentClient, PersonClient } from "@pullcord/sdk/client";
import { afterEach, describe, expect, it } from "vitest";
import { allProcesses } from "../../server/src/processes/all-processes.js";
import { ServerProcess, type Started } from "./crash/server-process.js";

const program = fileURLToPath(new URL("../../server/bin/pullcord.js", import.meta.url));
/** Runs of each fault; 50 shows it all (docs/stop.md). */
const runs = Number(process.env["PULLCORD_TEST_KILL_FILE_RUNS"] ?? 12);
const startingAtOnce = 3;
/** On a machine that has much else to do, fewer have to be enough. */
const startLimitMs = 60_000 + runs * 4_000;
const fewestRuns = 6;
const testLimitMs = startLimitMs + 180_000;
const lookEveryMs = 200;
const silenceMs = 1_000;

interface Fault {
  readonly what: string;
  /** Makes it happen. @returns whether it did, as seen from outside */
  readonly strike: (place: { server: ServerProcess; started: Started; folder: string }) => Promise<boolean>;
}

const faults: readonly Fault[] = [
  { what: "the server dead", strike: async ({ server }) => (await server.kill()) === "SIGKILL" },
  {
    what: "the database held by another program",
    strike: async ({ started: { url, tokens }, folder }) => {
      const holder = new DatabaseSync(join(folder, "pullcord.db"));
      leaving.push(() => holder.close());
      holder.exec("begin immediate");
      const agent = new AgentClient({ url, token: tokens["tester"] ?? "" });
      return agent.openRun({ task: "try" }).then(
        () => false,
        (error: { readonly reason?: string }) => error.reason === "not_recorded",
      );
    },
  },
  {
    what: "the network silent",
    // To a client this is the same: its connection is taken, and nothing ever comes back.
    strike: async ({ server, started: { url, owner } }) => {
      server.freeze();
      const person = new PersonClient({ url, token: owner, requestMs: silenceMs });
      return person.status().then(
        () => false,
        (error: { readonly reason?: string }) => error.reason === "unreachable",
      );
    },
  },
];

const leaving: (() => unknown)[] = [];
afterEach(async () => {
  for (const leave of leaving.splice(0).reverse()) await leave();
});

describe("the kill file ends all runs, contained or not, with what they put into sessions of their own,", () => {
  it.each(faults)("with $what", { timeout: testLimitMs }, async ({ strike }) => {
    const folder = mkdtempSync(join(tmpdir(), "pullcord-kill-file-"));
    const server = new ServerProcess();
    leaving.push(
      () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
      () => server.kill(),
    );
    const started = await server.start({ dataFolder: folder, agents: ["tester"] });
    await prepare(folder, started);
    const crowd = new Crowd(folder, started.tokens["tester"] ?? "");
    leaving.push(() => crowd.leave());
    await crowd.begin();
    const alive = crowd.supervisors.length;
    expect(alive).toBeGreaterThanOrEqual(Math.min(fewestRuns, runs));
    expect(crowd.sleepers()).toHaveLength(2 * alive);
    expect(await strike({ server, started, folder })).toBe(true);
    const ended = crowd.supervisors.map(({ child }) => new Promise((resolve) => child.once("exit", resolve)));
    const from = performance.now();
    writeFileSync(join(folder, "STOP"), "");
    // How long it takes is measured in bench/; here it has to come to an end, and that of the supervisors is the latest there is.
    const over = Promise.all(ended).then(() => true);
    while (crowd.sleepers().length > 0 && !(await Promise.race([over, sleep(20, false)])));
    const tookMs = Math.round(performance.now() - from);
    await over;
    const left = crowd.sleepers();
    process.stderr.write(`${alive} runs: ${left.length} processes left after ${tookMs} ms\n`);
    // Whoever is still there was named by the supervisor that could not end it; and here nobody is.
    expect(left.filter(({ pid }) => !crowd.named().includes(String(pid)))).toEqual([]);
    expect(left).toEqual([]);
  });
});

async function prepare(folder: string, { url, owner }: Started): Promise<void> {
  writeFileSync(join(folder, "credentials.json"), JSON.stringify({ server: url, token: owner }));
  const person = new PersonClient({ url, token: owner });
  await person.setTrust("tester", "autonomous");
  await person.setAutonomy({ scope: { kind: "agent", id: "tester" }, level: "full" });
}

interface Supervised {
  readonly child: ChildProcess;
  said: string;
}

/** Many `pullcord run`, every second one without containment. */
class Crowd {
  readonly supervisors: Supervised[] = [];
  readonly #folder: string;
  readonly #token: string;
  /** What nothing else on this machine sleeps. */
  readonly #seconds = `72${String(Math.random()).slice(2, 9)}`;

  constructor(folder: string, token: string) {
    this.#folder = folder;
    this.#token = token;
  }

  async begin(): Promise<void> {
    const numbers = Array.from({ length: runs }, (_, run) => run);
    const until = Date.now() + startLimitMs;
    const beginSome = async () => {
      for (let number = numbers.pop(); number !== undefined && Date.now() < until; number = numbers.pop()) await this.#begin(number, until);
    };
    await Promise.all(Array.from({ length: startingAtOnce }, beginSome));
  }

  sleepers(number?: number) {
    const wanted = number === undefined ? `${this.#seconds}.` : this.#nap(number);
    return allProcesses().filter(({ words }) => words[0] === "sleep" && words[1]?.startsWith(wanted));
  }

  /** All that the supervisors have said. */
  named(): string {
    return this.supervisors.map(({ said }) => said).join("\n");
  }

  leave(): void {
    for (const { child } of this.supervisors) child.kill("SIGKILL");
    for (const { pid } of this.sleepers()) process.kill(pid, "SIGKILL");
  }

  /** Starts one and waits until it sleeps. A machine with much to do may take too long for the gate: then it is started again. */
  async #begin(number: number, until: number): Promise<void> {
    const isThere = () => this.sleepers(number).length === 2;
    while (!isThere() && Date.now() < until) {
      const started = this.#start(number);
      const ended = new Promise((resolve) => started.child.once("exit", resolve));
      while (!isThere() && started.child.exitCode === null && Date.now() < until) await sleep(lookEveryMs);
      if (isThere()) this.supervisors.push(started);
      else {
        started.child.kill();
        await ended;
      }
    }
  }

  #start(number: number): Supervised {
    const script = `setsid sleep ${this.#nap(number)} & sleep ${this.#nap(number)}; true`;
    const containment = number % 2 === 0 ? [] : ["--containment", "marker"];
    const child = spawn(process.execPath, [program, "--data", this.#folder, "run", ...containment, "--", "sh", "-c", script], {
      cwd: this.#folder,
      env: { PATH: process.env["PATH"], HOME: this.#folder, PULLCORD_TOKEN: this.#token },
      stdio: ["ignore", "ignore", "pipe"],
      // As from a terminal of its own: Linux shares the processors out by session.
      detached: true,
    });
    const supervised: Supervised = { child, said: "" };
    child.stderr.on("data", (text: Buffer) => (supervised.said += text.toString()));
    return supervised;
  }

  #nap(number: number): string {
    return `${this.#seconds}.${String(number).padStart(3, "0")}`;
  }
}
