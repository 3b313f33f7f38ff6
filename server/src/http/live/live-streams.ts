import type { ServerResponse } from "node:http";
import type { AuditEntry } from "@pullcord/sdk/protocol";
import type { Store } from "../../store/store.js";
import { entryChunk, heartbeat, hintChunk } from "./chunks.js";
import type { Hint, Hints } from "./hints.js";
import { concerns, Listener, type LiveQuery } from "./listener.js";

/** A comment this often keeps proxies and watchdogs content, in milliseconds. */
const heartbeatMs = 10_000;

const headers = {
  "content-type": "text/event-stream",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "x-accel-buffering": "no",
};

/** What the other side's proof may end with: rare, so that it is rarely asked of thousands of streams. */
const endsProofs: ReadonlySet<AuditEntry["type"]> = new Set(["agent_token.revoked", "person.signed_out"]);

/**
 * All open live streams: every recorded event once and in order, with its `seq` as id. What a commit added is put
 * together once for all who hear the same, and sent to each in one piece.
 */
export class LiveStreams {
  readonly #store: Store;
  readonly #ofEverything = new Set<Listener>();
  /** Agents': each hears its own run alone. */
  readonly #ofRun = new Map<string, Set<Listener>>();
  /** People's streams of one run. */
  readonly #ofPeople = new Set<Listener>();

  constructor(store: Store, hints: Hints, closing: AbortSignal) {
    this.#store = store;
    store.subscribe((entries) => this.#publish(entries));
    hints.subscribe((hint) => this.#hint(hint));
    const beating = setInterval(() => this.#each((listener) => listener.send(heartbeat)), heartbeatMs).unref();
    closing.addEventListener("abort", () => {
      clearInterval(beating);
      this.#each((listener) => listener.close());
    });
  }

  /** Answers with a stream that lasts until either side ends it. */
  open(response: ServerResponse, query: LiveQuery): void {
    // The stream ends with its connection: nothing has to be put around each piece.
    response.useChunkedEncodingByDefault = false;
    response.writeHead(200, headers).flushHeaders();
    const listener = new Listener(response, query, this.#store.read);
    const group = this.#groupOf(query).add(listener);
    response.once("close", () => {
      group.delete(listener);
      if (query.run !== undefined && this.#ofRun.get(query.run)?.size === 0) this.#ofRun.delete(query.run);
    });
  }

  #groupOf({ run, withShared }: LiveQuery): Set<Listener> {
    if (run === undefined) return this.#ofEverything;
    if (withShared) return this.#ofPeople;
    const group = this.#ofRun.get(run) ?? new Set();
    this.#ofRun.set(run, group);
    return group;
  }

  #publish(entries: readonly AuditEntry[]): void {
    give(this.#ofEverything, entries);
    for (const [run, own] of Map.groupBy(entries, ({ runId }) => runId ?? "")) give(this.#ofRun.get(run), own);
    for (const listener of this.#ofPeople) {
      const some = entries.filter((entry) => concerns(entry, listener.query));
      give([listener], some);
    }
    if (entries.some(({ type }) => endsProofs.has(type))) {
      this.#each((listener) => entries.some(listener.query.proof.isEndedBy) && listener.close());
    }
  }

  #hint(hint: Hint): void {
    const chunk = hintChunk(hint);
    this.#each((listener) => {
      const { run } = listener.query;
      // A burst of hints must not cost a listener what is recorded, nor a stop.
      if ((run === undefined || run === hint.runId) && (hint.kind === "stopped" || !listener.isSlow)) listener.send(chunk);
    });
  }

  #each(visit: (listener: Listener) => void): void {
    for (const group of [this.#ofEverything, this.#ofPeople, ...this.#ofRun.values()]) for (const listener of group) visit(listener);
  }
}

function give(group: Iterable<Listener> | undefined, entries: readonly AuditEntry[]): void {
  let chunk: Buffer | null = null;
  for (const listener of group ?? []) listener.give(entries, (chunk ??= Buffer.concat(entries.map(entryChunk))));
}
