import type { Findings } from "./findings.js";

/** Most words of one text that are looked at. */
const mostWords = 5_000;
/** Words that some statement begins with that only shows. */
const reading = /^(?:select|show|describe|desc|explain|pragma|values|with|use|help|checksum|analyze|begin|commit|rollback)$/;
/** Words that, outside of quotes, mean more than reading: changes, files, functions that act. */
const acting =
  /^(?:insert|update|delete|replace|merge|into|outfile|dumpfile|load_file|load|drop|truncate|alter|create|grant|revoke|call|do|handler|lock|unlock|set|kill|flush|reset|purge|attach|detach|vacuum|reindex|load_extension|writefile|readfile|edit|fts3_tokenizer|sys_exec|sys_eval|sleep|benchmark|get_lock|release_lock|install|uninstall|import|export|copy|rename|analyse|procedure|for)$/;

/**
 * MySQL and SQLite statements that PostgreSQL's grammar refuses: quotes and comments are taken off, and the words that
 * are left say whether it plainly reads. Gives false for everything else, which then asks.
 */
export function noteDialect(sql: string, findings: Findings): boolean {
  // MySQL runs what stands in `/*! … */`.
  if (/\/\*[!+M]/.test(sql)) return false;
  // To some, a name ends at `]`; to others, a text has begun in it.
  if (/\[[^\]]*['"`;]/.test(sql)) return false;
  const bare = withoutQuotes(sql);
  if (bare === null) return false;
  const statements = bare.split(";").map((statement) => statement.toLowerCase().match(/[a-z_][\w$]*|=/g) ?? []);
  if (statements.reduce((count, words) => count + words.length, 0) > mostWords) return false;
  if (statements.some(grantsEverything) || /\bsysadmin\b.*\badd\s+member\b|\bsp_addsrvrolemember\b/i.test(bare)) {
    findings.note("superuser", sql);
    return true;
  }
  const plain = statements.filter((words) => words.length > 0);
  if (plain.length === 0 || !plain.every(isReading)) return false;
  for (const words of plain) findings.statements.push({ kind: `${words[0] ?? ""} (dialect)`, tables: [], bounded: true });
  findings.note(/passw|secret|token|hash/i.test(sql) ? "reads_personal" : "database_reads", sql);
  return true;
}

/** `GRANT ALL … ON *.*`, `GRANT SUPER`, `GRANT DBA`: power over the whole server. */
function grantsEverything(words: readonly string[]): boolean {
  if (words[0] !== "grant") return false;
  const until = words.slice(1, words.indexOf("on") < 0 ? words.indexOf("to") : words.indexOf("on"));
  if (until.some((word) => /^(?:super|dba|sysdba|sysadmin)$/.test(word))) return true;
  const on = words[words.indexOf("on") + 1];
  return on === "to" && (until[0] === "all" || words.slice(-3).join(" ") === "with grant option");
}

function isReading(words: readonly string[]): boolean {
  const [first = "", second = ""] = words;
  if (!reading.test(first)) return false;
  // `PRAGMA name = value` and `EXPLAIN ANALYZE` do something.
  if (first === "pragma" && words.includes("=")) return false;
  if (first === "explain" && /^analy[sz]e$/.test(second)) return false;
  return !words.slice(1).some((word) => acting.test(word) && !(first === "show" && /^(?:create|grants?)$/.test(word)));
}

/** Quoted texts, quoted names and comments become spaces; null when one does not end. */
export function withoutQuotes(sql: string): string | null {
  let out = "";
  let at = 0;
  while (at < sql.length) {
    const two = sql.slice(at, at + 2);
    const one = sql[at] ?? "";
    const end =
      two === "--" || one === "#"
        ? sql.indexOf("\n", at)
        : two === "/*"
          ? sql.indexOf("*/", at) + 1
          : "'\"`".includes(one)
            ? closing(sql, at)
            : null;
    if (end === null) {
      out += one;
      at += 1;
      continue;
    }
    if (end <= 0 && two !== "--" && one !== "#") return null;
    out += " ";
    at = end < 0 ? sql.length : end + 1;
  }
  return out;
}

/** Where a quoted text ends; a doubled quote stands for itself. A backslash, which dialects read differently, is not read. */
function closing(sql: string, start: number): number {
  const quote = sql[start] ?? "";
  for (let at = start + 1; at < sql.length; at += 1) {
    if (sql[at] === "\\") return -1;
    if (sql[at] !== quote) continue;
    if (sql[at + 1] !== quote) return at;
    at += 1;
  }
  return -1;
}
