import type { AuditEntry, LiveEvent } from "@pullcord/sdk/protocol";
import { entriesAfter, readLogEnd } from "../store/audit.js";
import type { Store } from "../store/store.js";

/** A comment this often keeps proxies and watchdogs content, in milliseconds. */
const heartbeatMs = 10_000;
/** Entries read at a time while catching up. */
const catchUpRows = 500;
/** A listener that is this far behind is let go; it resumes where it was (in chunks waiting to be sent). */
const mostChunksBehind = 2_000;
/** Entries recorded while a listener still catches up; beyond that it is let go, too. */
const mostEntriesWaiting = 10_000;

type Hint = Exclude<LiveEvent, { kind: "recorded" }>;
type HintListener = (hint: Hint) => void;

/** Hints about the moment: progress, output lines, a stop that is not on record. Not kept; a client that missed some reads the run. */
export class Hints {
  readonly #listeners = new Set<HintListener>();

  send(hint: Hint): void {
    for (const listener of this.#listeners) listener(hint);
  }

  subscribe(listener: HintListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

export interface LiveQuery {
  /** Only this run's events. */
  readonly run: string | undefined;
  /** Last `seq` already seen; undefined: from now on. */
  readonly after: number | undefined;
  readonly signal: AbortSignal;
  /** The proof that the listener came with: the stream ends with it. */
  readonly proof: { readonly expiresInMs: number; readonly isEndedBy: (entry: AuditEntry) => boolean };
}

/** Longest a timer can be set for, in milliseconds. */
const longestTimerMs = 2 ** 31 - 1;

const encoder = new TextEncoder();
/** Each entry is serialised once, however many listen. */
const serialised = new WeakMap<AuditEntry, Uint8Array>();

/** The live stream as text/event-stream: every recorded event once and in order, with its `seq` as id. */
export function liveStream(store: Store, hints: Hints, query: LiveQuery): ReadableStream<Uint8Array> {
  let listener: Listener | undefined;
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        listener = follow({ store, hints, query }, controller);
      },
      pull: () => listener?.goOn(),
      cancel: () => listener?.close(),
    },
    { highWaterMark: mostChunksBehind },
  );
}

interface Listener {
  /** What was sent has been taken: there may be room for more of the past. */
  readonly goOn: () => void;
  readonly close: () => void;
}

function follow(
  { store, hints, query }: { readonly store: Store; readonly hints: Hints; readonly query: LiveQuery },
  controller: ReadableStreamDefaultController<Uint8Array>,
): Listener {
  let sent = -1;
  let isCaughtUp = false;
  let closed = false;
  let goOn = () => {};
  const waiting: AuditEntry[] = [];
  const send = (chunk: Uint8Array) => {
    if (closed) return;
    if ((controller.desiredSize ?? 0) <= 0) return close();
    controller.enqueue(chunk);
  };
  const deliver = (entry: AuditEntry) => {
    if (entry.seq <= sent) return;
    sent = entry.seq;
    if (concerns(entry, query.run)) send(chunkOf(entry));
  };
  const subscriptions = [
    // What is recorded during the catching up comes after it, or it would overtake and hide what is older.
    store.subscribe((entries) => {
      if (isCaughtUp) entries.forEach(deliver);
      else if (waiting.length + entries.length > mostEntriesWaiting) close();
      else waiting.push(...entries);
      if (entries.some(query.proof.isEndedBy)) close();
    }),
    hints.subscribe((hint) => {
      // A burst of hints must not cost a listener what is recorded, nor a stop.
      if (hint.kind !== "stopped" && (controller.desiredSize ?? 0) < mostChunksBehind / 2) return;
      if (query.run === undefined || hint.runId === query.run) send(encoder.encode(`data: ${JSON.stringify(hint)}\n\n`));
    }),
  ];
  const heartbeat = setInterval(() => send(encoder.encode(": still here\n\n")), heartbeatMs);
  const expiry = setTimeout(() => close(), Math.min(query.proof.expiresInMs, longestTimerMs));
  const close = () => {
    if (closed) return;
    closed = true;
    goOn();
    clearInterval(heartbeat);
    clearTimeout(expiry);
    for (const end of subscriptions) end();
    query.signal.removeEventListener("abort", close);
    try {
      controller.close();
    } catch {
      // The other side closed it first.
    }
  };
  query.signal.addEventListener("abort", close);
  // A closed stream has a desired size of 0 or none, so it is asked about first.
  const room = async (): Promise<boolean> => {
    if (closed) return false;
    if ((controller.desiredSize ?? 0) >= catchUpRows) return true;
    await new Promise<void>((resolve) => (goOn = resolve));
    return room();
  };
  send(encoder.encode(": connected\n\n"));
  catchUp(store, query.after, { give: deliver, room })
    .then((reached) => {
      if (query.after !== undefined) sent = Math.max(sent, reached);
      // Where the record stood when the listening began: who loses the connection before the first event misses nothing.
      else send(encoder.encode(`id: ${(waiting[0]?.seq ?? reached + 1) - 1}\n\n`));
      isCaughtUp = true;
      waiting.splice(0).forEach(deliver);
    })
    // The client resumes with what it has seen.
    .catch(close);
  return { goOn: () => goOn(), close };
}

/** Gives what was recorded after `after`, no faster than it is taken; returns the last seq that is covered. */
async function catchUp(
  store: Store,
  after: number | undefined,
  { give, room }: { readonly give: (entry: AuditEntry) => void; readonly room: () => Promise<boolean> },
): Promise<number> {
  if (after === undefined) return (await readLogEnd(store.read)).seq;
  let reached = after;
  while (await room()) {
    const entries = await entriesAfter(store.read, reached, catchUpRows);
    entries.forEach(give);
    reached = entries.at(-1)?.seq ?? reached;
    if (entries.length < catchUpRows) break;
  }
  return reached;
}

function concerns({ runId, body }: AuditEntry, run: string | undefined): boolean {
  return run === undefined || runId === run || (Array.isArray(body["runIds"]) && body["runIds"].includes(run));
}

function chunkOf(entry: AuditEntry): Uint8Array {
  const known = serialised.get(entry);
  if (known) return known;
  const event: LiveEvent = { kind: "recorded", entry };
  const chunk = encoder.encode(`id: ${entry.seq}\ndata: ${JSON.stringify(event)}\n\n`);
  serialised.set(entry, chunk);
  return chunk;
}
