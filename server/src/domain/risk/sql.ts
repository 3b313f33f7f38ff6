import { loadModule, parseSync } from "libpg-query";
import type { DatabaseKind } from "../reading.js";
import { textLimit } from "./limits.js";
import type { Findings } from "./findings.js";
import { noteDialect } from "./sql-dialect.js";
import { noteStatement } from "./sql-statement.js";

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
  /** Another dialect than PostgreSQL's: what its grammar refuses is looked at word by word. */
  readonly lenient?: boolean;
  /** Reads a shell text that the database would run (`COPY … PROGRAM`). */
  readonly shell?: (text: string) => void;
  /** What the surroundings know of it; null when they do not. */
  readonly kind?: DatabaseKind | null;
}

/** Records what an SQL text does. */
export function noteSql(sql: string | null, database: Database | null, findings: Findings): void {
  if (database?.name) findings.databases.add(database.name);
  if (sql === null) return findings.confused("The SQL is only known when it runs.", undefined, "database_unread");
  if (!loaded || sql.length > textLimit) return findings.confused("The SQL could not be read.", sql, "database_unread");
  if (isReadOtherwise(sql)) return findings.confused("Databases do not agree on what is a comment here.", sql, "database_unread");
  const tree = parse(sql);
  if (tree === null && database?.lenient && noteDialect(sql, findings)) return;
  if (tree === null) return findings.confused("The SQL could not be parsed.", sql, "database_unread");
  if (tree.length === 0) findings.note("database_reads", sql);
  for (const one of tree) noteStatement(one.stmt ?? {}, { findings, sql, own: ownText(sql, one), database });
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
