import { parseSync } from "libpg-query";
import { namedIn } from "./mysql-names.js";
import { readMysqlTokens } from "./mysql.js";
import { sign, wordOf } from "./synthetic.js";
import { cutAt, isSymbol, isWord, type Token, tokensOf } from "./tokens.js";

/** Longest body that is read, in UTF-16 code units. */
const longestBody = 20_000;

/**
 * The tables that a MySQL trigger's body names, or an expression of a table: null where it may do anything besides
 * reading and writing rows, which a rollback takes back. A list of what is known: BEGIN … END, IF, SET, DECLARE, SIGNAL,
 * and statements about rows that call nothing but known functions. Attacker-controlled; the parser has to be loaded.
 */
export function readTriggerBody(body: string): readonly string[] | null {
  const tokens = body.length > longestBody ? null : tokensOf(body, "mysql");
  if (tokens === null) return null;
  const found: Found = { tables: new Set(), variables: declaredIn(tokens) };
  const isRead = isBlockOrStatement(tokens, found) || isExpression(tokens, found);
  return isRead ? [...found.tables] : null;
}

interface Found {
  readonly tables: Set<string>;
  /** In small letters. */
  readonly variables: ReadonlySet<string>;
}

/** What is declared at the very beginning holds everywhere. */
function declaredIn(tokens: readonly Token[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (let at = isWord(tokens[0], "begin") ? 1 : tokens.length; isWord(tokens[at], "declare");) {
    for (at += 1; tokens[at]?.kind === "word"; at += isSymbol(tokens[at + 1], ",") ? 2 : 1) {
      names.add(tokens[at]?.value.toLowerCase() ?? "");
      if (!isSymbol(tokens[at + 1], ",")) break;
    }
    while (at < tokens.length && !isSymbol(tokens[at], ";")) at += 1;
    at += 1;
  }
  return names;
}

function isBlockOrStatement(tokens: readonly Token[], found: Found): boolean {
  const own = isSymbol(tokens.at(-1), ";") ? tokens.slice(0, -1) : tokens;
  if (!isWord(own[0], "begin")) return isStatement(own, found);
  return isWord(own.at(-1), "end") && areStatements(own.slice(1, -1), found);
}

/** Statements, each with its semicolon. What has an END of its own may hold more of them. */
function areStatements(tokens: readonly Token[], found: Found): boolean {
  let start = 0;
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    depth += nesting(token, tokens[index - 1]);
    if (depth < 0) return false;
    if (depth > 0 || !isSymbol(token, ";")) continue;
    if (!isBlockOrStatement(tokens.slice(start, index), found)) return false;
    start = index + 1;
  }
  return depth === 0 && start === tokens.length;
}

/** How much deeper it is behind a word: CASE, and IF and BEGIN where a statement may begin, each have an END. */
function nesting(token: Token, before: Token | undefined): number {
  if (isWord(token, "end")) return -1;
  if (isWord(before, "end")) return 0;
  const opensStatement = before === undefined || isSymbol(before, ";") || isWord(before, "then", "else", "begin");
  return isWord(token, "case") || (opensStatement && isWord(token, "if", "begin")) ? 1 : 0;
}

function isStatement(tokens: readonly Token[], found: Found): boolean {
  if (isWord(tokens[0], "if")) return isIf(tokens, found);
  if (isWord(tokens[0], "set")) return isSet(tokens.slice(1), found);
  if (isWord(tokens[0], "declare")) return isDeclare(tokens, found);
  if (isWord(tokens[0], "signal")) return isSignal(tokens, found);
  return isWord(tokens[0], "insert", "replace", "update", "delete") && isHarmlessSql(tokens, found);
}

/** `IF a THEN …; ELSEIF b THEN …; ELSE …; END IF` */
function isIf(tokens: readonly Token[], found: Found): boolean {
  if (!isWord(tokens.at(-1), "if") || !isWord(tokens.at(-2), "end")) return false;
  let depth = 0;
  const parts: { readonly opens: string; readonly tokens: Token[] }[] = [];
  for (const [index, token] of tokens.slice(0, -2).entries()) {
    const before = tokens[index - 1];
    // The first IF is this one's own.
    depth += index === 0 ? 0 : nesting(token, before);
    const isPart = index === 0 || (depth === 0 && isWord(token, "then", "elseif", "else"));
    if (isPart) parts.push({ opens: token.value.toLowerCase(), tokens: [] });
    else parts.at(-1)?.tokens.push(token);
  }
  return parts.every(({ opens, tokens: own }) =>
    opens === "if" || opens === "elseif" ? isExpression(own, found) : areStatements(own, found),
  );
}

/** `NEW.a = 1, b = 2`: a variable that the body begins by declaring; any other may be the server's. */
function isSet(tokens: readonly Token[], found: Found): boolean {
  const parts = cutAt([sign(","), ...tokens], (token) => isSymbol(token, ","))?.slice(1) ?? [];
  return parts.length > 0 && parts.every((part) => isAssignment(part.slice(1), found));
}

function isAssignment(tokens: readonly Token[], found: Found): boolean {
  const equals = tokens.findIndex((token) => isSymbol(token, "="));
  const [first, dot, ...more] = tokens.slice(0, Math.max(0, equals));
  const isOfRow = isWord(first, "new") && isSymbol(dot, ".") && more.length === 1;
  const isDeclared = dot === undefined && first?.kind === "word" && found.variables.has(first.value.toLowerCase());
  return (isOfRow || isDeclared) && isExpression(tokens.slice(equals + 1), found);
}

/** `DECLARE a, b INT DEFAULT 1`; handlers and cursors are not read. */
function isDeclare(tokens: readonly Token[], found: Found): boolean {
  if (tokens.some((token) => isWord(token, "handler", "cursor", "condition"))) return false;
  const at = tokens.findIndex((token) => isWord(token, "default"));
  return at < 0 || isExpression(tokens.slice(at + 1), found);
}

/** `SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no'` */
function isSignal(tokens: readonly Token[], found: Found): boolean {
  const at = tokens.findIndex((token) => isWord(token, "set"));
  const state = tokens.slice(1, at < 0 ? undefined : at);
  if (!isWord(state[0], "sqlstate") || state.length > 3) return false;
  if (at < 0) return true;
  const equals = tokens.findIndex((token) => isSymbol(token, "="));
  return equals > at && isExpression(tokens.slice(equals + 1), found);
}

function isExpression(tokens: readonly Token[], found: Found): boolean {
  return tokens.length > 0 && isHarmlessSql([wordOf("select"), ...tokens], found);
}

function isHarmlessSql(tokens: readonly Token[], found: Found): boolean {
  const spelled = readMysqlTokens(tokens);
  if (spelled === null) return false;
  return spelled.spellings.every((text) => {
    const statements = parsed(text);
    const named = namedIn(statements, spelled.oddCalls);
    for (const table of named.tables) found.tables.add(table);
    return statements.length === 1 && named.isHarmless;
  });
}

function parsed(text: string): readonly unknown[] {
  try {
    return parseSync(text).stmts ?? [];
  } catch {
    return [];
  }
}
