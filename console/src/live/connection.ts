/** Whether what is shown is live, and since when it is not. */
export type Connection =
  | { readonly state: "connecting" }
  | { readonly state: "live"; readonly since: number }
  | { readonly state: "lost"; readonly since: number }
  | { readonly state: "signed_out" };

let current: Connection = { state: "connecting" };
let recorded = 0;
const listeners = new Set<() => void>();

export function connection(): Connection {
  return current;
}

/** Entries recorded since the page was opened: what "3 new entries" counts. */
export function recordedCount(): number {
  return recorded;
}

export function setConnection(next: Connection): void {
  current = next;
  tell();
}

export function countRecorded(): void {
  recorded += 1;
  tell();
}

export function onConnection(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(): void {
  for (const listener of listeners) listener();
}
