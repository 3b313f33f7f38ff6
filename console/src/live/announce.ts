/** What a screen reader is told. Assertive is for stop and expiry only. */
type Urgency = "polite" | "assertive";

export interface Announcement {
  readonly id: number;
  readonly text: string;
}

const current: Record<Urgency, Announcement> = { polite: { id: 0, text: "" }, assertive: { id: 0, text: "" } };
const listeners = new Set<() => void>();

export function announce(text: string, urgency: Urgency = "polite"): void {
  current[urgency] = { id: current[urgency].id + 1, text };
  for (const listener of listeners) listener();
}

export function announcement(urgency: Urgency): Announcement {
  return current[urgency];
}

export function onAnnouncement(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
