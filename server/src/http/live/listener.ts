import type { ServerResponse } from "node:http";
import type { AuditEntry } from "@pullcord/sdk/protocol";
import { entriesAfter, readLogEnd } from "../../store/audit.js";
import type { Reader } from "../../store/transaction.js";
import { entryChunk, greeting, positionChunk } from "./chunks.js";

/** Entries read at a time while catching up. */
const catchUpRows = 500;
/** A listener for which so much waits to be sent is let go, in bytes; it resumes where it was. */
const mostBytesBehind = 2 * 1024 * 1024;
/** Entries recorded while a listener still catches up; beyond that it is let go, too. */
const mostEntriesWaiting = 10_000;
/** Longest a timer can be set for, in milliseconds. */
const longestTimerMs = 2 ** 31 - 1;

export interface LiveQuery {
  /** Only this run's events. */
  readonly run: string | undefined;
  /** Also what is about this run among others, such as a stop of everything: people's streams. */
  readonly withShared: boolean;
  /** Last `seq` already seen; undefined: from now on. */
  readonly after: number | undefined;
  /** The proof that the listener came with: the stream ends with it. */
  readonly proof: { readonly expiresInMs: number; readonly isEndedBy: (entry: AuditEntry) => boolean };
}

/** Whether a listener to one run hears of an entry; one that listens to no run in particular hears of all. */
export function concerns({ runId, body }: AuditEntry, { run, withShared }: Pick<LiveQuery, "run" | "withShared">): boolean {
  if (run === undefined || runId === run) return true;
  return withShared && Array.isArray(body["runIds"]) && body["runIds"].includes(run);
}

/**
 * One open live stream: first the past since `after`, no faster than it is taken, then what is recorded.
 * It writes to the connection itself, since thousands of these may be open at a time.
 */
export class Listener {
  readonly query: LiveQuery;
  readonly #response: ServerResponse;
  readonly #expiry: NodeJS.Timeout;
  /** Last `seq` that was sent or did not concern it. */
  #reached = -1;
  /** What is recorded while it catches up comes after that, or it would overtake and hide what is older. */
  #waiting: AuditEntry[] | null = [];

  constructor(response: ServerResponse, query: LiveQuery, reader: Reader) {
    this.query = query;
    this.#response = response;
    this.#expiry = setTimeout(() => this.close(), Math.min(query.proof.expiresInMs, longestTimerMs));
    response.once("close", () => clearTimeout(this.#expiry));
    // Whoever is gone hears nothing more, and that is all.
    response.on("error", () => {});
    this.send(greeting);
    // The client resumes with what it has seen.
    this.#catchUp(reader).catch(() => this.close());
  }

  /** True when what waits for it is so much that hints, which nobody keeps, are left out. */
  get isSlow(): boolean {
    return this.#response.writableLength > mostBytesBehind / 2;
  }

  send(chunk: Buffer): void {
    if (this.#response.writableLength > mostBytesBehind) this.#response.destroy();
    // With nothing to put around a piece, the socket takes it as it is: a third less work than through the response.
    else if (!this.#response.writableEnded) this.#response.socket?.write(chunk);
  }

  /** `chunk` holds those of the entries that concern it. */
  give(entries: readonly AuditEntry[], chunk: Buffer): void {
    const [first] = entries;
    const last = entries.at(-1);
    if (!first || !last) return;
    if (this.#waiting) return this.#keep(entries, this.#waiting);
    if (first.seq <= this.#reached) return this.#deliver(entries);
    this.#reached = last.seq;
    this.send(chunk);
  }

  close(): void {
    this.#response.end();
  }

  #keep(entries: readonly AuditEntry[], waiting: AuditEntry[]): void {
    if (waiting.length + entries.length > mostEntriesWaiting) this.close();
    else waiting.push(...entries);
  }

  /** One by one: some of these may have been sent already. */
  #deliver(entries: readonly AuditEntry[]): void {
    for (const entry of entries) {
      if (entry.seq <= this.#reached) continue;
      this.#reached = entry.seq;
      if (concerns(entry, this.query)) this.send(entryChunk(entry));
    }
  }

  async #catchUp(reader: Reader): Promise<void> {
    const { after } = this.query;
    if (after === undefined) {
      const { seq } = await readLogEnd(reader);
      this.send(positionChunk((this.#waiting?.[0]?.seq ?? seq + 1) - 1));
    } else {
      await this.#replay(reader, after);
    }
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    this.#deliver(waiting);
  }

  async #replay(reader: Reader, after: number): Promise<void> {
    this.#reached = after;
    while (await this.#room()) {
      const entries = await entriesAfter(reader, this.#reached, catchUpRows);
      this.#deliver(entries);
      if (entries.length < catchUpRows) return;
    }
  }

  /** False when nobody listens any more. */
  async #room(): Promise<boolean> {
    const response = this.#response;
    const { socket } = response;
    if (socket?.writableNeedDrain && !response.closed) {
      const { promise, resolve } = Promise.withResolvers<void>();
      socket.once("drain", resolve).once("close", resolve);
      await promise;
      socket.off("drain", resolve).off("close", resolve);
    }
    return !response.closed && !response.writableEnded;
  }
}
