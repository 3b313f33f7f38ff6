import type { Spelled } from "./mysql.js";
import { sign, wordOf } from "./synthetic.js";
import { isSymbol, isWord, statementsIn, type Token, tokensOf } from "./tokens.js";
import { worded } from "./wording.js";

/**
 * Reads SQLite's statements about rows, and its new tables, where PostgreSQL's grammar does not know them. Null where
 * one of them is none of these.
 */
export function readSqlite(sql: string): readonly Spelled[] | null {
  const tokens = tokensOf(sql, "sqlite");
  if (tokens === null) return null;
  const spelled = statementsIn(tokens).map((own) => spelledStatement(own, sql));
  return spelled.every((one) => one !== null) && spelled.length > 0 ? spelled : null;
}

type Rewrite = (tokens: readonly Token[]) => readonly Token[] | null;

const byHead: Readonly<Record<string, Rewrite>> = {
  select: asIs,
  with: asIs,
  insert: (tokens) => changed("insert", tokens),
  replace: (tokens) => changed("insert", tokens),
  update: (tokens) => changed("update", tokens),
  delete: asIs,
  begin: (tokens) => (isWord(tokens[1], "immediate", "deferred", "exclusive") ? tokens.toSpliced(1, 1) : tokens),
  commit: asIs,
  create: asCreated,
  alter: asIs,
  drop: asIs,
};

function spelledStatement(own: readonly Token[], sql: string): Spelled | null {
  const [first] = own;
  const rewritten = (first?.kind === "word" ? byHead[first.value.toLowerCase()] : undefined)?.(own) ?? null;
  // SQLite takes a name in double quotes for a text only where nothing has that name.
  const spellings = rewritten === null ? null : [worded(rewritten, { namesInDoubleQuotes: true })];
  return spellings && { own: sql.slice(first?.start, own.at(-1)?.end), spellings, oddCalls: new Set() };
}

function asIs(tokens: readonly Token[]): readonly Token[] {
  return tokens;
}

/** `INSERT OR REPLACE`, `UPDATE OR IGNORE`: which rows change with it is seen when it is tried. `OR ROLLBACK` would end that. */
function changed(head: "insert" | "update", tokens: readonly Token[]): readonly Token[] | null {
  if (!isWord(tokens[1], "or")) return [wordOf(head), ...tokens.slice(1)];
  return isWord(tokens[2], "replace", "ignore", "abort", "fail") ? [wordOf(head), ...tokens.slice(3)] : null;
}

/** AUTOINCREMENT, WITHOUT ROWID, STRICT: of a new table its name is read, and that nothing is put into it. */
function asCreated(tokens: readonly Token[]): readonly Token[] | null {
  const at = tokens.findIndex((token) => isSymbol(token, "("));
  const head = tokens.slice(0, at);
  if (at < 0 || !head.some((token) => isWord(token, "table"))) return tokens;
  const end = closingOf(tokens, at);
  const options = end === null ? [] : tokens.slice(end + 1);
  const isPlain = options.every((token) => isWord(token, "without", "rowid", "strict") || isSymbol(token, ","));
  return end === null || !isPlain || head.some((token) => isWord(token, "virtual", "as")) ? null : [...head, sign("("), sign(")")];
}

function closingOf(tokens: readonly Token[], start: number): number | null {
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    if (index < start) continue;
    if (isSymbol(token, "(")) depth += 1;
    if (isSymbol(token, ")")) depth -= 1;
    if (depth === 0) return index;
  }
  return null;
}
