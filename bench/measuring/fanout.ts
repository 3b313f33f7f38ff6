import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { AgentClient, PersonClient } from "@pullcord/sdk/client";
import { startChild, type Child } from "./child.ts";
import { median, percentile } from "./statistics.ts";

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

/** One kind of server, and what is said to it. */
interface Speaking {
  readonly pid: number;
  readonly word: string;
  readonly greeting: string;
  readonly open: () => Socket;
  readonly say: () => Promise<() => Promise<unknown>>;
  readonly end: () => Promise<void>;
}

/** Times that a crowd hears before it leaves. A process can't hold both crowds: each socket is an open file. */
const hearings = 3;

/**
 * Until each of so many connections, held by this process, has heard: a stop that a person makes, over live streams, and
 * a message as long as the stop's two events, over plain TCP. Both take turns, so that both meet the same weather.
 */
export async function compareFanout(
  dataFolder: string,
  { listeners, rounds, messageBytes }: { readonly listeners: number; readonly rounds: number; readonly messageBytes: number },
): Promise<{ readonly stream: Fanout; readonly tcp: Fanout }> {
  const kinds = [
    { server: await streams(dataFolder), took: [] as (readonly number[])[], memoryKib: [] as number[] },
    { server: await plainTcp(messageBytes), took: [] as (readonly number[])[], memoryKib: [] as number[] },
  ] as const;
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const { server, took, memoryKib } of kinds) {
        const crowd = new Crowd(server.word);
        const before = residentKib(server.pid);
        await crowd.gather(listeners, server.open, server.greeting);
        memoryKib.push((residentKib(server.pid) - before) / listeners);
        for (let time = 0; time < hearings; time += 1) {
          const say = await server.say();
          await sleep(settleMs);
          took.push(await crowd.hear(say));
        }
        crowd.leave();
      }
    }
  } finally {
    for (const { server } of kinds) await server.end();
  }
  // What a first crowd left is used again by the next: only the first tells what one takes.
  const [stream, tcp] = kinds.map(({ took, memoryKib }) => figures(listeners, took, memoryKib[0] ?? Number.NaN));
  if (!stream || !tcp) throw new Error("nothing was measured");
  return { stream, tcp };
}

async function streams(dataFolder: string): Promise<Speaking> {
  const server = await startChild<Listening>("gate-server.ts", { agent: "bench", dataFolder });
  const { url, token, personToken, pid } = server.said;
  const person = new PersonClient({ url, token: personToken });
  const agent = new AgentClient({ url, token });
  const { host, hostname, port } = new URL(url);
  return {
    pid,
    word: "run.stopped",
    greeting: `GET /v1/events HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${personToken}\r\n\r\n`,
    open: () => connect(Number(port), hostname),
    say: async () => {
      const { id } = await agent.openRun({ task: "bench" });
      return () => person.intervene({ kind: "stop", scope: { kind: "run", id } });
    },
    end: () => server.end(),
  };
}

async function plainTcp(messageBytes: number): Promise<Speaking> {
  const server: Child<{ readonly port: number; readonly pid: number }> = await startChild("tcp-fanout.ts", { messageBytes });
  const { port, pid } = server.said;
  const voice = connect(port, "127.0.0.1");
  return {
    pid,
    word: "x",
    greeting: "",
    open: () => connect(port, "127.0.0.1"),
    say: () => Promise.resolve(() => Promise.resolve(voice.write("go"))),
    end: () => {
      voice.destroy();
      return server.end();
    },
  };
}

/** Medians over the rounds: one round may meet whatever else the machine does. */
function figures(listeners: number, rounds: readonly (readonly number[])[], memoryKib: number): Fanout {
  const sorted = rounds.map((took) => Float64Array.from(took).sort());
  const middle = (share: number) => median(sorted.map((took) => percentile(took, share)));
  return { listeners, p50Ms: middle(0.5), p99Ms: middle(0.99), lastMs: middle(1), memoryKib };
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
