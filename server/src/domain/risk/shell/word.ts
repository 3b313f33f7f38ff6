import type { ParameterExpansionPart, ParameterOperation, Word, WordPart } from "unbash";
import { mostExpansions, longestWord } from "../bounds.js";

/** A word after expansion, as far as it can be known. */
export interface ShellWord {
  /** Unquoted text; null when part of it is only known while it runs. */
  readonly text: string | null;
  /** As written. */
  readonly source: string;
  /** Holds an unquoted wildcard: stands for names that only the file system knows. */
  readonly pattern: boolean;
  /** What was known in front of the first unknown part. */
  readonly prefix: string;
  /** The unknown part is an outside variable that nobody here set, unquoted or not. */
  readonly outside: boolean;
  /** A secret by its name, or what a substitution that reads secrets gave. */
  readonly secret: boolean;
  /** Where the text is unknown: the folder below which it is certain to lie. */
  readonly below?: string | undefined;
}

/** What a variable holds: null when unknown. */
export interface Value {
  readonly text: string | null;
  readonly secret: boolean;
  /** Never set here: comes from the surroundings of the shell. */
  readonly outside: boolean;
  /** Where the text is unknown: the folder below which it is certain to lie. */
  readonly below?: string | undefined;
}

/** What expanding a word needs from the walk. */
export interface Expander {
  /** Counts parts of words as steps; false past the limit, from where on nothing is known. */
  mayStep(count: number): boolean;
  variable(name: string): Value;
  /** Walks a command substitution; tells what it gives. */
  substitute(part: WordPart): Value;
  /** Walks whatever an arithmetic expression or an index runs. */
  arithmetic(part: WordPart): void;
  /** A text that the shell evaluates as a number: an index in it may run a command. */
  evaluated(text: string | null, source: string): void;
  /** A text that the shell expands once more, as it would a prompt. */
  expandedAgain(source: string): void;
  home(): string;
}

/** A literal word, for text that no shell has to expand. */
export function literal(text: string, source = text): ShellWord {
  return { text, source, pattern: false, prefix: text, outside: false, secret: false };
}

/** A word as `$1`: a wildcard stands for names that only the file system knows. */
export function asParameter(word: ShellWord): Value {
  return { text: word.pattern ? null : word.text, secret: word.secret, outside: word.outside, below: word.below };
}

/** A word that nobody can know. */
export function unknownWord(source: string): ShellWord {
  return { text: null, source, pattern: false, prefix: "", outside: false, secret: false };
}

/** Expands one word into the words that the shell would hand over. */
export function expandWord(word: Word, expander: Expander): ShellWord[] {
  const parts = word.parts;
  if (!parts && !/[~*?[\]{}]/.test(word.text)) return [literal(word.value, word.text)];
  const source = word.text;
  const drafts = parts ? expandParts(parts, expander) : [plain({ text: source, value: word.value })];
  return drafts.flatMap((draft) => finish(draft, source, expander));
}

/** Expands a text inside which words are not split (here-documents, double quotes, redirect targets). */
export function expandText(parts: readonly WordPart[] | undefined, value: string, expander: Expander): Value {
  if (!parts) return { text: value, secret: false, outside: false };
  const [draft] = joined(parts, expander, true);
  return draft
    ? { text: draft.text, secret: draft.secret, outside: draft.outside, below: draft.below }
    : { text: "", secret: false, outside: false };
}

interface Draft {
  text: string | null;
  prefix: string;
  pattern: boolean;
  outside: boolean;
  secret: boolean;
  tilde: boolean;
  /** Unquoted and known: split at white space later. */
  breaks: boolean;
  /** Something quoted or literal stands here, so that an empty text is still a word. */
  solid: boolean;
  below?: string | undefined;
}

const empty: Draft = { text: "", prefix: "", pattern: false, outside: false, secret: false, tilde: false, breaks: false, solid: false };
/** Stands for a place at which an unquoted expansion is split; no legal word holds it. */
const split = "\u0000";

function expandParts(parts: readonly WordPart[], expander: Expander): Draft[] {
  return joined(parts, expander, false);
}

function joined(parts: readonly WordPart[], expander: Expander, quoted: boolean): Draft[] {
  if (!expander.mayStep(parts.length)) return [{ ...empty, text: null, solid: true }];
  let drafts: Draft[] = [empty];
  for (const part of parts) {
    const options = expandPart(part, expander, quoted);
    drafts = drafts.flatMap((draft) => options.map((option) => join(draft, option)));
    // `{a,b}{a,b}…` doubles with each brace: from here on the word is unknown, but what stands in it still runs.
    if (drafts.length > mostExpansions) drafts = [{ ...empty, text: null, solid: true }];
  }
  return drafts;
}

function join(left: Draft, right: Draft): Draft {
  const tooLong = (left.text?.length ?? 0) + (right.text?.length ?? 0) > longestWord;
  const text = left.text === null || right.text === null || tooLong ? null : left.text + right.text;
  return {
    text,
    prefix: left.text === null ? left.prefix : left.text + right.prefix,
    pattern: left.pattern || right.pattern,
    outside: left.outside || right.outside,
    secret: left.secret || right.secret,
    tilde: left.tilde || (!left.solid && left.text === "" && right.tilde),
    breaks: left.breaks || right.breaks,
    solid: left.solid || right.solid,
    below: left.text === "" ? right.below : right.text !== null && !right.text.includes("..") ? left.below : undefined,
  };
}

function expandPart(part: WordPart, expander: Expander, quoted: boolean): Draft[] {
  switch (part.type) {
    case "Literal":
      return [quoted ? solid(part.value) : plain(part)];
    case "SingleQuoted":
    case "AnsiCQuoted":
      return [solid(part.value)];
    case "DoubleQuoted":
    case "LocaleString":
      return joined(part.parts, expander, true).map((draft) => ({ ...draft, solid: true, pattern: false, tilde: false }));
    case "SimpleExpansion":
      return [fromValue(expander.variable(part.text.slice(1)), quoted, expander)];
    case "ParameterExpansion":
      return [fromValue(expandParameter(part, expander), quoted, expander)];
    case "CommandExpansion":
    case "ProcessSubstitution":
      return [fromValue(expander.substitute(part), quoted, expander)];
    case "ArithmeticExpansion":
      expander.arithmetic(part);
      return [fromValue(/^\$\(\(\s*\d+\s*\)\)$/.test(part.text) ? known(part.text.replace(/\D/g, "")) : computed, quoted, expander)];
    case "BraceExpansion":
      return expandBraces(part.text, part.parts, expander);
    case "Glob":
      if (part.parts) joined(part.parts, expander, false);
      return [{ ...solid(part.value), pattern: true }];
    case "ExtendedGlob":
      if (part.parts) joined(part.parts, expander, false);
      return [{ ...solid(part.text), pattern: true }];
  }
}

const computed: Value = { text: null, secret: false, outside: false };
const known = (text: string): Value => ({ text, secret: false, outside: false });

function solid(text: string): Draft {
  return { ...empty, text, prefix: text, solid: true };
}

/** Unquoted literal text: wildcards and a leading tilde count. */
function plain(part: { readonly text: string; readonly value: string }): Draft {
  const bare = part.text.replace(/\\[\s\S]/g, "");
  return { ...solid(part.value), pattern: hasWildcard(bare), tilde: part.text.startsWith("~") };
}

function hasWildcard(text: string): boolean {
  const bracket = text.indexOf("[");
  return /[*?]/.test(text) || (bracket >= 0 && text.includes("]", bracket));
}

function fromValue(given: Value, quoted: boolean, expander: Expander): Draft {
  const value = quoted || !splitsElsewhere(given.text, expander) ? given : { ...given, text: null };
  if (value.text === null) return { ...empty, text: null, secret: value.secret, outside: value.outside, solid: true, below: value.below };
  if (quoted) return { ...solid(value.text), secret: value.secret };
  const text = value.text.replace(/[ \t\n]+/g, split);
  return {
    ...empty,
    text,
    prefix: text,
    secret: value.secret,
    breaks: text.includes(split),
    pattern: /[*?[]/.test(text),
    solid: text !== "",
  };
}

/** `IFS=/; a=rm/-rf/src; $a`: where the text is split is not where it shows. */
function splitsElsewhere(text: string | null, expander: Expander): boolean {
  const separators = expander.variable("IFS").text;
  if (!text || separators === " \t\n") return false;
  return separators === null || separators.split("").some((separator) => separator.trim() !== "" && text.includes(separator));
}

function expandParameter(part: ParameterExpansionPart, expander: Expander): Value {
  const { operation } = part;
  // Whatever stands inside runs, whichever way the expansion goes.
  const operands = operation ? wordsOf(operation).map((word) => expandText(word.parts, word.value, expander)) : [];
  if (part.index) expander.evaluated(expandText(part.index.parts, part.index.value, expander).text, part.text);
  if (operation?.type === "Slice") for (const { text } of operands) expander.evaluated(text, part.text);
  if (operation?.type === "Transform" && operation.operand.value === "P") expander.expandedAgain(part.text);
  const value = expander.variable(part.parameter);
  if (part.prefix === "#") return computed;
  if (part.prefix === "!" || part.index) return { ...value, text: null };
  if (!operation) return value;
  const [operand] = operands;
  if (operation.type === "Default" && /^:?[-=]$/.test(operation.operator) && operand) {
    if (value.text !== null && value.text !== "") return value;
    // An outside variable may be set or not; nobody can tell here.
    return { text: value.text === "" ? operand.text : null, secret: value.secret || operand.secret, outside: value.outside };
  }
  // `${HOME:?}` ends the shell where the variable is empty, and is the variable otherwise.
  if (operation.type === "Default" && /^:?\?$/.test(operation.operator) && value.text) return value;
  return { ...value, text: null };
}

function wordsOf(operation: ParameterOperation): Word[] {
  switch (operation.type) {
    case "Default":
    case "Remove":
    case "Transform":
      return [operation.operand];
    case "Replace":
      return [operation.pattern, operation.replacement];
    case "Slice":
      return operation.length ? [operation.offset, operation.length] : [operation.offset];
    case "CaseModification":
      return operation.operand ? [operation.operand] : [];
    default:
      return [];
  }
}

function expandBraces(text: string, parts: readonly WordPart[] | undefined, expander: Expander): Draft[] {
  if (parts?.some((part) => part.type !== "Literal" && part.type !== "SingleQuoted" && part.type !== "Glob")) {
    joined(parts, expander, false);
    return [{ ...empty, text: null, solid: true }];
  }
  const inner = text.slice(1, -1);
  const range = /^(-?\d+)\.\.(-?\d+)$/.exec(inner);
  if (range) {
    const [from, to] = [Number(range[1]), Number(range[2])];
    if (Math.abs(to - from) > 100) return [{ ...empty, text: null, solid: true }];
    const step = from <= to ? 1 : -1;
    return Array.from({ length: Math.abs(to - from) + 1 }, (_, index) => solid(String(from + index * step)));
  }
  if (/[{}'"\\$`]/.test(inner) || !inner.includes(",")) return [{ ...empty, text: null, solid: true }];
  return inner.split(",").map((option) => ({ ...plain({ text: option, value: option }), tilde: false }));
}

function finish(draft: Draft, source: string, expander: Expander): ShellWord[] {
  const rest = { source, pattern: draft.pattern, outside: draft.outside, secret: draft.secret, below: draft.below };
  if (draft.text === null) return [{ ...rest, text: null, prefix: expandTilde(draft, draft.prefix, expander) ?? "" }];
  const pieces = draft.breaks ? draft.text.split(split).filter((piece) => piece !== "") : [draft.text];
  if (!draft.solid && draft.text === "") return [];
  return pieces.map((piece, index) => {
    const text = index === 0 ? expandTilde(draft, piece, expander) : piece;
    return { ...rest, text, prefix: text ?? "" };
  });
}

function expandTilde(draft: Draft, text: string, expander: Expander): string | null {
  if (!draft.tilde || !text.startsWith("~")) return text;
  if (text === "~" || text.startsWith("~/")) return expander.home() + text.slice(1);
  const named = /^~([\w.-]+)(\/.*)?$/.exec(text);
  if (named?.[1] === "root") return `/root${named[2] ?? ""}`;
  if (named && expander.home().endsWith(`/${named[1]}`)) return expander.home() + (named[2] ?? "");
  // `~name`, `~+`: another home or folder, which only the machine knows.
  return /^~[\w.+-]*(?:\/|$)/.test(text) ? null : text;
}

/** A word as shell text that means the same; an unknown one stays unknown. */
export function quoteWord(word: ShellWord): string {
  return word.text === null ? '"$unknown"' : `'${word.text.replaceAll("'", "'\\''")}'`;
}
