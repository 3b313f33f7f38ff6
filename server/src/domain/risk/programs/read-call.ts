import type { ShellState } from "../shell/state.js";
import type { Address } from "../gate-address.js";
import { noteRequest, sendsTo } from "../network.js";
import { isWithin, placeOf } from "../path.js";
import type { Call } from "../shell/call.js";
import { literal, type ShellWord } from "../shell/word.js";
import { noteSql } from "../sql.js";
import { asksAboutVerb, onlyLooks } from "./conventions.js";
import { type Given, sortWords } from "./flags.js";
import { noteCode } from "./inline-code.js";
import { noteScriptName } from "./script-names.js";
import { noteUnknownProgram } from "./unknown-program.js";
import { type Role, roles, type Usage } from "./usage.js";

/** `--help`, `--version` and nothing else: no program does more than talk. */
export function asksForHelp(words: readonly ShellWord[]): boolean {
  return words.length === 1 && /^(?:--help|--version|-version|--usage)$/.test(words[0]?.text ?? "");
}

/** `x -h`, `x verb -h` of a program with subcommands; to others `-h` may be a host or to halt. */
function asksBriefly(words: readonly ShellWord[]): boolean {
  return words.at(-1)?.text === "-h" && words.length <= 2 && (words.length === 1 || /^[a-z][a-z-]*$/.test(words[0]?.text ?? ""));
}

/** Records what a call does, by what is known of its program. */
export function readCall(call: Call, usage: Usage): void {
  if (asksForHelp(call.words) || (usage.verbs && asksBriefly(call.words))) return call.reader.findings.note("harmless", call.text);
  if (usage.read) return usage.read(call, usage);
  readByTable(call, usage);
}

/** The part of `readCall` that only needs the data; custom readers use it for what the data does say. */
export function readByTable(call: Call, usage: Usage): void {
  const stopsEarly = usage.stopsEarly === true || usage.verbs !== undefined || /\bcommand$/.test(usage.takes ?? "");
  const given = sortWords(call.words, { ...usage, stopsEarly });
  const { findings } = call.reader;
  const shows = given.flags.some((flag) => flag.flag.mark === "shows");
  const dry = given.flags.some((flag) => flag.flag.mark === "dry" && flag.value?.text !== "none" && flag.value?.text !== "false");
  const inner = applyFlags({ ...call, dry }, given);
  for (const word of given.unknown)
    findings.confused(`The option ${word.source} of ${call.program} is not known.`, call.text, "unknown_option");
  // An option that is not known may run what stands behind it.
  if (given.unknown.length > 0) noteUnknownProgram(call);
  for (const word of given.loose) noteStray(word, call);
  if (shows) return findings.note("harmless", call.text);
  if (usage.verbs) return readVerb(inner, given, usage);
  if (!dry) noteAll(call, usage.does);
  applyOthers(inner, given.others, usage);
  if (!usage.does && !usage.takes && given.flags.length === 0) findings.note("harmless", call.text);
}

function readVerb(call: Call, given: Given, usage: Usage): void {
  const { findings } = call.reader;
  const [verb, ...rest] = given.others;
  if (asksAboutVerb(call.words)) return findings.note("harmless", call.text);
  if (!call.dry) noteAll(call, usage.does);
  if (!verb) return findings.note(usage.bare ?? "harmless", call.text);
  if (verb.text === null) return findings.confused(`The subcommand of ${call.program} is only known when it runs.`, call.text);
  if (asksForHelp(rest)) return findings.note("harmless", call.text);
  const named = verbNamed(usage.verbs ?? {}, verb.text);
  if (!named && verb.text === "help") return findings.note("harmless", call.text);
  if (!named && !usage.otherVerbs?.read && onlyLooks(call.program, given.others)) return findings.note("reads_network", call.text);
  const found = named ?? usage.otherVerbs;
  if (!found) noteUnknownProgram(call);
  if (!found) return findings.confused(`The subcommand ${verb.text} of ${call.program} is not known.`, call.text, "unknown_option");
  // Options before the subcommand count for it, too: `kubectl --context x get`.
  readCall({ ...call, program: `${call.program} ${verb.text}`, words: rest }, found);
}

export function verbNamed(verbs: Readonly<Record<string, Usage>>, name: string): Usage | undefined {
  const index = verbIndex(verbs);
  const exact = index.exact.get(name);
  if (exact) return exact;
  return index.starts.find(([start]) => name.startsWith(start))?.[1];
}

interface VerbIndex {
  readonly exact: Map<string, Usage>;
  readonly starts: [string, Usage][];
}
const verbIndexes = new WeakMap<object, VerbIndex>();

function verbIndex(verbs: Readonly<Record<string, Usage>>): VerbIndex {
  const known = verbIndexes.get(verbs);
  if (known) return known;
  const index: VerbIndex = { exact: new Map(), starts: [] };
  for (const [names, usage] of Object.entries(verbs)) {
    for (const name of names.split(" ")) {
      if (name.endsWith("*")) index.starts.push([name.slice(0, -1), usage]);
      else index.exact.set(name, usage);
    }
  }
  verbIndexes.set(verbs, index);
  return index;
}

function noteAll(call: Call, does: Usage["does"]): void {
  if (does === undefined) return;
  for (const name of typeof does === "string" ? [does] : does) call.reader.findings.note(name, call.text);
}

/** Applies the options; gives the call as it goes on (another folder after `-C`). */
function applyFlags(call: Call, given: Given): Call {
  let inner = call;
  for (const { flag, value, source } of given.flags) {
    if (flag.role === "folder" && value) inner = enter(inner, value);
    if (flag.does && !call.dry) call.reader.findings.note(flag.does, source);
    if (flag.takes === "nothing" || !value || flag.role === "folder") continue;
    applyRole(flag.role, value, inner);
  }
  return inner;
}

function enter(call: Call, folder: ShellWord): Call {
  const state = call.state.copy();
  const { path } = folder.text === null ? { path: null } : call.reader.surroundings.resolve(folder.text, state.folder ?? "/");
  state.folder = path;
  const place = placeOf(path, call.reader.surroundings);
  if (place.area === "home" || path === null) call.reader.findings.note("reads_elsewhere", folder.source);
  return { ...call, state };
}

function applyOthers(call: Call, others: readonly ShellWord[], usage: Usage): void {
  if (others.length === 0 && usage.bare) return call.reader.findings.note(usage.bare, call.text);
  const plan = planFor(usage.takes ?? "text...");
  const { before, repeated, after } = plan;
  others.forEach((word, index) => {
    const fromEnd = others.length - index;
    if (index < before.length && before[index] === "command") return;
    if (index > 0 && before.slice(0, index + 1).includes("command")) return;
    const role = index < before.length ? before[index] : fromEnd <= after.length ? after[after.length - fromEnd] : (repeated ?? "unknown");
    if (role === "command") return;
    applyRole(role ?? "unknown", word, call);
  });
  const commandAt = before.indexOf("command");
  if (commandAt >= 0 && others.length > commandAt) call.reader.runWords(others.slice(commandAt), call.state);
}

interface Plan {
  readonly before: readonly Role[];
  readonly repeated: Role | null;
  readonly after: readonly Role[];
}
const plans = new Map<string, Plan>();

/** `"text read... write"` taken apart; made once. */
function planFor(takes: string): Plan {
  const known = plans.get(takes);
  if (known) return known;
  const words = takes.split(" ").filter((word) => word !== "");
  const at = words.findIndex((word) => word.endsWith("..."));
  const role = (word: string): Role => {
    if (!roles.includes(word as Role)) throw new Error(`"${takes}" names no role: ${word}.`);
    return word as Role;
  };
  const plan: Plan =
    at < 0
      ? { before: words.map(role), repeated: null, after: [] }
      : { before: words.slice(0, at).map(role), repeated: role((words[at] ?? "").slice(0, -3)), after: words.slice(at + 1).map(role) };
  plans.set(takes, plan);
  return plan;
}

/** Records what a word in this role means. */
function applyRole(role: Role, word: ShellWord, call: Call): void {
  const { reader, state, dry } = call;
  const { findings } = reader;
  switch (role) {
    case "text":
      // Whatever the word means to the program, a path to a private place is worth a question.
      return noteStray(word, call);
    case "data":
      return;
    case "list":
      return reader.touch("list", word, state);
    case "read":
      // `-` is standard input; `@file` makes many programs read their words from it.
      if (word.text?.startsWith("@") === true) reader.touch("read", { ...word, text: word.text.slice(1) }, state);
      else if (word.text !== "-") reader.touch("read", word, state);
      return;
    case "readall":
      return reader.touchTree("read", word, state);
    case "move":
      return reader.touch(dry ? "list" : "move", word, state);
    case "write":
    case "append":
      if (word.text === "-") return;
      if (word.text?.startsWith("@") === true) reader.touch("read", { ...word, text: word.text.slice(1) }, state);
      return reader.touch(dry ? "list" : role, word, state);
    case "delete":
    case "deleteall":
      return role === "deleteall"
        ? reader.touchTree(dry ? "list" : "delete", word, state)
        : reader.touch(dry ? "list" : "delete", word, state);
    case "shell":
    case "command":
      if (word.text === null) return findings.confused("What it runs is only known when it runs.", call.text, "runs_unknown");
      return reader.readText(word.text, nested(call));
    case "code":
      return noteCode(call, word.text);
    case "script":
      return runScript(call, word);
    case "sql":
      return noteSql(word.text, null, findings);
    case "host":
      return sendsTo(addressOf(word.text), reader, call.text);
    case "url":
      return noteRequest({ url: word.text, method: "GET", secret: word.secret, evidence: word.source }, findings, reader.surroundings);
    case "upload":
      if (word.text !== "-") reader.touch("read", word, state);
      findings.sendsOut = true;
      return;
    case "folder":
      return reader.touch("list", word, state);
    case "unknown":
      return findings.confused(`The word ${word.source} of ${call.program} is not understood.`, call.text, "unknown_option");
  }
}

/** `host`, `host:port`, `[::1]:port`. */
function addressOf(text: string | null): Address {
  const match = /^(?:\[([^\]]*)\]|([^:]*))(?::([^:]*))?$/.exec(text ?? "");
  return text === null || !match ? { host: text, port: null } : { host: match[1] ?? match[2] ?? "", port: match[3] ?? null };
}

/** A word whose meaning is not known: a path may at least be read, a shell may at least be run. */
function noteStray(word: ShellWord, call: Call): void {
  const { reader, state } = call;
  if (word.text === null || word.pattern) return;
  if (/^(?:(?:\/usr)?\/bin\/)(?:ba|da|z|k|c|tc)?sh(?:\s|$)/.test(word.text)) return reader.findings.note("runs_hidden", call.text);
  if (!/^@?(?:\.{0,2}\/|~\/)|\/\.\.\//.test(word.text)) return;
  const text = word.text.replace(/^@/, "");
  const path = text.startsWith("/") || state.folder !== null ? reader.surroundings.resolve(text, state.folder ?? "/").path : null;
  const place = placeOf(path, reader.surroundings);
  if (place.area === "elsewhere" || place.secret || place.gate === "inside") reader.touch("read", { ...word, text }, state);
}

function nested(call: Call): Call["state"] {
  const state = call.state.copy();
  state.depth += 1;
  return state;
}

/** A file that is run: the project's own by its name, anything else asks. */
export function runScript(call: Call, word: ShellWord): void {
  const { reader, state } = call;
  const { findings, surroundings } = reader;
  if (word.text === "-" || word.text === "/dev/stdin") return runInput(call);
  if (/(?:^|\/)pullcord(?:\.[cm]?js)?$/.test(word.text ?? ""))
    return reader.runWords([literal("pullcord"), ...call.words.slice(call.words.indexOf(word) + 1)], state);
  const path =
    word.text === null || (state.folder === null && !word.text.startsWith("/"))
      ? null
      : surroundings.resolve(word.text, state.folder ?? "/").path;
  const place = placeOf(path, surroundings);
  if (word.pattern || path === null) return findings.confused("Which script runs is only known when it runs.", call.text, "runs_unknown");
  if (place.area === "null_device") return findings.confused("It runs what it is given.", call.text, "runs_unknown");
  if (findings.writes.has(path)) return findings.confused("It runs a file that it has just written.", call.text, "runs_unknown");
  if (surroundings.workspace === null || !isWithin(path, surroundings.workspace)) return findings.note("runs_outside", call.text);
  if (findings.unpacked && surroundings.isCommitted(path) !== true) findings.note("runs_foreign", call.text);
  findings.note("runs_project", call.text);
  noteScriptName(word.text ?? "", findings, call.text);
  const rest = call.words.slice(call.words.indexOf(word) + 1, call.words.indexOf(word) + 1 + argumentsJudged);
  for (const argument of rest) if (/^[a-z][\w:-]*$/i.test(argument.text ?? "")) noteScriptName(argument.text ?? "", findings, call.text);
}

/** How many words behind a script are looked at for what it is told to do. */
const argumentsJudged = 4;

/** What runs code from its input hands that same input on, of which nobody knows how much is left by then. */
export function withUnknownInput(state: ShellState, read: () => void): void {
  const given = state.input;
  state.input = { kind: "pipe", fetched: false };
  read();
  state.input = given;
}

/** Standard input that is run as code. */
export function runInput(call: Call): void {
  const { state, reader } = call;
  if (state.input.kind === "none") return reader.findings.note("runs_unknown", call.text);
  if (state.input.kind === "pipe" && state.input.fetched) return reader.findings.note("runs_foreign", call.text);
  if (state.input.kind === "text" && state.input.text !== null) {
    const code = literal(state.input.text);
    return withUnknownInput(state, () => applyRole("code", code, call));
  }
  reader.findings.confused("It runs text that is only known when it runs.", call.text, "runs_unknown");
}
