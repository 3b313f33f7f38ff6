import type { ScriptFact, ScriptRunner } from "../../reading.js";
import { Findings } from "../findings.js";
import type { HazardName } from "../hazards.js";
import type { Call } from "../shell/call.js";
import { quoteWord, type ShellWord } from "../shell/word.js";
import { hasDangerousName } from "./script-names.js";

export interface ScriptCall {
  readonly runner: ScriptRunner;
  readonly name: string;
  /** Behind the name. */
  readonly words?: readonly ShellWord[];
}

/** How deep scripts may call each other (`npm run a` calls `make b` calls …). */
const scriptDepth = 6;

/**
 * A script of package.json or a Makefile: its body where that can be read, what a person wrote that it does, or its
 * name. Words given to it go behind its last command, as npm does.
 */
export function runProjectScript(call: Call, { runner, name, words = [] }: ScriptCall): void {
  const { reader, state, text } = call;
  const fact = reader.surroundings.facts?.script?.(runner, name, state.folder) ?? null;
  if (fact?.body && reader.scripts.length < scriptDepth && !reader.scripts.includes(`${runner} ${name}`))
    return readBody(call, { fact, body: withWords(fact.body, words), label: `${runner} ${name}` });
  if (fact?.says) return reader.findings.note(hazardOf(fact.says), text);
  reader.findings.note(hasDangerousName(name) ? "dangerous_script" : "runs_task", text);
}

interface Body {
  readonly fact: ScriptFact;
  readonly body: string;
  readonly label: string;
}

/** What is not understood in a script that people committed is judged by its name, as if the body were not there. */
function readBody(call: Call, { fact, body, label }: Body): void {
  const { reader, state, text } = call;
  const inner = state.copy();
  inner.depth += 1;
  reader.scripts.push(label);
  const found = new Findings();
  reader.within(found, () => reader.readText(body, inner));
  reader.scripts.pop();
  const opaque = reader.findings.absorb(found, fact.committed);
  if (opaque && hasDangerousName(label)) reader.findings.note("dangerous_script", text);
  reader.findings.note("runs_task", text);
}

function withWords(body: string, words: readonly ShellWord[]): string {
  const given = words.filter((word, index) => !(index === 0 && word.text === "--"));
  return given.length === 0 ? body : `${body} ${given.map(quoteWord).join(" ")}`;
}

/** What a description in a setting file means. */
const descriptions: readonly (readonly [RegExp, HazardName])[] = [
  [/\bdrop|reset|truncat|wipe|empt/i, "database_drops"],
  [/deploy|publish|release|upload/i, "publishes"],
  [/\bpay|refund|charge/i, "pays"],
  [/\bsend|mail|notif/i, "sends_message"],
  [/all ignored|volumes/i, "drops_volumes"],
  [/remov|delet|clean/i, "deletes_recreatable"],
  [/migrat/i, "database_writes"],
  [/serv|watch/i, "runs_project"],
];

function hazardOf(says: string): HazardName {
  return descriptions.find(([pattern]) => pattern.test(says))?.[1] ?? "runs_task";
}
