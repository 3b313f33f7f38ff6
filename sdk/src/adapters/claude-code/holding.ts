import { bounds, PullcordError } from "../../protocol/index.js";
import type { Verdict } from "./answer.js";
import type { Hook } from "./hook.js";

/** A question that a person has not answered yet. */
export interface Held<Answer> {
  /** How long it may still be held, in milliseconds. */
  readonly leftMs: number;
  readonly ask: (how: { readonly waitMs: number; readonly signal: AbortSignal }) => Promise<Answer>;
  /** Told to the server when the client does not wait for it any more. */
  readonly withdraw: () => Promise<unknown>;
}

const serverStops =
  "Pullcord's server is stopping, so this was not run. The request stays open: when the server is up again (npx pullcord start), do exactly the same again.";

/** One more wait; a verdict when there is nobody to wait for or nobody who could answer. */
export async function holdOn<Answer>(hook: Hook, { leftMs, ask, withdraw }: Held<Answer>): Promise<Answer | Verdict> {
  const given = new AbortController();
  const abort = () => given.abort();
  const signals = [hook.request.signal, hook.closing];
  for (const signal of signals) signal.addEventListener("abort", abort);
  if (signals.some(({ aborted }) => aborted)) abort();
  try {
    return await orAborted(ask({ waitMs: Math.min(leftMs, bounds.longPollMs), signal: given.signal }), given.signal);
  } catch (error) {
    // The server cuts its connections when it stops: that is no withdrawal.
    if (hook.closing.aborted) return denied(serverStops);
    if (!hook.request.signal.aborted) throw error;
    await withdraw().catch(() => undefined);
    return denied("The client does not wait for this any more.");
  } finally {
    for (const signal of signals) signal.removeEventListener("abort", abort);
  }
}

export function denied(reason: string, ends = false): Verdict {
  return { kind: "deny", reason, ends };
}

/** A signal handed on through a `Request` is held weakly by Node and can get lost, so it is listened to here as well. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let abort = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => reject(new PullcordError("unavailable", "aborted", "Nobody waits any more."));
  });
  signal.addEventListener("abort", abort);
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
