import { joined, nameOf, numberOf, sign, wordOf } from "./synthetic.js";
import { cutAt, isSymbol, isWord, type Token } from "./tokens.js";

/** A LIMIT up to this leaves most of a usual table as it is. */
const smallLimit = 1_000;

/** `UPDATE a JOIN b ON … SET … WHERE … ORDER BY … LIMIT …` */
export function asUpdated(tokens: readonly Token[]): readonly Token[] | null {
  const at = pastModifiers(tokens, 1);
  const clauses = clausesOf(tokens.slice(at), ["set", "where", "order", "limit"]);
  const tables = clauses && tablesIn(clauses.first);
  const set = clauses?.of("set");
  if (!clauses || !tables || !set) return null;
  const [target = [], ...others] = tables.references;
  const condition = conditionOf(tables.conditions, clauses);
  return condition && [wordOf("update"), ...target, wordOf("set"), ...unqualified(set), ...listed("from", others), ...condition];
}

/** `DELETE FROM a WHERE …`, `DELETE a, b FROM a JOIN b …`, `DELETE FROM a, b USING a JOIN b …` */
export function asDeleted(tokens: readonly Token[]): readonly Token[] | null {
  const at = pastModifiers(tokens, 1);
  const clauses = clausesOf(tokens.slice(at), ["from", "using", "where", "order", "limit", "returning"]);
  const named = clauses?.of("using") ?? clauses?.of("from");
  const tables = named && tablesIn(named);
  const returned = clauses?.of("returning");
  if (!clauses || !tables || (clauses.first.length > 0 && clauses.of("using"))) return null;
  const [target = [], ...others] = tables.references;
  const condition = conditionOf(tables.conditions, clauses);
  const answer = returned ? [wordOf("returning"), ...returned] : [];
  return condition && [wordOf("delete"), wordOf("from"), ...target, ...listed("using", others), ...condition, ...answer];
}

/** Where the words behind the verb that do not matter here end. */
export function pastModifiers(tokens: readonly Token[], start: number): number {
  let at = start;
  while (isWord(tokens[at], "low_priority", "quick", "ignore")) at += 1;
  return at;
}

interface Clauses {
  /** What stands before the first of them. */
  readonly first: readonly Token[];
  of(word: string): readonly Token[] | undefined;
}

/** What follows each of these words, outside of parentheses; null where one comes twice, or out of its turn. */
function clausesOf(tokens: readonly Token[], words: readonly string[]): Clauses | null {
  const parts = cutAt(tokens, (token) => isWord(token, ...words));
  if (!parts) return null;
  const [first = [], ...others] = parts;
  const turns = others.map(([word]) => words.indexOf(word?.value.toLowerCase() ?? ""));
  if (turns.some((turn, index) => index > 0 && turn <= (turns[index - 1] ?? 0))) return null;
  return { first, of: (word) => others.find(([opens]) => isWord(opens, word))?.slice(1) };
}

interface Tables {
  readonly references: readonly (readonly Token[])[];
  /** Conditions that leave rows out: those of inner joins. */
  readonly conditions: readonly (readonly Token[])[];
}

/** `a AS x INNER JOIN b ON x.i = b.i, c` */
function tablesIn(tokens: readonly Token[]): Tables | null {
  const isCut = (token: Token): boolean => isSymbol(token, ",") || isWord(token, "join", "on", "using");
  const parts = cutAt(tokens, isCut);
  if (!parts) return null;
  const references: (readonly Token[])[] = [];
  const conditions: (readonly Token[])[] = [];
  let words: readonly Token[] = [];
  let isOuter = false;
  for (const [index, part] of parts.entries()) {
    const content = index === 0 ? part : part.slice(1);
    const ends = endOfReference(content);
    if (isWord(part[0], "join")) isOuter = words.some((token) => isWord(token, "left", "right", "natural"));
    if (index > 0 && isWord(part[0], "on", "using")) {
      if (isWord(part[0], "on") && !isOuter) conditions.push(content.slice(0, ends));
    } else references.push(content.slice(0, ends));
    if (content.length - ends > 2) return null;
    words = content.slice(ends);
  }
  return references.every(isReference) ? { references, conditions } : null;
}

/** Before the words that say how the next one is joined. */
function endOfReference(tokens: readonly Token[]): number {
  let end = tokens.length;
  while (end > 0 && isWord(tokens[end - 1], "inner", "left", "right", "outer", "cross", "natural")) end -= 1;
  return end;
}

/** `a`, `d.a`, each with another name behind it; or a subquery with a name. */
function isReference(tokens: readonly Token[]): boolean {
  if (isSymbol(tokens[0], "(")) return isWord(tokens[1], "select");
  const spelling = tokens.map((token) =>
    isSymbol(token, ".") ? "." : isWord(token, "as") ? "a" : /^(?:word|name)$/.test(token.kind) ? "n" : "?",
  );
  return /^n(?:\.n)?(?:a?n)?$/.test(spelling.join(""));
}

function listed(word: string, references: readonly (readonly Token[])[]): readonly Token[] {
  return references.length === 0 ? [] : [wordOf(word), ...joined(references, sign(","))];
}

/** `SET a.x = 1` is `SET x = 1` here; which table it is has been noted by its reference. */
function unqualified(tokens: readonly Token[]): readonly Token[] {
  const parts = cutAt([sign(","), ...tokens], (token) => isSymbol(token, ",")) ?? [];
  const assignments = parts.slice(1).map((part) => {
    const equals = part.findIndex((token) => isSymbol(token, "="));
    return [...part.slice(Math.max(1, equals - 1), equals), ...part.slice(equals)];
  });
  return joined(assignments, sign(","));
}

/** All conditions as one. A small LIMIT leaves rows out like one. */
function conditionOf(joins: readonly (readonly Token[])[], clauses: Clauses): readonly Token[] | null {
  const [where, limit] = [clauses.of("where"), clauses.of("limit")];
  const [count, ...more] = limit ?? [];
  if (limit && (count?.kind !== "number" || more.length > 0)) return null;
  const bound = limit && Number(count?.value) <= smallLimit ? [[nameOf("limit"), sign("="), numberOf(Number(count?.value))]] : [];
  const all = [...joins, ...(where ? [where] : []), ...bound];
  if (all.length === 0) return [];
  const [open, close] = [sign("("), sign(")")];
  return [
    wordOf("where"),
    ...joined(
      all.map((one) => [open, ...one, close]),
      wordOf("and"),
    ),
  ];
}
