import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { AgentClient, PersonClient } from "@pullcord/sdk/client";
import { startChild, type Child } from "./child.ts";
import { percentile } from "./statistics.ts";

interface Listening {
  readonly url: string;
  readonly token: string;
  readonly personToken: string;
  readonly pid: number;
}

/** Sockets that are opened at a time; more would overflow the backlog. */
const openingAtATime = 100;
const settleMs = 1_500;
const longestWaitMs = 20_000;

export interface Fanout {
  readonly listeners: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly lastMs: number;
  /** Resident memory of the server for each connection, in KiB. */
  readonly memoryKib: number;
}

/** Until each of so many live streams, held by this process, has a stop that a person makes at the server, another process. */
export async function streamFanout(dataFolder: string, listeners: number, rounds: number): Promise<Fanout> {
  const server = await startChild<Listening>("gate-server.ts", { agent: "bench", dataFolder });
  const { url, token, personToken, pid } = server.said;
  const person = new PersonClient({ url, token: personToken });
  const agent = new AgentClient({ url, token });
  const address = new URL(url);
  const crowd = new Crowd("run.stopped");
  try {
    const before = residentKib(pid);
    const request = `GET /v1/events HTTP/1.1\r\nhost: ${address.host}\r\nauthorization: Bearer ${personToken}\r\n\r\n`;
    await crowd.gather(listeners, () => connect(Number(address.port), address.hostname), request);
    const memoryKib = (residentKib(pid) - before) / listeners;
    const took: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const run = await agent.openRun({ task: "bench" });
      await sleep(settleMs);
      took.push(...(await crowd.hear(() => person.intervene({ kind: "stop", scope: { kind: "run", id: run.id } }))));
    }
    return figures(listeners, took, memoryKib);
  } finally {
    crowd.leave();
    await server.end();
  }
}

/** The same over plain TCP, with a message as long as the stop's two events. */
export async function tcpFanout(listeners: number, rounds: number, messageBytes: number): Promise<Fanout> {
  const server: Child<{ readonly port: number }> = await startChild("tcp-fanout.ts", { messageBytes });
  const crowd = new Crowd("x");
  try {
    await crowd.gather(listeners, () => connect(server.said.port, "127.0.0.1"), "");
    const voice = connect(server.said.port, "127.0.0.1");
    const took: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      await sleep(settleMs);
      took.push(...(await crowd.hear(() => Promise.resolve(voice.write("go")))));
    }
    voice.destroy();
    return figures(listeners, took, 0);
  } finally {
    crowd.leave();
    await server.end();
  }
}

function figures(listeners: number, took: readonly number[], memoryKib: number): Fanout {
  const sorted = Float64Array.from(took).sort();
  return { listeners, p50Ms: percentile(sorted, 0.5), p99Ms: percentile(sorted, 0.99), lastMs: sorted.at(-1) ?? Number.NaN, memoryKib };
}

/** Many sockets that note when each first hears a word. */
class Crowd {
  readonly #word: string;
  readonly #sockets: Socket[] = [];
  #heard = new Map<Socket, number>();
  #all = () => {};

  constructor(word: string) {
    this.#word = word;
  }

  async gather(count: number, open: () => Socket, greeting: string): Promise<void> {
    for (let from = 0; from < count; from += openingAtATime) {
      const batch = Array.from({ length: Math.min(openingAtATime, count - from) }, () => this.#join(open(), greeting));
      await Promise.all(batch);
    }
    await sleep(settleMs);
  }

  async hear(say: () => Promise<unknown>): Promise<number[]> {
    this.#heard = new Map();
    const all = new Promise<void>((resolve) => (this.#all = resolve));
    const saidAt = performance.now();
    await Promise.all([say(), Promise.race([all, sleep(longestWaitMs)])]);
    if (this.#heard.size < this.#sockets.length) throw new Error(`only ${this.#heard.size} of ${this.#sockets.length} heard it`);
    return [...this.#heard.values()].map((at) => at - saidAt);
  }

  leave(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #join(socket: Socket, greeting: string): Promise<void> {
    socket.setEncoding("latin1");
    socket.on("error", () => {});
    this.#sockets.push(socket);
    return new Promise((resolve) => {
      socket.once("connect", () => {
        if (greeting === "") resolve();
        else socket.write(greeting);
      });
      socket.on("data", (text: string) => {
        resolve();
        if (!text.includes(this.#word) || this.#heard.has(socket)) return;
        this.#heard.set(socket, performance.now());
        if (this.#heard.size === this.#sockets.length) this.#all();
      });
    });
  }
}

function residentKib(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
}

/** How long a person waits for an answer. */
export interface PersonWaits {
  readonly stopP50Ms: number;
  readonly stopP99Ms: number;
  readonly decideP50Ms: number;
  readonly decideP99Ms: number;
}

/** A person stops and decides, so many times, while nobody else asks for anything, and while one agent proposes as fast as it is told. */
export async function personUnderLoad(
  dataFolder: string,
  perSecond: number,
  times: number,
): Promise<{ readonly calm: PersonWaits; readonly flooded: PersonWaits; readonly answeredPerSecond: number }> {
  const server = await startChild<Listening>("gate-server.ts", { agent: "bench", dataFolder });
  const { url, token, personToken } = server.said;
  const person = new PersonClient({ url, token: personToken });
  const agent = new AgentClient({ url, token });
  const measure = () => personWaits({ person, agent, times, workingDirectory: dataFolder });
  try {
    await measure();
    const calm = await measure();
    const flood = await startChild<{ readonly runId: string }>("flood.ts", { url, token, perSecond, workingDirectory: dataFolder });
    try {
      await sleep(settleMs);
      const from = performance.now();
      const before = await person.getRun(flood.said.runId);
      const flooded = await measure();
      const answered = (await person.getRun(flood.said.runId)).actions - before.actions;
      return { calm, flooded, answeredPerSecond: answered / ((performance.now() - from) / 1_000) };
    } finally {
      await flood.end();
    }
  } finally {
    await server.end();
  }
}

interface Asking {
  readonly person: PersonClient;
  readonly agent: AgentClient;
  readonly times: number;
  readonly workingDirectory: string;
}

async function personWaits({ person, agent, times, workingDirectory }: Asking): Promise<PersonWaits> {
  const stops: number[] = [];
  const decisions: number[] = [];
  for (let round = 0; round < times; round += 1) {
    const run = await agent.openRun({ task: `ask ${round}`, workingDirectory });
    const { action } = await agent.propose(run.id, { type: "command_execute", arguments: { command: "git push origin main" } });
    const request = action.state.status === "waiting" ? action.state.approvalRequestId : "";
    decisions.push(await timed(() => person.resolve(request, { effect: "deny", digest: action.digest })));
    stops.push(await timed(() => person.intervene({ kind: "stop", scope: { kind: "run", id: run.id } })));
  }
  const [stop, decide] = [Float64Array.from(stops).sort(), Float64Array.from(decisions).sort()];
  return {
    stopP50Ms: percentile(stop, 0.5),
    stopP99Ms: percentile(stop, 0.99),
    decideP50Ms: percentile(decide, 0.5),
    decideP99Ms: percentile(decide, 0.99),
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await work();
  return performance.now() - before;
}
