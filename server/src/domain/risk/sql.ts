import { loadModule, parseSync } from "libpg-query";
import type { DatabaseKind } from "../reading.js";
import { readMysql, type Spelled } from "./dialects/mysql.js";
import { wayBackInMysql } from "./dialects/mysql-way-back.js";
import { readSqlite } from "./dialects/sqlite.js";
import { type OwnDialect, statementsIn, tokensOf } from "./dialects/tokens.js";
import { Findings } from "./findings.js";
import { longestText } from "./bounds.js";
import { noteDialect } from "./sql-dialect.js";
import { noteStatement } from "./sql-statement.js";
import { wayBackInPostgres } from "./sql-way-back.js";

let loaded = false;

/** Loads the SQL parser (WASM, about 50 ms); called once at start. Before it, SQL counts as not understood. */
export async function prepareReading(): Promise<void> {
  await loadModule();
  loaded = true;
}

/** Where SQL runs; what the action or the command line says of it. */
export interface Database {
  readonly name: string | null;
  readonly production: boolean;
  /** Another dialect than PostgreSQL's, nobody knows which: what its grammar refuses is looked at word by word. */
  readonly lenient?: boolean;
  /** The dialect, where it is known not to be PostgreSQL's: it is read as such. */
  readonly dialect?: OwnDialect;
  /** Reads a shell text that the database would run (`COPY … PROGRAM`). */
  readonly shell?: (text: string) => void;
  /** What the surroundings know of it; null when they do not. */
  readonly kind?: DatabaseKind | null;
}

/** Records what an SQL text does. */
export function noteSql(sql: string | null, database: Database | null, findings: Findings): void {
  if (database?.name) findings.databases.add(database.name);
  if (sql === null) return findings.confused("The SQL is only known when it runs.", undefined, "database_unread");
  if (!loaded || sql.length > longestText) return findings.confused("The SQL could not be read.", sql, "database_unread");
  if (isReadOtherwise(sql)) return findings.confused("Databases do not agree on what is a comment here.", sql, "database_unread");
  if (database?.dialect && noteOwnDialect(sql, { ...database, dialect: database.dialect }, findings)) return;
  const tree = isReadAlike(sql, database) ? parse(sql) : null;
  if (tree === null && (database?.lenient || database?.dialect) && noteDialect(sql, findings)) return;
  if (tree === null) return findings.confused("The SQL could not be parsed.", sql, "database_unread");
  if (tree.length === 0) findings.note("database_reads", sql);
  // What MySQL takes it for has not been read, so nothing is known of a way back.
  const wayBackOf = database?.dialect === "mysql" ? () => null : wayBackInPostgres;
  for (const one of tree) noteStatement(one.stmt ?? {}, { findings, sql, own: ownText(sql, one), database, wayBackOf });
}

/**
 * Notes what a text means to MySQL or SQLite, where that is read. Whatever else it might mean, by the server's modes or to
 * PostgreSQL's grammar, counts with it: the worst of them is its risk. @returns false where it is not read
 */
function noteOwnDialect(sql: string, database: Database & { readonly dialect: OwnDialect }, findings: Findings): boolean {
  const raw = parse(sql);
  // Where the grammars agree, they agree; SQLite tries out whatever it is.
  if (database.dialect === "sqlite" && raw !== null && isReadAlike(sql, database)) return false;
  const read = database.dialect === "mysql" ? readMysql(sql) : readSqlite(sql);
  const statements = read?.map((one) => ({ ...one, trees: one.spellings.map(onlyStatement) }));
  if (!statements?.every(({ trees }) => trees[0])) return false;
  const others = new Findings();
  for (const { own, trees, ...spelled } of statements) {
    const wayBackOf = database.dialect === "mysql" ? wayBackInMysql(spelled) : wayBackInPostgres;
    for (const [index, tree] of trees.entries())
      if (tree) noteStatement(tree, { findings: index === 0 ? findings : others, sql, own, database, wayBackOf });
  }
  for (const { stmt } of raw ?? []) noteStatement(stmt ?? {}, { findings: others, sql, own: sql, database, wayBackOf: () => null });
  others.statements.length = 0;
  findings.absorb(others, false);
  return true;
}

function onlyStatement(text: Spelled["spellings"][number]): object | null {
  const [one, ...more] = parse(text) ?? [];
  return one?.stmt && more.length === 0 ? one.stmt : null;
}

/** Dialects that a database of unknown dialect may have, besides PostgreSQL's. */
const otherDialects: readonly OwnDialect[] = ["mysql", "sqlite"];

/**
 * Whether another dialect ends texts, comments and statements where PostgreSQL's grammar does. `$$ ; DROP …; $$`, `E'\\'; …'`
 * and a comment in a comment are one text or comment to that grammar alone, and `['x]; …']` is a name to SQLite.
 */
function isReadAlike(sql: string, database: Database | null): boolean {
  const dialects = database?.dialect ? [database.dialect] : database?.lenient ? otherDialects : [];
  return dialects.every((dialect) => {
    const tokens = tokensOf(sql, dialect);
    if (tokens === null || (dialect === "sqlite" && tokens.some(({ kind, start }) => kind === "name" && sql[start] === "["))) return false;
    return statementsIn(tokens).length === (parse(sql) ?? []).length;
  });
}

/** MySQL runs what stands in `/*! … *\/`, and takes `--` for a comment only where a blank follows: `1--1; DROP …` goes on. */
function isReadOtherwise(sql: string): boolean {
  if (/\/\*M?!/.test(sql)) return true;
  return sql.split("\n").some((line) => {
    const at = line.search(/--[^\s-]/);
    return at >= 0 && line.lastIndexOf(";") > at;
  });
}

/** The parser counts in bytes of UTF-8. */
function ownText(sql: string, { stmt_location: start = 0, stmt_len: length }: Parsed): string {
  const bytes = new TextEncoder().encode(sql);
  return new TextDecoder().decode(bytes.subarray(start, length === undefined ? undefined : start + length)).trim();
}

interface Parsed {
  readonly stmt?: object;
  readonly stmt_location?: number;
  readonly stmt_len?: number;
}

function parse(sql: string): readonly Parsed[] | null {
  try {
    return parseSync(sql).stmts ?? [];
  } catch {
    return null;
  }
}
