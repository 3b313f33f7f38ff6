import type { TouchedRows } from "../../reading.js";
import { pastModifiers } from "./mysql-joined.js";
import { cutAt, isSymbol, isWord, type Token } from "./tokens.js";

/** Most rows of values that are looked for one by one. */
const mostValues = 1_000;

/**
 * Where the rows that a statement about one table touches can be looked for: by an UPDATE's or DELETE's own words, or by
 * the values that an INSERT puts there. It is a place to look, no more: whether that were all is counted afterwards.
 * Null where the statement does not say. Attacker-controlled.
 */
export function touchedBy(own: readonly Token[], sql: string): TouchedRows | null {
  if (isWord(own[0], "update")) return updated(own, sql);
  if (isWord(own[0], "delete")) return deleted(own, sql);
  return isWord(own[0], "insert", "replace") ? put(own, sql) : null;
}

/** `UPDATE t AS a SET … WHERE …`: `FROM t AS a WHERE …` finds the same rows. */
function updated(own: readonly Token[], sql: string): TouchedRows | null {
  const [reference = [], set = [], ...more] = cutAt(own.slice(pastModifiers(own, 1)), isClause) ?? [];
  return isWord(set[0], "set") ? found("updated", { reference, clauses: more, sql }) : null;
}

function deleted(own: readonly Token[], sql: string): TouchedRows | null {
  const start = pastModifiers(own, 1);
  if (!isWord(own[start], "from")) return null;
  const [reference = [], ...more] = cutAt(own.slice(start + 1), isClause) ?? [];
  return found("deleted", { reference, clauses: more, sql });
}

function isClause(token: Token): boolean {
  return isWord(token, "set", "where", "order", "limit", "returning", "using");
}

interface Parts {
  readonly reference: readonly Token[];
  readonly clauses: readonly (readonly Token[])[];
  readonly sql: string;
}

function found(kind: "updated" | "deleted", { reference, clauses, sql }: Parts): TouchedRows | null {
  if (!isOneTable(reference) || clauses.some(([opens]) => !isWord(opens, "where", "order", "limit"))) return null;
  const isLimited = clauses.some(([opens]) => isWord(opens, "limit"));
  return { kind, from: written(reference, sql), condition: written(clauses.flat(), sql), isLimited };
}

/** `t`, `d.t`, each with another name behind it. */
function isOneTable(tokens: readonly Token[]): boolean {
  const rest = tokens.slice(isSymbol(tokens[1], ".") ? 2 : 0);
  const names = isWord(rest[1], "as") ? [rest[0], ...rest.slice(2)] : rest;
  return names.length > 0 && names.length <= 2 && names.every((token) => token?.kind === "word" || token?.kind === "name");
}

/** `INSERT INTO t (a, b) VALUES (1, 2), (3, 4)`, `INSERT INTO t SET a = 1, b = 2` */
function put(own: readonly Token[], sql: string): TouchedRows | null {
  const isReplacing = isWord(own[0], "replace") || own.some((token) => isWord(token, "duplicate"));
  if (own.some((token) => isWord(token, "returning"))) return null;
  const [head = [], source = []] = cutAt(own, (token) => isWord(token, "values", "value", "set", "select", "on", "as")) ?? [];
  const { columns, rows } = (isWord(source[0], "set") ? assigned(source.slice(1), sql) : listed(head, source, sql)) ?? noValues;
  return isReplacing && rows.length === 0 ? null : { kind: "put", columns, rows, isReplacing };
}

interface Values {
  /** Null for all of the table's, in their order. */
  readonly columns: readonly string[] | null;
  readonly rows: readonly (readonly string[])[];
}

const noValues: Values = { columns: null, rows: [] };

function assigned(tokens: readonly Token[], sql: string): Values | null {
  const pairs = cutAt(tokens, (token) => isSymbol(token, ","))?.map((part) => (isSymbol(part[0], ",") ? part.slice(1) : part)) ?? [];
  if (!pairs.every(([, equals, ...value]) => isSymbol(equals, "=") && isPlain(value))) return null;
  return { columns: pairs.map(([column]) => column?.value ?? ""), rows: [pairs.map((pair) => written(pair.slice(2), sql))] };
}

/** Null where a value is more than a plain one, and might be another one each time. */
function listed(head: readonly Token[], source: readonly Token[], sql: string): Values | null {
  if (!isWord(source[0], "values", "value")) return null;
  const open = head.findIndex((token) => isSymbol(token, "("));
  const columns = open < 0 ? null : head.slice(open + 1).flatMap(({ kind, value }) => (kind === "symbol" ? [] : [value]));
  const tuples = cutAt(source.slice(1), (token) => isSymbol(token, ",")) ?? [];
  if (tuples.length > mostValues) return null;
  const rows = tuples.map((tuple) => valuesIn(tuple.slice(tuple.findIndex((token) => isSymbol(token, "(")) + 1, -1)));
  if (!rows.every((row) => row.every(isPlain))) return null;
  return { columns, rows: rows.map((row) => row.map((value) => written(value, sql))) };
}

function valuesIn(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const parts = cutAt(tokens, (token) => isSymbol(token, ",")) ?? [];
  return parts.map((part) => (isSymbol(part[0], ",") ? part.slice(1) : part));
}

/** `17`, `-1.5`, `'text'`, `NULL` */
function isPlain(tokens: readonly Token[]): boolean {
  const value = isSymbol(tokens[0], "-") ? tokens.slice(1) : tokens;
  return value.length === 1 && (["text", "double", "number"].includes(value[0]?.kind ?? "") || isWord(value[0], "null", "default"));
}

/** As it stands in the text. */
function written(tokens: readonly Token[], sql: string): string {
  const [first] = tokens;
  return first === undefined ? "" : sql.slice(first.start, tokens.at(-1)?.end);
}
