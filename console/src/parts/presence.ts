import type { PersonClient } from "@pullcord/sdk/client";
import { useCallback, useEffect, useRef, useState } from "react";
import { announce } from "../live/announce.js";
import { sentenceOf } from "./state-pages.js";

/** What a presence check needs of the API. */
export type PresenceApi = Pick<PersonClient, "beginPresenceCheck" | "samplePresence" | "completePresence">;

/** `hold`: a key or button is held down. `steps`: pressed once to start, once more to confirm, for whoever can't hold. */
export type PresenceWay = "hold" | "steps";

export type PresenceState =
  | { readonly status: "idle" }
  | { readonly status: "holding"; readonly way: PresenceWay; readonly share: number; readonly leftMs: number }
  | { readonly status: "ready" }
  | { readonly status: "proving" }
  | { readonly status: "refused"; readonly sentence: string };

/** A sample is sent well before the server would miss it. */
const longestSampleMs = 300;
/** How long the second press of `steps` is waited for. */
const confirmWaitMs = 10_000;

interface PresenceOptions {
  readonly api: PresenceApi;
  readonly digest: string;
  readonly way: PresenceWay;
  /** Aborts when the person lets go, leaves, or cancels. */
  readonly signal: AbortSignal;
  /** True once the person pressed the second time. */
  readonly confirmed: () => boolean;
  readonly onState: (state: PresenceState) => void;
}

/** Runs one presence check to its proof; null when it was refused, and `onState` has said why. */
export async function provePresence({ api, digest, way, signal, confirmed, onState }: PresenceOptions): Promise<string | null> {
  onState({ status: "holding", way, share: 0, leftMs: 0 });
  const check = await api.beginPresenceCheck(digest);
  const everyMs = Math.min(longestSampleMs, check.sampleEveryMs * 0.6);
  let heldMs = 0;
  let readyAt: number | null = null;
  for (;;) {
    const leftMs = Math.max(0, check.holdMs - heldMs);
    if (signal.aborted) {
      onState({
        status: "refused",
        sentence: `Let go after ${(heldMs / 1000).toFixed(1)} s of ${(check.holdMs / 1000).toFixed(1)} s. Nothing was approved.`,
      });
      return null;
    }
    if (leftMs === 0 && (way === "hold" || confirmed())) break;
    if (leftMs === 0) readyAt ??= Date.now();
    if (readyAt !== null && Date.now() - readyAt > confirmWaitMs) {
      onState({ status: "refused", sentence: "Not confirmed within 10 s. Nothing was approved." });
      return null;
    }
    onState(readyAt === null ? { status: "holding", way, share: heldMs / check.holdMs, leftMs } : { status: "ready" });
    await pause(everyMs, signal);
    if (!signal.aborted) ({ heldMs } = await api.samplePresence(check.id));
  }
  onState({ status: "proving" });
  return (await api.completePresence(check.id)).proof;
}

/** The presence check as a button needs it. */
export function usePresence(api: PresenceApi, digest: string, onProof: (proof: string) => Promise<void>) {
  const [state, setState] = useState<PresenceState>({ status: "idle" });
  const running = useRef<{ readonly abort: AbortController; confirmed: boolean } | null>(null);
  const release = useCallback(() => running.current?.abort.abort(), []);
  useEffect(() => release, [release]);

  const start = async (way: PresenceWay) => {
    if (running.current) return;
    const attempt = { abort: new AbortController(), confirmed: false };
    running.current = attempt;
    try {
      const proof = await provePresence({
        api,
        digest,
        way,
        signal: attempt.abort.signal,
        confirmed: () => attempt.confirmed,
        onState: setState,
      });
      if (proof !== null) {
        await onProof(proof);
        setState({ status: "idle" });
      }
    } catch (error) {
      setState({ status: "refused", sentence: sentenceOf(error) });
    } finally {
      running.current = null;
    }
  };
  const confirm = () => {
    if (running.current) running.current.confirmed = true;
  };
  useEffect(() => {
    if (state.status === "refused") announce(state.sentence);
    if (state.status === "ready") announce("Press again to confirm");
  }, [state]);
  return { state, start, confirm, release };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done);
  });
}
