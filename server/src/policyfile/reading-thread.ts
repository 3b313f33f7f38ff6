// A thread of its own: reads one policy text and hands it over, its rules part by part as they are asked for.
import { parentPort, workerData } from "node:worker_threads";
import type { PolicyProblem } from "@pullcord/sdk/protocol";
import type { RuleDocument } from "../domain/policy/document.js";
import { readPolicy, type CheckedPolicy } from "./read-policy.js";

export type AsideAnswer =
  | { readonly kind: "problem"; readonly problem: PolicyProblem }
  | ({ readonly kind: "document" } & CheckedPolicy)
  | { readonly kind: "rules"; readonly rules: readonly RuleDocument[] }
  | { readonly kind: "end" };

/** Rules in one part; taking one over is well under a millisecond. */
const partRules = 100;

const { text, fileName } = workerData as { readonly text: string; readonly fileName: string };
const read = readPolicy(text, fileName);
if ("problem" in read) say({ kind: "problem", problem: read.problem });
else {
  const { rules = [], ...document } = read.ok.document;
  let given = 0;
  parentPort?.on("message", () => {
    say(given < rules.length ? { kind: "rules", rules: rules.slice(given, (given += partRules)) } : { kind: "end" });
  });
  say({ kind: "document", document, lines: read.ok.lines });
}

function say(answer: AsideAnswer): void {
  parentPort?.postMessage(answer);
}
