import type { DatabaseSession } from "./session.js";
import type { Statement } from "./statement.js";

/** Extensions whose functions only compute, or keep what they do within the transaction. One that is not named may do anything. */
const harmless = [
  "amcheck",
  "btree_gin",
  "btree_gist",
  "citext",
  "cube",
  "earthdistance",
  "fuzzystrmatch",
  "hstore",
  "intarray",
  "isn",
  "ltree",
  "pg_buffercache",
  "pg_stat_statements",
  "pg_trgm",
  "pgcrypto",
  "pgstattuple",
  "plpgsql",
  "postgis",
  "seg",
  "tablefunc",
  "tsm_system_rows",
  "tsm_system_time",
  "unaccent",
  "uuid-ossp",
  "vector",
  "xml2",
];

/** First number that PostgreSQL gives to what users make. */
const firstOwn = 16_384;

/** Words in a function's text for what no rollback takes back: files, programs, other connections, locks that outlast it. */
const acting =
  "copy|program|lo_export|lo_import|pg_file_\\w+|dblink\\w*|pg_logical_emit_message|pg_(?:try_)?advisory_lock\\w*|pg_(?:terminate|cancel)_backend|pg_reload_conf|pg_rotate_logfile|pg_switch_wal|pg_create_restore_point|pg_promote|pg_read_\\w*file|pg_ls_\\w+";

const isHarmless = `EXISTS (SELECT 1 FROM pg_depend d JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
    WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e' AND e.extname IN (${harmless.map((name) => `'${name}'`).join(", ")}))`;

/** May run programs or write files on the server: then text that becomes SQL may, too. */
const isMighty = (role: string): string =>
  `EXISTS (SELECT 1 FROM pg_roles r WHERE r.rolname = ${role} AND (r.rolsuper OR pg_has_role(r.oid, 'pg_execute_server_program', 'USAGE') OR pg_has_role(r.oid, 'pg_write_server_files', 'USAGE')))`;

/** All that a function may name: its text, also where it was parsed as it was made, and its defaults; what an aggregate is made of. */
const source = `CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid) ELSE (SELECT concat_ws(' ', g.aggtransfn, g.aggfinalfn, g.aggcombinefn,
    g.aggserialfn, g.aggdeserialfn, g.aggmtransfn, g.aggminvtransfn, g.aggmfinalfn) FROM pg_aggregate g WHERE g.aggfnoid = p.oid) END`;

/** Functions of this database, with what makes those dangerous that may act outside of it. */
const functionsQuery = `
SELECT p.proname AS name, CASE
    WHEN ${isHarmless} THEN NULL
    WHEN NOT l.lanpltrusted AND l.lanname <> 'internal' THEN 'the function ' || p.proname || ', in a language that may do anything'
    WHEN s.text ~* '\\m(?:${acting})\\M' THEN 'the function ' || p.proname
    WHEN s.text ~* '\\mexecute\\M' AND (${isMighty("current_user")} OR p.prosecdef AND ${isMighty("pg_get_userbyid(p.proowner)")})
      THEN 'the function ' || p.proname || ', which makes its SQL as it runs, with the right to run programs'
  END AS danger, CASE WHEN l.lanpltrusted OR p.prokind = 'a' THEN s.text END AS text
FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang CROSS JOIN LATERAL (SELECT ${source} AS text) s WHERE p.oid >= ${firstOwn}`;

/** What runs functions that nobody names: operators, by their signs; casts and checks, by the types that have them. */
const unnamedQuery = `
SELECT o.oprname AS name, NULL AS danger, o.oprcode::text AS text FROM pg_operator o WHERE o.oid >= ${firstOwn}
UNION ALL SELECT t.typname, NULL, c.castfunc::regproc::text FROM pg_cast c JOIN pg_type t ON t.oid IN (c.castsource, c.casttarget)
  WHERE c.oid >= ${firstOwn} AND c.castfunc <> 0
UNION ALL SELECT t.typname, NULL, concat_ws(' ', t.typinput, t.typoutput, (SELECT string_agg(pg_get_constraintdef(k.oid), ' ')
  FROM pg_constraint k WHERE k.contypid = t.oid)) FROM pg_type t WHERE t.oid >= ${firstOwn}`;

/** Relations with all that runs along with a change of their rows: triggers, rules, defaults, checks, indexes, parts, cascades. */
const relationsQuery = `
SELECT c.relname AS name, CASE WHEN c.relkind = 'f' THEN 'the foreign table ' || c.relname END AS danger, concat_ws(' ',
    (SELECT string_agg(pg_get_triggerdef(t.oid), ' ') FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal),
    (SELECT string_agg(pg_get_ruledef(r.oid), ' ') FROM pg_rewrite r WHERE r.ev_class = c.oid),
    (SELECT string_agg(pg_get_expr(f.adbin, f.adrelid), ' ') FROM pg_attrdef f WHERE f.adrelid = c.oid),
    (SELECT string_agg(pg_get_constraintdef(k.oid), ' ') FROM pg_constraint k WHERE k.conrelid = c.oid
      OR k.contypid IN (SELECT a.atttypid FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0)),
    (SELECT string_agg(t.typname, ' ') FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid WHERE a.attrelid = c.oid AND a.attnum > 0),
    (SELECT string_agg(k.conrelid::regclass::text, ' ') FROM pg_constraint k WHERE k.confrelid = c.oid),
    (SELECT string_agg(pg_get_indexdef(i.indexrelid), ' ') FROM pg_index i WHERE i.indrelid = c.oid),
    (SELECT string_agg(concat_ws(' ', pg_get_expr(o.polqual, o.polrelid), pg_get_expr(o.polwithcheck, o.polrelid)), ' ')
      FROM pg_policy o WHERE o.polrelid = c.oid),
    (SELECT string_agg(h.inhrelid::regclass::text, ' ') FROM pg_inherits h WHERE h.inhparent = c.oid)) AS text
FROM pg_class c WHERE c.oid >= ${firstOwn} AND c.relkind IN ('r', 'p', 'v', 'm', 'f')`;

/** Run along with a change of structure. */
const eventTriggersQuery =
  "SELECT string_agg(p.proname, ' ') AS text FROM pg_event_trigger t JOIN pg_proc p ON p.oid = t.evtfoid WHERE t.evtenabled <> 'D'";

/**
 * What these statements might set off that acts outside of a PostgreSQL database, so that rolling back does not take it
 * back: a call of another server, a program, a file. Everything counts that they name, and what that names in turn.
 * Null where nothing of it is known to.
 */
export async function outsideReachOf(session: DatabaseSession, statements: readonly Statement[]): Promise<string | null> {
  const functions = await session.rows(functionsQuery);
  const things = [...functions, ...(await session.rows(relationsQuery))];
  if (things.every(({ danger }) => danger === null)) return null;
  const named = Map.groupBy([...things, ...(await session.rows(unnamedQuery))], ({ name }) => (name ?? "").toLowerCase());
  const odd = [...named.keys()].filter((name) => !isOneWord.test(name));
  const isStructural = statements.some(({ inverse }) => inverse !== undefined);
  const events = isStructural ? (await session.rows(eventTriggersQuery))[0]?.["text"] : null;
  // What makes its SQL as it runs may make it of the statement's values.
  const areValues = functions.every(({ text }) => !/\bexecute\b/i.test(text ?? ""));
  const waiting = [...statements.map(({ text }) => (areValues ? withoutValues(text) : text)), events ?? ""];
  const seen = new Set<string>();
  for (let text = waiting.pop(); text !== undefined; text = waiting.pop()) {
    if (/u&"/i.test(text)) return "a name that is written in escapes";
    const small = text.toLowerCase().replaceAll('""', '"');
    for (const word of [...(small.match(words) ?? []), ...odd.filter((name) => small.includes(name))]) {
      if (seen.has(word)) continue;
      seen.add(word);
      for (const { danger, text: more } of named.get(word) ?? []) {
        if (danger) return danger;
        if (more) waiting.push(more);
      }
    }
  }
  return null;
}

const words = /[\p{L}_][\p{L}\p{N}_$]*/gu;
const isOneWord = /^[\p{L}_][\p{L}\p{N}_$]*$/u;

/** A text between quotes is a value to a statement. Where it may end elsewhere than it seems, it stays. */
function withoutValues(sql: string): string {
  if (/[\\$]|--|\/\*/.test(sql)) return sql;
  return sql.replaceAll(/"(?:[^"]|"")*"|'(?:[^']|'')*'/g, (quoted) => (quoted.startsWith('"') ? quoted : " "));
}

/** Extensions that are not known to be harmless, and functions: in a language that may do anything, or with a word for files and programs. */
const anyQuery = `
SELECT 'the extension ' || extname AS what FROM pg_extension WHERE extname NOT IN (${harmless.map((name) => `'${name}'`).join(", ")})
UNION ALL
SELECT 'the function ' || p.proname FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
WHERE p.oid >= ${firstOwn} AND l.lanname <> 'internal'
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
  AND (NOT l.lanpltrusted OR ${source} ~* '\\m(copy|program|lo_export|pg_file_write)\\M')
LIMIT 1`;

/**
 * The same, before anybody has allowed it: then nothing of the whole database may be known to call another server, run a
 * program or write a file, named or not. Triggers of SQLite are plain SQL.
 */
export async function anyOutsideReach(session: DatabaseSession, statements: readonly Statement[]): Promise<string | null> {
  const [found] = await session.rows(anyQuery);
  return found?.["what"] ?? outsideReachOf(session, statements);
}
