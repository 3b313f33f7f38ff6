import { parseSync, scanSync } from "libpg-query";

/** Longest statement that a count is made for, in UTF-16 code units. */
const longestStatement = 20_000;

/**
 * The SELECT that would tell how many rows an UPDATE or a DELETE hits; null where none can be made that surely only
 * counts. For a person to run, where Pullcord does not know the database. Attacker-controlled: what comes out is parsed
 * again, and offered only when it is one plain SELECT whose condition calls no function.
 */
export function countingSelect(statement: string): string | null {
  if (statement.length > longestStatement) return null;
  try {
    const count = countOf(statement);
    return count !== null && onlyCounts(count) ? count : null;
  } catch {
    return null;
  }
}

/** The count of all rows of a table. */
export function countAll(table: string): string {
  return `SELECT count(*) FROM ${/^[a-z_][a-z0-9_]*$/.test(table) ? table : `"${table.replaceAll('"', '""')}"`}`;
}

function countOf(statement: string): string | null {
  // What begins with WITH names things that the count would not know.
  if (!/^(?:update|delete)\b/i.test(statement)) return null;
  const parts = clauses(statement);
  const table = parts.get("UPDATE") ?? parts.get("FROM");
  if (table === undefined) return null;
  const joined = parts.has("UPDATE") ? parts.get("FROM") : parts.get("USING");
  const where = parts.get("WHERE");
  if (where !== undefined && /^current\s+of\b/i.test(where)) return null;
  const from = joined === undefined ? table : `${table}, ${joined}`;
  return `SELECT count(*) FROM ${from}${where === undefined ? "" : ` WHERE ${where}`}`;
}

const openers: ReadonlySet<string> = new Set(["UPDATE", "DELETE", "SET", "FROM", "USING", "WHERE", "RETURNING"]);

/** The text of each clause outside of parentheses, by the word that opens it; comments are left out. */
function clauses(statement: string): ReadonlyMap<string, string> {
  const bytes = new TextEncoder().encode(statement);
  const words = new Map<string, string[]>();
  let depth = 0;
  let open: string[] | null = null;
  let end = 0;
  for (const token of scanSync(statement).tokens) {
    const { text, start, keywordKind, tokenName } = token;
    if (/COMMENT/.test(tokenName) || text === ";") continue;
    depth += text === "(" ? 1 : text === ")" ? -1 : 0;
    const word = text.toUpperCase();
    if (depth === 0 && keywordKind !== 0 && openers.has(word) && !words.has(word)) {
      open = [];
      words.set(word, open);
    } else if (open) {
      // A space where there was one, so that `a.b` and `a = b` stay what they are.
      const gap = open.length > 0 && start > end ? " " : "";
      open.push(gap + new TextDecoder().decode(bytes.subarray(start, token.end)));
    }
    end = token.end;
  }
  return new Map([...words].map(([word, texts]) => [word, texts.join("")]));
}

function onlyCounts(sql: string): boolean {
  const [one, ...others] = parseSync(sql).stmts ?? [];
  const [kind] = Object.keys(one?.stmt ?? {});
  if (kind !== "SelectStmt" || others.length > 0) return false;
  // The only call is `count(*)`: a function of the condition would run, once for each row.
  return (JSON.stringify(one).match(/"FuncCall"/g) ?? []).length === 1 && !/"(?:intoClause|lockingClause)"/.test(JSON.stringify(one));
}
