import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AgentClient, PersonClient } from "@pullcord/sdk/client";
import { isPullcordError } from "@pullcord/sdk/protocol";
import { startServer, type RunningServer, type ServerOptions } from "pullcord";

/** Presence checks are held for real; this is longer than any of them, in milliseconds. */
const longestHoldMs = 3_600;

export interface TestServer {
  readonly server: RunningServer;
  readonly folder: string;
  /** The signed-in owner. */
  readonly person: PersonClient;
  /** A client for an agent of that name, at this trust tier. */
  agent(name: string, trust?: "restricted" | "standard" | "autonomous"): Promise<AgentClient>;
  /** Adds to the clock. */
  advance(ms: number): void;
  close(): Promise<void>;
}

/** The whole app in this process, on a folder of its own, with a clock that tests can move on. */
export async function startTestServer(options: ServerOptions & { readonly policy?: string } = {}): Promise<TestServer> {
  const folder = options.dataFolder ?? mkdtempSync(join(tmpdir(), "pullcord-test-"));
  if (options.policy !== undefined) writeFileSync(join(folder, "policy.yaml"), options.policy);
  let ahead = 0;
  const server = await startServer({ ...options, port: 0, dataFolder: folder, now: () => Date.now() + ahead });
  const person = new PersonClient({ url: server.url, token: await server.ownerToken() });
  return {
    server,
    folder,
    person,
    agent: async (name, trust = "standard") => {
      const { secret } = await person.issueAgentToken(name);
      await person.setTrust(name, trust);
      return new AgentClient({ url: server.url, token: secret });
    },
    advance: (ms) => {
      ahead += ms;
    },
    close: async () => {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Holds as a person would, and gives the proof. Where the machine stalls for so long that it looks like letting go, it is held again.
 * @param pass lets time go by on the server's clock; default: it goes by for real
 */
export async function holdFor(person: PersonClient, digest: string, pass: (ms: number) => unknown = sleep): Promise<string> {
  for (;;) {
    try {
      return await holdOnce(person, digest, pass);
    } catch (error) {
      if (!isPullcordError(error) || error.reason !== "released_early") throw error;
    }
  }
}

async function holdOnce(person: PersonClient, digest: string, pass: (ms: number) => unknown): Promise<string> {
  const check = await person.beginPresenceCheck(digest);
  for (let held = 0; held < longestHoldMs; held += check.sampleEveryMs) {
    await pass(check.sampleEveryMs);
    const sample = await person.samplePresence(check.id);
    if (sample.heldMs >= sample.holdMs) break;
  }
  return (await person.completePresence(check.id)).proof;
}
