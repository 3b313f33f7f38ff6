import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { PersonClient } from "@pullcord/sdk/client";
import type { Mode } from "@pullcord/sdk/protocol";
import { pullcordWords } from "../cli/command.js";

const serverScript = fileURLToPath(new URL("../crash/server.mjs", import.meta.url));
const programScript = fileURLToPath(new URL("shop-program.mjs", import.meta.url));

/** A server in a process of its own. */
export interface OwnServer {
  readonly process: ChildProcess;
  readonly url: string;
  readonly person: PersonClient;
  /** The owner's token. */
  readonly owner: string;
  readonly tokens: Readonly<Record<string, string>>;
}

export async function startOwnServer(options: {
  readonly dataFolder: string;
  readonly mode: Mode;
  readonly agents: readonly string[];
}): Promise<OwnServer> {
  const child = spawn(process.execPath, [...pullcordWords.slice(0, -1), serverScript], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.write(`${JSON.stringify(options)}\n`);
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  const { url, owner, tokens } = JSON.parse(line) as { url: string; owner: string; tokens: Record<string, string> };
  return { process: child, url, person: new PersonClient({ url, token: owner }), owner, tokens };
}

/** Whichever way it ends. */
export async function killed(child: ChildProcess): Promise<NodeJS.Signals | null> {
  child.kill("SIGKILL");
  return ended(child);
}

export async function ended(child: ChildProcess): Promise<NodeJS.Signals | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  return child.signalCode;
}

/** What a program is told to do (`shop-program.mjs`). */
export interface Telling {
  readonly url: string;
  readonly token: string;
  readonly postgres?: string;
  readonly sqlite?: string;
  /** Statements of one transaction each. */
  readonly works?: readonly (readonly string[])[];
  readonly killAt?: "before commit" | "after commit";
  readonly killStatement?: number;
}

type Said = Readonly<Record<string, unknown>>;

/** A program in a process of its own, and what it has said so far. */
export class Program {
  readonly process: ChildProcess;
  readonly said: Said[] = [];
  readonly #heard: (() => void)[] = [];

  constructor(telling: Telling) {
    const words = [...pullcordWords.slice(0, -1), "--no-warnings", programScript];
    const child = spawn(process.execPath, words, { stdio: ["pipe", "pipe", "inherit"] });
    child.stdin.on("error", () => {});
    child.stdin.write(`${JSON.stringify(telling)}\n`);
    const hear = () => this.#heard.splice(0).forEach((heard) => heard());
    createInterface({ input: child.stdout }).on("line", (line) => {
      this.said.push(JSON.parse(line) as Said);
      hear();
    });
    child.on("close", hear);
    this.process = child;
  }

  /** What it says under a name, once it does. @throws Error when it ends before */
  async hears(name: string): Promise<unknown> {
    for (;;) {
      const found = this.said.find((each) => name in each);
      if (found) return found[name];
      const { exitCode, signalCode } = this.process;
      if (exitCode !== null || signalCode !== null) throw new Error(`The program ended before it said ${name}.`);
      await new Promise<void>((resolve) => void this.#heard.push(resolve));
    }
  }
}
