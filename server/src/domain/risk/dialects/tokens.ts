/** A piece of an SQL text. Attacker-controlled. */
export interface Token {
  /** `word`: a bare name or keyword · `name`: a quoted one · `text` · `double`: what stands in double quotes · `number` · `symbol`. */
  readonly kind: "word" | "name" | "text" | "double" | "number" | "symbol";
  /** A word as written; a name or a text without its quotes. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
  /** A blank or a comment stands before it. */
  readonly isApart: boolean;
}

export type OwnDialect = "mysql" | "sqlite";

/** Most tokens of one text that are looked at. */
const mostTokens = 20_000;

/**
 * Takes an SQL text apart as MySQL or SQLite would. Gives null for whatever they might take for something else, under
 * any of their modes, or than their command-line clients do: executable comments, hints, a backslash that decides where
 * a text ends, commands of the client, variables, placeholders, what does not end.
 */
export function tokensOf(sql: string, dialect: OwnDialect): readonly Token[] | null {
  // A parser written in C sees no further.
  if (sql.includes("\0")) return null;
  const tokens: Token[] = [];
  let at = 0;
  let isApart = true;
  while (at < sql.length) {
    const gap = gapEnd(sql, at, dialect);
    if (gap === null) return null;
    if (gap > at) {
      at = gap;
      isApart = true;
      continue;
    }
    const token = tokenAt({ sql, at, dialect, before: tokens.at(-1) });
    if (token === null || tokens.length >= mostTokens) return null;
    tokens.push({ ...token, start: at, isApart });
    at = token.end;
    isApart = false;
  }
  return tokens;
}

/** Where blanks or a comment that begin here end; the same place where none does, null for one that may be no comment. */
function gapEnd(sql: string, at: number, dialect: OwnDialect): number | null {
  const one = sql[at] ?? "";
  if (/[ \t\r\n\f]/.test(one)) return at + 1;
  if (one === "#" && dialect === "mysql") return lineEnd(sql, at);
  if (sql.startsWith("--", at)) {
    // MySQL takes `--` for two signs unless a blank follows.
    return dialect === "sqlite" || /^(?:[ \t\r\n]|$)/.test(sql.slice(at + 2, at + 3)) ? lineEnd(sql, at) : null;
  }
  if (!sql.startsWith("/*", at)) return at;
  const end = sql.indexOf("*/", at + 2);
  const inside = sql.slice(at + 2, Math.max(at + 2, end));
  return end < 0 || /^[!+M]/.test(inside) || inside.includes("/*") ? null : end + 2;
}

function lineEnd(sql: string, at: number): number {
  const end = sql.indexOf("\n", at);
  return end < 0 ? sql.length : end + 1;
}

type Found = Omit<Token, "start" | "isApart">;

const symbols = /^(?:<=>|->>|<=|>=|<>|!=|==|<<|>>|->|&&|\|\||[-+*/%=<>(),.;~&|^])/;

interface Position {
  readonly sql: string;
  readonly at: number;
  readonly dialect: OwnDialect;
  /** What stands right before, or further off. */
  readonly before: Token | undefined;
}

function tokenAt(position: Position): Found | null {
  const { sql, at, dialect, before } = position;
  const one = sql[at] ?? "";
  if (one === "'" || one === '"') return quotedAt(position);
  if (one === "`") return nameAt(sql, at, "`");
  if (one === "[" && dialect === "sqlite") {
    const end = sql.indexOf("]", at);
    return end < 0 ? null : { kind: "name", value: sql.slice(at + 1, end), end: end + 1 };
  }
  if (/[0-9]/.test(one) || (/^\.[0-9]/.test(sql.slice(at, at + 2)) && !follows(before, at))) return numberAt(sql, at);
  const [word] = /^[A-Za-z_\u0080-\u{10ffff}][\w$\u0080-\u{10ffff}]*/u.exec(sql.slice(at, at + longestWord)) ?? [];
  // A letter beyond ASCII may be a blank to somebody.
  if (word !== undefined) return /[\s\p{C}\p{Z}]/u.test(word) ? null : { kind: "word", value: word, end: at + word.length };
  const [symbol] = symbols.exec(sql.slice(at, at + 3)) ?? [];
  return symbol === undefined ? null : { kind: "symbol", value: symbol, end: at + symbol.length };
}

/** Longest bare word, in UTF-16 code units: both have shorter limits. */
const longestWord = 300;

function follows(before: Token | undefined, at: number): boolean {
  return before !== undefined && before.end === at && before.kind !== "symbol";
}

/** `12`, `1.5e-3`, `0x1F`; what goes on as a word is one to MySQL. */
function numberAt(sql: string, at: number): Found | null {
  const [number = ""] = /^(?:0[xX][0-9A-Fa-f]+|[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?|[0-9]+\.)/.exec(sql.slice(at, at + longestWord)) ?? [];
  const next = sql[at + number.length] ?? "";
  return number === "" || /[\w$.\u0080-\uffff]/.test(next) ? null : { kind: "number", value: number, end: at + number.length };
}

function quotedAt({ sql, at, dialect, before }: Position): Found | null {
  // `x'00'`, `N'text'`, `_utf8'text'`: the word before says what it is; PostgreSQL knows others that MySQL does not.
  if (follows(before, at) && !(before?.kind === "word" && /^(?:[xXbBnN]|_[a-z0-9]+)$/.test(before.value))) return null;
  const quote = sql[at] ?? "";
  const end = textEnd(sql, at, false);
  if (end === null || (dialect === "mysql" && textEnd(sql, at, true) !== end)) return null;
  const inside = sql.slice(at + 1, end - 1).replaceAll(quote + quote, quote);
  return { kind: quote === "'" ? "text" : "double", value: inside, end };
}

/** Right behind the closing quote; a doubled one stands for itself, and so does one behind a backslash, where that is an escape. */
function textEnd(sql: string, start: number, hasEscapes: boolean): number | null {
  const quote = sql[start];
  for (let at = start + 1; at < sql.length; at += 1) {
    if (hasEscapes && sql[at] === "\\") at += 1;
    else if (sql[at] === quote && sql[at + 1] === quote) at += 1;
    else if (sql[at] === quote) return at + 1;
  }
  return null;
}

function nameAt(sql: string, at: number, quote: string): Found | null {
  const end = textEnd(`${quote}${sql.slice(at + 1)}`, 0, false);
  if (end === null) return null;
  return { kind: "name", value: sql.slice(at + 1, at + end - 1).replaceAll(quote + quote, quote), end: at + end };
}

/** Statements are what stands between semicolons. */
export function statementsIn(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const statements: Token[][] = [[]];
  for (const token of tokens) {
    if (isSymbol(token, ";")) statements.push([]);
    else statements.at(-1)?.push(token);
  }
  return statements.filter((own) => own.length > 0);
}

export function isSymbol(token: Token | undefined, value: string): boolean {
  return token?.kind === "symbol" && token.value === value;
}

/** A bare word, whatever the case of its letters. */
export function isWord(token: Token | undefined, ...words: readonly string[]): boolean {
  return token?.kind === "word" && words.includes(token.value.toLowerCase());
}

/** A text in parts, cut outside of parentheses: each but the first begins with the token it is cut at. Null where parentheses do not fit. */
export function cutAt(tokens: readonly Token[], isCut: (token: Token, index: number) => boolean): readonly (readonly Token[])[] | null {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    if (isSymbol(token, "(")) depth += 1;
    if (isSymbol(token, ")")) depth -= 1;
    if (depth < 0) return null;
    if (depth === 0 && isCut(token, index)) parts.push([token]);
    else parts.at(-1)?.push(token);
  }
  return depth === 0 ? parts : null;
}
