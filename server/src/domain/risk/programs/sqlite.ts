import { placeOf } from "../path.js";
import type { Call } from "../shell/call.js";
import { literal } from "../shell/word.js";
import { type Database, noteSql } from "../sql.js";
import { sortWords } from "./flags.js";
import { isProductionWord } from "./production.js";
import { noteSqlFile } from "./sql-file.js";
import type { Usage } from "./usage.js";

/** A database that is a file: what its statements do, and that the file is touched. */
export function readSqlite(call: Call, usage: Usage): void {
  const { reader, text, state } = call;
  const { input } = state;
  const given = sortWords(call.words, usage);
  for (const word of given.unknown)
    reader.findings.confused(`The option ${word.source} of ${call.program} is not known.`, text, "unknown_option");
  for (const { flag, source } of given.flags) if (flag.does) reader.findings.note(flag.does, source);
  const [file, ...statements] = given.others;
  if (file?.text && /^\.(?:tables|schema|databases|indexes|help|dump)/.test(file.text)) return reader.findings.note("database_reads", text);
  if (file && file.text !== ":memory:") reader.touch("read", file, state);
  const inline = given.flags.flatMap(({ flag, value }) => (/^-[cs]$/.test(flag.name) && value ? [value] : []));
  const { keepsReferences, sqls } = withoutReferences(
    inline.length + statements.length > 0 ? [...inline, ...statements].map((word) => word.text) : input.kind === "text" ? [input.text] : [],
  );
  if (sqls.length === 0) return reader.findings.confused("The SQL comes from elsewhere.", text, "database_unread");
  const before = reader.findings.statements.length;
  // A file that something makes again is no more than scratch.
  const place =
    file?.text && state.folder !== null ? placeOf(reader.surroundings.resolve(file.text, state.folder).path, reader.surroundings) : null;
  const scratch = file?.text === ":memory:" || place?.recreatable === true || place?.area === "scratch";
  const isOurs = place?.area === "workspace" && !isProductionWord(file?.text ?? "");
  const kind = scratch ? "throwaway" : isOurs ? "development" : null;
  const database: Database = {
    name: file?.text ?? null,
    production: false,
    kind,
    ...(call.program === "duckdb" ? { lenient: true } : { dialect: "sqlite" }),
  };
  for (const sql of sqls) {
    // DuckDB reads files as tables: `from 'a.csv'`, `read_csv('a.csv')`.
    for (const [, name = ""] of call.program === "duckdb" ? (sql ?? "").matchAll(/'([^'\s]*[./][^'\s]*)'/g) : [])
      reader.touch("read", literal(name), state);
    if (sql !== null && /^\s*\.(?:tables|schema|databases|indexes|headers|mode)\b[^|]*$/.test(sql))
      reader.findings.note("database_reads", text);
    else if (sql !== null && /^\s*(?:PRAGMA\s+\w+(?:\([\w']+\))?|\.dump)\s*;?\s*$/i.test(sql)) reader.findings.note("database_reads", text);
    else if (sql !== null && /^\s*\.|load_extension|writefile|readfile|edit\s*\(|fts3_tokenizer|ATTACH/i.test(sql))
      reader.findings.note("database_effects", text);
    else if (scratch && sql !== null && sql.split(";").every((one) => plainSql.test(one)))
      reader.findings.note("database_writes_here", text);
    else if (sql === null && input.kind === "text" && input.file) {
      noteSqlFile(call, input.file, database);
      if (file) reader.touch("rows", file, state);
    } else noteSql(sql, database, reader.findings);
  }
  const path = file?.text && state.folder !== null ? reader.surroundings.resolve(file.text, state.folder).path : null;
  if (path !== null && file?.text !== ":memory:" && call.program !== "duckdb")
    reader.findings.sqlRuns.push({ place: { kind: "file", path }, keepsReferences, statements: reader.findings.statements.slice(before) });
  // The gate's own database is a file: writing rows to it is touching it.
  const wrote = reader.findings.statements.slice(before).filter(({ kind, text: own }) => !onlyShows(kind, own ?? ""));
  if (wrote.length > 0 && file && !scratch) reader.touch(wrote.every(({ bounded }) => bounded) ? "rows" : "append", file, state);
}

/** `PRAGMA foreign_keys = on` in front: for all that follows, and nothing else (sqlite.org/foreignkeys.html). */
const references = /^\s*PRAGMA\s+foreign_keys\s*(?:=\s*(\w+)|\(\s*(\w+)\s*\))\s*(?:;|$)/i;

function withoutReferences([first, ...more]: readonly (string | null)[]): { keepsReferences: boolean; sqls: (string | null)[] } {
  if (first === undefined) return { keepsReferences: false, sqls: [] };
  const told = references.exec(first ?? "");
  if (told === null) return { keepsReferences: false, sqls: [first, ...more] };
  const rest = first?.slice(told[0].length) ?? "";
  const sqls = rest.trim() === "" && more.length > 0 ? more : [rest, ...more];
  return { keepsReferences: /^(?:on|1|true|yes)$/i.test(told[1] ?? told[2] ?? ""), sqls };
}

/** What PostgreSQL's grammar refused is only taken for a statement where it plainly reads (`sql-dialect.ts`). */
function onlyShows(kind: string, own: string): boolean {
  return kind === "SelectStmt" || kind.endsWith("(dialect)") || (kind === "ExplainStmt" && !/analy[sz]e/i.test(own));
}

/** Statements that stay in the database, whatever the dialect. */
const plainSql = /^\s*(?:$|(?:create|insert|select|update|delete|drop|alter|begin|commit|rollback|explain|with|analyze|vacuum)\b)/i;
