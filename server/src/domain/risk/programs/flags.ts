import { type HazardName, hazards } from "../hazards.js";
import type { Call } from "../shell/call.js";
import type { ShellWord } from "../shell/word.js";
import { type Flag, type FlagTable, type Role, roles, type Usage } from "./usage.js";

const tables = new Map<string, FlagTable>();
const pattern = /^([-+][^=!:?]*)(\?)?(?:(=)(\w*))?(?:!(\w+))?(?::(dry|shows))?$/;

/** The table that a usage's `flags` text spells; made once. */
export function flagTable(text: string): FlagTable {
  const known = tables.get(text);
  if (known) return known;
  const named = new Map<string, Flag>();
  let anyOther = false;
  for (const token of text.split(/\s+/)) {
    if (token === "") continue;
    if (token === "*") {
      anyOther = true;
      continue;
    }
    const flag = parseFlag(token);
    named.set(flag.name, flag);
  }
  const table = { named, anyOther };
  tables.set(text, table);
  return table;
}

function parseFlag(token: string): Flag {
  const match = pattern.exec(token);
  if (!match) throw new Error(`The option "${token}" is not spelled as Usage.flags wants it.`);
  const [, name = "", attached, takes, role, does, mark] = match;
  if (role && !roles.includes(role as Role)) throw new Error(`The option "${token}" names no role.`);
  if (does && !(does in hazards)) throw new Error(`The option "${token}" names no hazard.`);
  return {
    name,
    takes: attached ? "attached" : takes ? "value" : "nothing",
    role: (role || "text") as Role,
    does: (does as HazardName | undefined) ?? null,
    mark: (mark as "dry" | "shows" | undefined) ?? null,
  };
}

export interface GivenFlag {
  readonly flag: Flag;
  readonly value: ShellWord | null;
  readonly source: string;
}

/** A command's words, sorted into options and others. */
export interface Given {
  readonly flags: readonly GivenFlag[];
  readonly others: readonly ShellWord[];
  /** Options that the table does not know. */
  readonly unknown: readonly ShellWord[];
  /** Values of options that the table lets pass without knowing them. */
  readonly loose: readonly ShellWord[];
}

interface Sorted {
  readonly flags: GivenFlag[];
  readonly unknown: ShellWord[];
  readonly loose: ShellWord[];
}

/** Sorts words as getopt does, or as programs with one-dash long options do. */
export function sortWords(words: readonly ShellWord[], usage: Pick<Usage, "flags" | "words" | "stopsEarly">): Given {
  const table = flagTable(usage.flags ?? "");
  const flags: GivenFlag[] = [];
  const others: ShellWord[] = [];
  const unknown: ShellWord[] = [];
  const loose: ShellWord[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] as ShellWord;
    const text = word.text ?? word.prefix;
    if (text === "--" && word.text !== null) {
      others.push(...words.slice(index + 1));
      break;
    }
    const isFlag = (text.startsWith("-") && text !== "-") || (text.startsWith("+") && table.named.has(text));
    if (!isFlag) {
      others.push(word);
      if (usage.stopsEarly) {
        others.push(...words.slice(index + 1));
        break;
      }
      continue;
    }
    index += takeFlag({ word, next: words[index + 1], table, longWords: usage.words === true }, { flags, unknown, loose });
  }
  return { flags, others, unknown, loose };
}

/** Records one option; gives how many further words it took. */
interface AtFlag {
  readonly word: ShellWord;
  readonly next: ShellWord | undefined;
  readonly table: FlagTable;
  readonly longWords: boolean;
}

function takeFlag(at: AtFlag, out: Sorted): number {
  const { word, next, table, longWords } = at;
  const text = word.text ?? word.prefix;
  const equals = text.indexOf("=");
  const name = equals > 0 ? text.slice(0, equals) : text;
  const exact = table.named.get(name) ?? (text.startsWith("--") ? abbreviated(name, table) : undefined);
  if (exact && (equals < 0 || text.startsWith("--") || longWords)) {
    if (equals > 0) {
      out.flags.push({ flag: exact, value: valueAfter(word, equals + 1), source: word.source });
      return 0;
    }
    if (exact.takes !== "value") {
      out.flags.push({ flag: exact, value: null, source: word.source });
      return 0;
    }
    out.flags.push({ flag: exact, value: next ?? null, source: `${word.source} ${next?.source ?? ""}` });
    return next ? 1 : 0;
  }
  if (text.startsWith("--") || longWords) {
    if (!table.anyOther || runsSomething.test(name) || (word.text === null && equals < 0)) out.unknown.push(word);
    else if (equals > 0) out.loose.push(valueAfter(word, equals + 1));
    return 0;
  }
  return takeBundle(at, out);
}

/** Long options that make nearly any program run something; a table that lets all others pass has to name them. */
const runsSomething =
  /^--?(?!(?:no|ignore|skip|disable|without)-)[\w-]*(?:command|exec|pager|editor|hook|plugin|shell|preload|modprobe|(?:node|jvm|java)-?(?:options|args|opts))(?![a-z]*(?:able|ution|only|line))/;

/** `-xzf file`: single letters, the last of which may take a value. */
function takeBundle({ word, next, table }: AtFlag, out: Sorted): number {
  const text = word.text ?? word.prefix;
  for (let index = 1; index < text.length; index += 1) {
    const letter = text[index] ?? "";
    const flag = table.named.get(`${text[0]}${letter}`);
    if (!flag) {
      if (/\d/.test(letter) && table.named.has("-NUM")) continue;
      if (!table.anyOther) {
        out.unknown.push(word);
        return 0;
      }
      if (letter === "/") {
        out.loose.push(valueAfter(word, index));
        return 0;
      }
      continue;
    }
    if (flag.takes === "nothing") {
      out.flags.push({ flag, value: null, source: word.source });
      continue;
    }
    const attached = index + 1 < text.length || word.text === null;
    if (attached) out.flags.push({ flag, value: valueAfter(word, index + 1), source: word.source });
    else if (flag.takes === "attached") out.flags.push({ flag, value: null, source: word.source });
    else {
      out.flags.push({ flag, value: next ?? null, source: `${word.source} ${next?.source ?? ""}` });
      return next ? 1 : 0;
    }
    return 0;
  }
  if (word.text === null) out.unknown.push(word);
  return 0;
}

/** GNU programs take any unambiguous start of a long option. */
function abbreviated(name: string, table: FlagTable): Flag | undefined {
  if (name.length < 4) return undefined;
  let found: Flag | undefined;
  for (const [known, flag] of table.named) {
    if (!known.startsWith(name)) continue;
    if (found) return undefined;
    found = flag;
  }
  return found;
}

function valueAfter(word: ShellWord, start: number): ShellWord {
  return { ...word, text: word.text === null ? null : word.text.slice(start), prefix: word.prefix.slice(start) };
}

/** Notes what the options touch; gives what is left to judge. */
export function noteOptions(call: Call, usage: Usage): Given {
  const { reader, state, text } = call;
  const given = sortWords(call.words, usage);
  for (const word of given.unknown)
    reader.findings.confused(`The option ${word.source} of ${call.program} is not known.`, text, "unknown_option");
  for (const { flag, value, source } of given.flags) {
    if (flag.does) reader.findings.note(flag.does, source);
    if (value && (flag.role === "read" || flag.role === "write") && value.text !== "-") reader.touch(flag.role, value, state);
  }
  return given;
}
