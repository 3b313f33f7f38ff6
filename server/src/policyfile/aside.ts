import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { PolicyProblem } from "@pullcord/sdk/protocol";
import type { RuleDocument } from "../domain/policy/document.js";
import { readPolicy, type CheckedPolicy } from "./read-policy.js";
import type { AsideAnswer } from "./reading-thread.js";

/** A longer text is read in a thread of its own, in characters: about a hundred rules, some milliseconds. */
const longText = 20_000;
/** So long one slice of work may hold up decisions, in milliseconds. */
const sliceMs = 4;

/** Reads a policy's text without holding up decisions, however long it is. */
export async function readAside(
  text: string,
  fileName: string,
): Promise<{ readonly ok: CheckedPolicy } | { readonly problem: PolicyProblem }> {
  const program = new URL("./reading-thread.js", import.meta.url);
  // From the sources, in tests, there is no program that a thread could load.
  if (text.length < longText || import.meta.url.endsWith(".ts")) return readPolicy(text, fileName);
  const thread = new Worker(program, { workerData: { text, fileName } });
  const hear = async () => ((await once(thread, "message")) as [AsideAnswer])[0];
  try {
    const first = await hear();
    if (first.kind === "problem") return { problem: first.problem };
    if (first.kind !== "document") throw new Error("The reading thread said something else first.");
    const rules: RuleDocument[] = [];
    for (;;) {
      // The rules come in parts: taking over ten thousand at once would take longer than a decision may wait.
      thread.postMessage("more");
      const part = await hear();
      if (part.kind !== "rules") break;
      rules.push(...part.rules);
      await setImmediate();
    }
    return { ok: { document: { ...first.document, rules }, lines: first.lines } };
  } finally {
    await thread.terminate();
  }
}

/** Works through the steps a slice at a time, decisions between the slices. */
export async function inSlices<Result>(steps: Iterator<undefined, Result, undefined>): Promise<Result> {
  for (;;) {
    const until = performance.now() + sliceMs;
    do {
      const step = steps.next();
      if (step.done) return step.value;
    } while (performance.now() < until);
    await setImmediate();
  }
}
