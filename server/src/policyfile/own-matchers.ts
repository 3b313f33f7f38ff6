import { pathToFileURL } from "node:url";
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { AskMatcher, MatchedAction } from "../domain/policy/custom.js";

/** A matcher that has not answered by then is taken to be unknown, in milliseconds; the decision waits so long. */
const slowMs = 200;
/** A file that has not loaded by then is refused, in milliseconds. */
const loadMs = 5_000;
/** After so many slow answers the file is not asked any more until it is loaded again. */
const mostSlow = 3;
const mostMemoryMb = 64;

const program = new URL("../../bin/matcher-thread.js", import.meta.url);

/** What the thread answers, in the shared word: nothing yet, or one of the fits. */
const answers = { none: 0, yes: 1, no: 2 } as const;

/** The loaded functions of a policy's own matchers file. */
export interface OwnMatchers {
  /** The absolute path of the file. */
  readonly file: string;
  /** The functions that it exports. */
  readonly names: readonly string[];
  readonly ask: AskMatcher;
  close(): void;
}

/**
 * Loads a TypeScript file of matchers into a thread of its own, types stripped by Node, without the server's
 * environment. A matcher that throws, or is slow, or answers neither true nor false leaves its condition unknown:
 * a rule that asks or denies then asks, one that allows does not.
 */
export async function loadMatchers(file: string): Promise<{ readonly ok: OwnMatchers } | { readonly sentence: string }> {
  let running = begin(file);
  const names = await running.loaded;
  if (typeof names === "string") {
    running.end();
    return { sentence: names };
  }
  let slow = 0;
  const ask: AskMatcher = (name, action) => {
    if (slow >= mostSlow) return "unknown";
    const fit = running.ask(name, action);
    if (fit !== "slow") return fit;
    slow += 1;
    running.end();
    // The next one is unknown as well while the file loads anew; that takes nobody's time.
    running = begin(file);
    return "unknown";
  };
  return { ok: { file, names, ask, close: () => running.end() } };
}

function begin(file: string) {
  const shared = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const thread = new Worker(program, {
    workerData: { file: pathToFileURL(file).href, shared },
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: mostMemoryMb },
  });
  thread.unref();
  let isReady = false;
  const loaded = load(thread).then((names) => {
    isReady = typeof names !== "string";
    return names;
  });
  thread.on("error", () => (isReady = false));
  thread.on("exit", () => (isReady = false));
  return {
    loaded,
    ask: (name: string, action: MatchedAction) => (isReady ? askThread(thread, shared, { name, action }) : "unknown"),
    end: () => void thread.terminate(),
  };
}

/** The names of the exported functions, or why there are none. */
async function load(thread: Worker): Promise<readonly string[] | string> {
  try {
    const signal = AbortSignal.timeout(loadMs);
    const [said] = (await once(thread, "message", { signal })) as [{ readonly names: readonly string[] } | { readonly problem: string }];
    return "names" in said ? said.names : said.problem;
  } catch (error) {
    return error instanceof Error && error.name === "AbortError" ? `It did not load within ${loadMs / 1_000} s.` : "It can't be loaded.";
  }
}

/** Asks and waits. The decision stands still meanwhile, so the wait is short. */
function askThread(
  thread: Worker,
  shared: Int32Array<SharedArrayBuffer>,
  asked: { readonly name: string; readonly action: MatchedAction },
): "yes" | "no" | "unknown" | "slow" {
  Atomics.store(shared, 0, answers.none);
  thread.postMessage(asked);
  if (Atomics.wait(shared, 0, answers.none, slowMs) === "timed-out") return "slow";
  const said = Atomics.load(shared, 0);
  return said === answers.yes ? "yes" : said === answers.no ? "no" : "unknown";
}
