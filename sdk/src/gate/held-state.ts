import type { AgentClient } from "../client/index.js";
import type { AuditEntry, LiveEvent, Run, Silence } from "../protocol/index.js";
import { SilenceTimer } from "./silence-timer.js";

export type Held = "running" | "paused" | "stopped";

/** The intervention that stopped or paused a run, where the stream named it. */
export interface HeldChange {
  readonly held: Held;
  readonly interventionId: string | null;
}

/** What becomes of listening. */
interface Heard {
  readonly onChange: (change: HeldChange) => void;
  /** Nothing was heard from the server for so long that the policy wants an end. */
  readonly onSilent: (silence: Silence) => void;
  /** The stream is given up for good: the server refuses it, or sends what nobody can read. */
  readonly onDeaf: (cause: unknown) => void;
}

/**
 * What the live stream says about a run. Used only to refuse sooner: that something is allowed is always the server's
 * own answer to this very action.
 */
export class HeldState {
  held: Held = "running";
  readonly #silence: SilenceTimer;
  readonly #client: AgentClient;
  readonly #runId: string;
  readonly #closing = new AbortController();
  readonly #heard: Heard;
  readonly #following: Promise<void>;

  constructor(client: AgentClient, run: Pick<Run, "id" | "serverSilent">, heard: Heard) {
    this.#client = client;
    this.#runId = run.id;
    this.#heard = heard;
    this.#silence = new SilenceTimer(run.serverSilent, (silence) => this.#fallSilent(silence));
    this.#following = this.#follow();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#silence.end();
    await this.#following;
  }

  async #follow(): Promise<void> {
    const { signal } = this.#closing;
    this.#silence.begin();
    try {
      for await (const item of this.#client.events({ run: this.#runId, signal })) {
        // What happened before the stream stood is read, not missed.
        if (item.kind === "connected") await this.#read();
        else if (item.kind === "recorded") this.#hear(item);
        else if (item.kind === "disconnected") this.#silence.begin();
        else if (item.kind === "stopped" && item.runId === this.#runId) this.#set("stopped", item.interventionId);
      }
    } catch (error) {
      // Whoever can't hear a stop any more must not go on with what a stop would end.
      if (!signal.aborted) this.#heard.onDeaf(error);
    }
  }

  async #read(): Promise<void> {
    const run = await this.#client.getRun(this.#runId, { signal: this.#closing.signal }).catch(() => null);
    if (!run) return;
    this.#silence.end();
    this.#set(heldOf(run.state), interventionOf(run.state));
  }

  #fallSilent(silence: Silence): void {
    if (silence.act === "pause") this.#set("paused", null);
    else this.#heard.onSilent(silence);
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
