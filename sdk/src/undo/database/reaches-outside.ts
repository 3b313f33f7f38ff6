import type { DatabaseSession } from "./session.js";
import type { Statement } from "./try-out.js";

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

/** Functions of this database, with what makes those dangerous that may act outside of it. */
const functionsQuery = `
SELECT p.proname AS name, CASE
    WHEN ${isHarmless} THEN NULL
    WHEN NOT l.lanpltrusted THEN 'the function ' || p.proname || ', in a language that may do anything'
    WHEN p.prosrc ~* '\\m(?:${acting})\\M' THEN 'the function ' || p.proname
    WHEN p.prosrc ~* '\\mexecute\\M' AND (${isMighty("current_user")} OR p.prosecdef AND ${isMighty("pg_get_userbyid(p.proowner)")})
      THEN 'the function ' || p.proname || ', which makes its SQL as it runs, with the right to run programs'
  END AS danger, CASE WHEN l.lanpltrusted THEN p.prosrc END AS text
FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang WHERE p.oid >= ${firstOwn} AND l.lanname <> 'internal'`;

/** Relations with all that runs along with a change of their rows: triggers, rules, defaults, checks, indexes, parts, cascades. */
const relationsQuery = `
SELECT c.relname AS name, CASE WHEN c.relkind = 'f' THEN 'the foreign table ' || c.relname END AS danger, concat_ws(' ',
    (SELECT string_agg(pg_get_triggerdef(t.oid), ' ') FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal),
    (SELECT string_agg(pg_get_ruledef(r.oid), ' ') FROM pg_rewrite r WHERE r.ev_class = c.oid),
    (SELECT string_agg(pg_get_expr(f.adbin, f.adrelid), ' ') FROM pg_attrdef f WHERE f.adrelid = c.oid),
    (SELECT string_agg(pg_get_constraintdef(k.oid), ' ') FROM pg_constraint k WHERE k.conrelid = c.oid
      OR k.contypid IN (SELECT a.atttypid FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0)),
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
export async function reachesOutsideBy(session: DatabaseSession, statements: readonly Statement[]): Promise<string | null> {
  const things = [...(await session.rows(functionsQuery)), ...(await session.rows(relationsQuery))];
  if (things.every(({ danger }) => danger === null)) return null;
  const byName = Map.groupBy(things, ({ name }) => (name ?? "").toLowerCase());
  const isStructural = statements.some(({ inverse }) => inverse !== undefined);
  const events = isStructural ? (await session.rows(eventTriggersQuery))[0]?.["text"] : null;
  // A text between quotes is a value to a statement; to a function it may be SQL.
  const waiting = [...statements.map(({ text }) => text.replaceAll(/'(?:[^']|'')*'/g, " ")), events ?? ""];
  const seen = new Set<string>();
  for (let text = waiting.pop(); text !== undefined; text = waiting.pop()) {
    for (const word of text.toLowerCase().match(/[\p{L}_][\p{L}\p{N}_$]*/gu) ?? []) {
      if (seen.has(word)) continue;
      seen.add(word);
      for (const { danger, text: more } of byName.get(word) ?? []) {
        if (danger) return danger;
        if (more) waiting.push(more);
      }
    }
  }
  return null;
}

/** Functions run by triggers, defaults and checks: in a language that may do anything, or with a word for files and programs. */
const query = `
SELECT 'the extension ' || extname AS what FROM pg_extension WHERE extname NOT IN (${harmless.map((name) => `'${name}'`).join(", ")})
UNION ALL
SELECT 'the function ' || p.proname FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
WHERE p.oid >= ${firstOwn} AND l.lanname <> 'internal'
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
  AND (NOT l.lanpltrusted OR p.prosrc ~* '\\m(copy|program|lo_export|pg_file_write)\\M')
LIMIT 1`;

/**
 * What of a PostgreSQL database might act outside of it, so that rolling back does not take it back: call another
 * server, run a program, write a file. Null where nothing is known to. Triggers of SQLite are plain SQL.
 */
export async function reachesOutside(session: DatabaseSession): Promise<string | null> {
  const [found] = await session.rows(query);
  return found?.["what"] ?? null;
}
