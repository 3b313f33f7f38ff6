import type { TouchedRows } from "../../reading.js";
import { asDeleted, asUpdated } from "./mysql-joined.js";
import { asInserted } from "./mysql-insert.js";
import { cutAt, isSymbol, isWord, statementsIn, type Token, tokensOf } from "./tokens.js";
import { touchedBy } from "./mysql-touched.js";
import { sign, textOf, wordOf } from "./synthetic.js";
import { worded } from "./wording.js";

/** One statement of a dialect, spelled for PostgreSQL's grammar. */
export interface Spelled extends Spelling {
  /** As it was written. */
  readonly own: string;
  /** Where the rows that it touches can be looked for, where it says so. */
  readonly touched?: TouchedRows;
}

interface Spelling {
  /** What it means, the likeliest first: all of them are to be judged, since the server's modes decide which one it is. */
  readonly spellings: readonly string[];
  /** Functions that it calls by a name in backticks, or with a blank before the parenthesis: they may be somebody's own. */
  readonly oddCalls: ReadonlySet<string>;
}

/** Reads MySQL's and MariaDB's statements about rows. Null where one of them is none, or may mean something else. */
export function readMysql(sql: string): readonly Spelled[] | null {
  const tokens = tokensOf(sql, "mysql");
  if (tokens === null) return null;
  const spelled = statementsIn(tokens).map((own) => {
    const one = readMysqlTokens(own);
    const touched = touchedBy(own, sql);
    return one && { ...one, own: sql.slice(own[0]?.start, own.at(-1)?.end), ...(touched === null ? {} : { touched }) };
  });
  return spelled.every((one) => one !== null) && spelled.length > 0 ? spelled : null;
}

type Rewrite = (tokens: readonly Token[]) => readonly Token[] | null;

/** One kind of statement more: one line. What it rewrites is what PostgreSQL's grammar lacks. */
const byHead: Readonly<Record<string, Rewrite>> = {
  select: asSelected,
  insert: asInserted,
  replace: asInserted,
  update: asUpdated,
  delete: asDeleted,
  begin: (tokens) => (tokens.length === 1 ? tokens : null),
  start: (tokens) => (tokens.length === 2 ? tokens : null),
  commit: (tokens) => (tokens.length === 1 ? tokens : null),
  drop: asIs,
  truncate: asIs,
  alter: asIs,
  create: asCreated,
};

/** Reads one statement that has been taken apart. */
export function readMysqlTokens(own: readonly Token[]): Spelling | null {
  const [first] = own;
  const rewrite = first?.kind === "word" ? byHead[first.value.toLowerCase()] : undefined;
  const rewritten = rewrite?.(withIntervals(own)) ?? null;
  // Two bars join texts, or are an OR: that is a mode of the server's.
  if (rewritten === null || hasInto(own) || own.some((token) => isSymbol(token, "||"))) return null;
  const names = mayBeNames(own) ? [worded(rewritten, { namesInDoubleQuotes: true })] : [];
  return { spellings: [worded(rewritten), ...names], oddCalls: oddCallsIn(own) };
}

/** What stands in double quotes is a name in one of MySQL's modes; that matters where something there has that name. */
function mayBeNames(tokens: readonly Token[]): boolean {
  const named = new Set(tokens.flatMap(({ kind, value }) => (kind === "word" || kind === "name" ? [value.toLowerCase()] : [])));
  return tokens.some(({ kind, value }) => kind === "double" && named.has(value.toLowerCase()));
}

function asIs(tokens: readonly Token[]): readonly Token[] {
  return tokens;
}

/** `INTO` belongs to INSERT and REPLACE; elsewhere it writes files and variables. */
function hasInto(tokens: readonly Token[]): boolean {
  return tokens.some((token, index) => isWord(token, "into") && !(index < mostModifiers && isWord(tokens[0], "insert", "replace")));
}

/** Words between INSERT and INTO, at most. */
const mostModifiers = 4;

/** `INTERVAL 1 DAY` is `interval '1'` to the other grammar. */
function withIntervals(tokens: readonly Token[]): readonly Token[] {
  return tokens.flatMap((token, index) => {
    const isAmount = isWord(tokens[index - 1], "interval") && /^(?:number|text)$/.test(token.kind) && tokens[index + 1]?.kind === "word";
    if (isAmount) return [textOf(token.value)];
    return isWord(tokens[index - 2], "interval") && token.kind === "word" && /^(?:number|text)$/.test(tokens[index - 1]?.kind ?? "")
      ? []
      : [token];
  });
}

/** `LIMIT 5, 10` is `LIMIT 10 OFFSET 5`. */
function asSelected(tokens: readonly Token[]): readonly Token[] | null {
  const at = tokens.findLastIndex((token) => isWord(token, "limit"));
  const [offset, comma, count] = tokens.slice(at + 1);
  if (at < 0 || !offset || !count || !isSymbol(comma, ",")) return tokens;
  return [...tokens.slice(0, at + 1), count, wordOf("offset"), offset, ...tokens.slice(at + 4)];
}

/** Of a new table, its name is read, and that nothing is put into it. */
function asCreated(tokens: readonly Token[]): readonly Token[] | null {
  const at = tokens.findIndex((token) => isSymbol(token, "("));
  const head = tokens.slice(0, at);
  if (at < 0 || !head.some((token) => isWord(token, "table"))) return tokens;
  if (tokens.some((token) => isWord(token, "select", "like"))) return null;
  return cutAt(tokens, () => false) === null ? null : [...head, sign("("), sign(")")];
}

/** A backtick or a blank before the parenthesis: MySQL may look for a function that somebody made. */
function oddCallsIn(tokens: readonly Token[]): ReadonlySet<string> {
  const odd = tokens.filter(
    (token, index) =>
      isSymbol(tokens[index + 1], "(") &&
      (token.kind === "name" || token.kind === "double" || (token.kind === "word" && tokens[index + 1]?.isApart === true)),
  );
  return new Set(odd.map(({ value }) => value.toLowerCase()));
}
