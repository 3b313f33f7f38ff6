import type { AgentClient } from "../client/index.js";
import type { AuditEntry, LiveEvent, Run } from "../protocol/index.js";

export type Held = "running" | "paused" | "stopped";

/** The intervention that stopped or paused a run, where the stream named it. */
export interface HeldChange {
  readonly held: Held;
  readonly interventionId: string | null;
}

/** What becomes of listening. */
interface Heard {
  readonly onChange: (change: HeldChange) => void;
  /** The stream is given up for good: the server refuses it, or sends what nobody can read. */
  readonly onDeaf: (cause: unknown) => void;
}

/**
 * What the live stream says about a run. Used only to refuse sooner: that something is allowed is always the server's
 * own answer to this very action.
 */
export class HeldState {
  held: Held = "running";
  readonly #client: AgentClient;
  readonly #runId: string;
  readonly #closing = new AbortController();
  readonly #heard: Heard;
  readonly #following: Promise<void>;

  constructor(client: AgentClient, runId: string, heard: Heard) {
    this.#client = client;
    this.#runId = runId;
    this.#heard = heard;
    this.#following = this.#follow();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#following;
  }

  async #follow(): Promise<void> {
    const { signal } = this.#closing;
    try {
      for await (const item of this.#client.events({ run: this.#runId, signal })) {
        // What happened before the stream stood is read, not missed.
        if (item.kind === "connected") await this.#read();
        else if (item.kind === "recorded") this.#hear(item);
        else if (item.kind === "stopped" && item.runId === this.#runId) this.#set("stopped", item.interventionId);
      }
    } catch (error) {
      // Whoever can't hear a stop any more must not go on with what a stop would end.
      if (!signal.aborted) this.#heard.onDeaf(error);
    }
  }

  async #read(): Promise<void> {
    const run = await this.#client.getRun(this.#runId, { signal: this.#closing.signal }).catch(() => null);
    if (run) this.#set(heldOf(run.state), interventionOf(run.state));
  }

  #hear({ entry }: Extract<LiveEvent, { kind: "recorded" }>): void {
    const held = changes[entry.type];
    const { interventionId } = entry.body;
    if (held !== undefined && entry.runId === this.#runId) this.#set(held, typeof interventionId === "string" ? interventionId : null);
  }

  #set(held: Held, interventionId: string | null): void {
    // Stopped is for good (I6).
    if (held === this.held || this.held === "stopped") return;
    this.held = held;
    this.#heard.onChange({ held, interventionId });
  }
}

const changes: Readonly<Partial<Record<AuditEntry["type"], Held>>> = {
  "run.stopped": "stopped",
  "run.paused": "paused",
  "run.resumed": "running",
};

function heldOf({ status }: Run["state"]): Held {
  return status === "paused" ? "paused" : status === "stopped" ? "stopped" : "running";
}

function interventionOf(state: Run["state"]): string | null {
  return state.status === "paused" || state.status === "stopped" ? state.interventionId : null;
}
