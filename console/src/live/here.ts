import type { PersonClient } from "@pullcord/sdk/client";

/** A sign of life is sent at most this often, in milliseconds. */
const signEveryMs = 60_000;
const signs = ["pointerdown", "keydown", "wheel", "touchstart"] as const;

/** Tells the server that a person is there whenever they touch the page, until `signal` aborts: an open page alone is nobody. */
export function tellHere(client: PersonClient, signal: AbortSignal): void {
  let toldAt = -Infinity;
  const tell = () => {
    if (performance.now() - toldAt < signEveryMs) return;
    toldAt = performance.now();
    client.here().catch(() => {
      toldAt = -Infinity;
    });
  };
  for (const sign of signs) addEventListener(sign, tell, { signal, passive: true, capture: true });
}
