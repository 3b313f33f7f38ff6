import type { AuditEntry, LiveEvent } from "@pullcord/sdk/protocol";
import type { Hint } from "./hints.js";

/** What goes over the live stream, as text/event-stream has it. Each is serialised once, however many listen. */

export const greeting = Buffer.from(": connected\n\n");
/** A comment: nothing but a sign of life. */
export const heartbeat = Buffer.from(": still here\n\n");

const serialised = new WeakMap<AuditEntry, Buffer>();

export function entryChunk(entry: AuditEntry): Buffer {
  const known = serialised.get(entry);
  if (known) return known;
  const event: LiveEvent = { kind: "recorded", entry };
  const chunk = Buffer.from(`id: ${entry.seq}\ndata: ${JSON.stringify(event)}\n\n`);
  serialised.set(entry, chunk);
  return chunk;
}

export function hintChunk(hint: Hint): Buffer {
  return Buffer.from(`data: ${JSON.stringify(hint)}\n\n`);
}

/** Where the record stood when the listening began: who loses the connection before the first event misses nothing. */
export function positionChunk(seq: number): Buffer {
  return Buffer.from(`id: ${seq}\n\n`);
}
