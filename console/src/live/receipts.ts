import type { Intervention } from "@pullcord/sdk/protocol";

/** The newest stop of this page, or of anybody else where it was for everything. */
export type Receipt =
  | { readonly status: "sending"; readonly at: number }
  | { readonly status: "made"; readonly intervention: Intervention }
  | { readonly status: "failed"; readonly sentence: string; readonly at: number };

let current: Receipt | null = null;
const listeners = new Set<() => void>();

export function showReceipt(next: Receipt | null): void {
  current = next;
  for (const listener of listeners) listener();
}

export function receipt(): Receipt | null {
  return current;
}

export function onReceipt(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
