import type { DatabaseSession } from "./session.js";

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
