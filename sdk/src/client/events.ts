import { isPullcordError, PullcordError, type LiveEvent } from "../protocol/index.js";
import type { Transport } from "./transport.js";

export interface EventQuery {
  /** Only this run's events. */
  readonly run?: string | undefined;
  /** The last `seq` already seen; the stream goes on after it. Without it: from now on. */
  readonly after?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The stream's own state, for a client that shows whether it is connected. */
export type StreamItem = LiveEvent | { readonly kind: "connected" } | { readonly kind: "disconnected"; readonly retryMs: number };

/** Where the record stands at the time of connecting. */
interface Position {
  readonly kind: "position";
  readonly seq: number;
}

const firstRetryMs = 250;
const longestRetryMs = 5_000;
/** A connection that lived this long was a good one: the next try comes soon. */
const provenMs = 10_000;
/** A server that accepts a connection begins its answer within this time. */
const headersMs = 10_000;
/** The server sends a heartbeat every 10 s; silence beyond this means a dead connection. */
const silenceMs = 25_000;
const streamLifetimeMs = 24 * 3_600_000;
/** Connections in a row that ended at an event nobody can read, before giving up. */
const mostMalformed = 3;
/** Characters of one event; far above the largest entry. */
const longestEvent = 16 * 1024 * 1024;

/**
 * Yields live events in order, none lost and none doubled from the first connection on: after a break it resumes behind
 * the last recorded event, or where the record stood when it first connected.
 * Ends only when `signal` aborts, or throws when the server refuses (unauthenticated, forbidden, not_found) or keeps
 * sending what is no event (`unavailable`/`malformed_event`).
 */
export async function* liveEvents(transport: Transport, query: EventQuery): AsyncGenerator<StreamItem, void, void> {
  let after = query.after;
  let retryMs = firstRetryMs;
  let malformed = 0;
  while (!query.signal?.aborted) {
    let connectedAt = Infinity;
    try {
      for await (const item of connection(transport, { ...query, after })) {
        if (item.kind === "position") {
          after ??= item.seq;
          continue;
        }
        if (item.kind === "connected") connectedAt = Date.now();
        if (item.kind === "recorded") {
          after = item.entry.seq;
          retryMs = firstRetryMs;
          malformed = 0;
        }
        yield item;
      }
    } catch (error) {
      if (isMalformed(error)) malformed += 1;
      if (isFinal(error) || malformed >= mostMalformed) throw error;
    }
    if (query.signal?.aborted) return;
    if (Date.now() - connectedAt >= provenMs) retryMs = firstRetryMs;
    yield { kind: "disconnected", retryMs };
    await pause(retryMs, query.signal);
    retryMs = Math.min(retryMs * 2, longestRetryMs);
  }
}

function isFinal(error: unknown): boolean {
  return isPullcordError(error) && ["unauthenticated", "forbidden", "not_found", "invalid"].includes(error.code);
}

function isMalformed(error: unknown): boolean {
  return isPullcordError(error) && error.reason === "malformed_event";
}

async function* connection(transport: Transport, query: EventQuery): AsyncGenerator<StreamItem | Position, void, void> {
  const broken = new AbortController();
  const signal = query.signal ? AbortSignal.any([query.signal, broken.signal]) : broken.signal;
  let watchdog = setTimeout(() => broken.abort(), headersMs);
  try {
    const response = await transport.send("GET", "/v1/events", {
      query: { run: query.run, after: query.after },
      signal,
      extraMs: streamLifetimeMs,
    });
    yield { kind: "connected" };
    if (!response.body) return;
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    // Ends a read that waits, also where only the Request has the signal (`Transport`).
    signal.addEventListener("abort", () => void reader.cancel().catch(() => {}));
    let rest = "";
    for (;;) {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => broken.abort(), silenceMs);
      const { done, value } = await reader.read();
      clearTimeout(watchdog);
      if (done) return;
      const blocks = (rest + value).split("\n\n");
      rest = blocks.pop() ?? "";
      if (rest.length > longestEvent) throw malformedEvent();
      for (const block of blocks) {
        const item = itemOf(block);
        if (item) yield item;
      }
    }
  } finally {
    clearTimeout(watchdog);
    broken.abort();
  }
}

/** One block of a text/event-stream. A comment (a heartbeat) is nothing; an id without data says where the record stands. */
function itemOf(block: string): LiveEvent | Position | null {
  const data = fieldsOf(block, "data").join("\n");
  if (data !== "") return eventOf(data);
  const id = fieldsOf(block, "id").at(-1);
  return id !== undefined && /^\d{1,15}$/.test(id) ? { kind: "position", seq: Number(id) } : null;
}

function fieldsOf(block: string, name: string): string[] {
  return block
    .split("\n")
    .filter((line) => line.startsWith(`${name}:`))
    .map((line) => line.slice(name.length + 1).trimStart());
}

/** @throws PullcordError `unavailable`/`malformed_event` */
function eventOf(data: string): LiveEvent {
  let event: Partial<LiveEvent> | null;
  try {
    event = JSON.parse(data) as Partial<LiveEvent> | null;
  } catch (cause) {
    throw malformedEvent(cause);
  }
  if (typeof event?.kind !== "string") throw malformedEvent();
  if (event.kind === "recorded" && !Number.isSafeInteger(event.entry?.seq)) throw malformedEvent();
  return event as LiveEvent;
}

function malformedEvent(cause?: unknown): PullcordError {
  const text = "The server's live stream holds what is no event. Is this address really Pullcord's, and of the same version?";
  return new PullcordError("unavailable", "malformed_event", text, { cause });
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done);
  });
}
