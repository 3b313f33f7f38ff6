import { joined, nameOf, sign, wordOf } from "./synthetic.js";
import { cutAt, isSymbol, isWord, type Token } from "./tokens.js";

/** INSERT and REPLACE, with what MySQL lets stand in them: no INTO, SET, IGNORE, ON DUPLICATE KEY UPDATE. */
export function asInserted(tokens: readonly Token[]): readonly Token[] | null {
  let at = 1;
  while (isWord(tokens[at], "low_priority", "high_priority", "ignore")) at += 1;
  if (isWord(tokens[at], "into")) at += 1;
  const parts = cutAt(tokens.slice(at), (token, index) => index > 0 && isDuplicate(tokens, at + index));
  if (!parts || parts.length > 2) return null;
  const [rows = [], onDuplicate] = parts;
  const body = bodyOf(rows);
  if (body === null) return null;
  const update = onDuplicate === undefined ? [] : upsertOf(onDuplicate);
  return update === null ? null : [wordOf("insert"), wordOf("into"), ...body, ...update];
}

function isDuplicate(tokens: readonly Token[], at: number): boolean {
  return (
    isWord(tokens[at], "on") && isWord(tokens[at + 1], "duplicate") && isWord(tokens[at + 2], "key") && isWord(tokens[at + 3], "update")
  );
}

/** The table, its columns, and where the rows come from. */
function bodyOf(tokens: readonly Token[]): readonly Token[] | null {
  const parts = cutAt(tokens, (token, index) => index > 0 && isWord(token, "set", "values", "value", "select"));
  const [target = [], source = [], ...more] = parts ?? [];
  if (isWord(source[0], "set"))
    return more.length > 0 || target.some((token) => isSymbol(token, "(")) ? null : assigned(target, source.slice(1));
  if (isWord(source[0], "select")) return parts === null ? null : [...target, ...source, ...more.flat()];
  if (!isWord(source[0], "values", "value") || more.length > 0) return null;
  const rows = withoutRow(withoutAlias(source.slice(1)));
  const [open, close, ...others] = rows;
  if (isSymbol(open, "(") && isSymbol(close, ")") && others.length === 0) return [...target, wordOf("default"), wordOf("values")];
  return [...target, wordOf("values"), ...rows];
}

/** `SET a = 1, b = 2` is `(a, b) VALUES (1, 2)`. */
function assigned(target: readonly Token[], tokens: readonly Token[]): readonly Token[] | null {
  const pairs = (cutAt([sign(","), ...tokens], (token) => isSymbol(token, ",")) ?? []).slice(1).map((part) => part.slice(1));
  const columns = pairs.map(([column, equals]) => (column && isSymbol(equals, "=") ? [column] : null));
  if (pairs.length === 0 || !columns.every((column) => column !== null)) return null;
  const values = pairs.map((part) => part.slice(2));
  const comma = sign(",");
  const [open, close] = [sign("("), sign(")")];
  return [...target, open, ...joined(columns, comma), close, wordOf("values"), open, ...joined(values, comma), close];
}

/** `VALUES (1) AS new`: the row's own name, for what follows. */
function withoutAlias(tokens: readonly Token[]): readonly Token[] {
  const parts = cutAt(tokens, (token) => isWord(token, "as"));
  return parts?.length === 2 ? (parts[0] ?? []) : tokens;
}

/** `VALUES ROW(1, 2), ROW(3, 4)` is `VALUES (1, 2), (3, 4)`. */
function withoutRow(tokens: readonly Token[]): readonly Token[] {
  return tokens.filter(
    (token, index) => !isWord(token, "row") || !isSymbol(tokens[index + 1], "(") || !(index === 0 || isSymbol(tokens[index - 1], ",")),
  );
}

/** The key that is meant is the table's affair. `VALUES(a)` is what would have been put there. */
function upsertOf(tokens: readonly Token[]): readonly Token[] | null {
  const set = tokens.slice(4).flatMap((token, index, all) => {
    if (isWord(token, "values") && isSymbol(all[index + 1], "(") && isSymbol(all[index + 3], ")")) return [nameOf("excluded"), sign(".")];
    const isInside = isWord(all[index - 1], "values") || isWord(all[index - 3], "values");
    return isInside && (isSymbol(token, "(") || isSymbol(token, ")")) ? [] : [token];
  });
  const conflict = [wordOf("on"), sign("CONFLICT"), sign("("), nameOf("key"), sign(")"), sign("DO"), wordOf("update")];
  return set.length === 0 ? null : [...conflict, wordOf("set"), ...set];
}
