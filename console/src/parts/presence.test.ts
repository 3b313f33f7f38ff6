import { describe, expect, it, vi } from "vitest";
import { provePresence, type PresenceState, type PresenceWay } from "./presence.js";

function check(way: PresenceWay, options: { readonly releaseAfter?: number; readonly confirmed?: boolean } = {}) {
  const abort = new AbortController();
  let heldMs = 0;
  const api = {
    beginPresenceCheck: vi.fn(() => Promise.resolve({ id: "p1", method: "hold" as const, holdMs: 60, sampleEveryMs: 20, expiresAt: 0 })),
    samplePresence: vi.fn(() => {
      heldMs += 20;
      if (heldMs === options.releaseAfter) abort.abort();
      return Promise.resolve({ heldMs, holdMs: 60 });
    }),
    completePresence: vi.fn(() => Promise.resolve({ proof: "proof" })),
  };
  const states: PresenceState[] = [];
  const proof = provePresence({
    api,
    digest: "d",
    way,
    signal: abort.signal,
    confirmed: () => options.confirmed ?? false,
    onState: (state) => states.push(state),
  });
  return { api, states, proof, abort };
}

describe("a presence check", () => {
  it("gives the proof once it was held long enough", async () => {
    const { api, proof } = check("hold");
    await expect(proof).resolves.toBe("proof");
    expect(api.beginPresenceCheck).toHaveBeenCalledWith("d");
    expect(api.samplePresence).toHaveBeenCalledTimes(3);
  });

  it("refuses an early release and says so", async () => {
    const { api, states, proof } = check("hold", { releaseAfter: 40 });
    await expect(proof).resolves.toBeNull();
    expect(api.completePresence).not.toHaveBeenCalled();
    expect(states.at(-1)).toMatchObject({ status: "refused", sentence: expect.stringContaining("Nothing was approved") as string });
  });

  it("waits for the second press of somebody who can't hold", async () => {
    const { states, proof, abort } = check("steps");
    await expect.poll(() => states.at(-1)?.status).toBe("ready");
    abort.abort();
    await expect(proof).resolves.toBeNull();
    await expect(check("steps", { confirmed: true }).proof).resolves.toBe("proof");
  });
});
