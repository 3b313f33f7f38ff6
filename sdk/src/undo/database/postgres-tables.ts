import type { Cells, Column, Reference, Table } from "./session.js";

/** The tables that the queries below found. */
export function tablesFrom(found: readonly Cells[], references: readonly Cells[]): Table[] {
  const byTable = Map.groupBy(found, ({ oid }) => oid);
  return [...byTable].map(([oid, columns]) => {
    const [{ name = "", sql = "", key = "", triggers } = {}] = columns;
    const referredBy = references.filter(({ parent }) => parent === oid);
    return {
      id: oid ?? "",
      name: name ?? "",
      sql: sql ?? "",
      columns: columns.map((one): Column => {
        return { name: one["column"] ?? "", isWritable: one["computed"] === "f", hasDefault: one["filled"] === "t" };
      }),
      key: listOf(key),
      referredBy: referredBy.map((one): Reference => {
        return { table: one["child"] ?? "", columns: listOf(one["columns"]), keys: listOf(one["keys"]) };
      }),
      pointsTo: [],
      hasTriggers: triggers === "t",
      isIdentity: columns.some(({ always }) => always === "t"),
    };
  });
}

/** `users`, or `sales.users` where another schema comes first, or none. */
function nameOf(oid: string): string {
  return `(SELECT CASE WHEN pg_table_is_visible(named.oid) THEN named.relname ELSE around.nspname || '.' || named.relname END FROM pg_class named JOIN pg_namespace around ON around.oid = named.relnamespace WHERE named.oid = ${oid})`;
}

/** Names of columns, one behind the other as JSON. */
function names(relation: string, numbers: string): string {
  return `(SELECT json_agg(own.attname ORDER BY listed.place)::text FROM unnest(${numbers}) WITH ORDINALITY listed (number, place) JOIN pg_attribute own ON own.attrelid = ${relation} AND own.attnum = listed.number)`;
}

const isOfOthers =
  "n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_toast%' AND n.nspname NOT LIKE 'pg\\_temp%'";

/** The rows of a table alone, where others inherit from it: theirs are theirs. */
const rowsOnly = "CASE WHEN c.relkind = 'r' AND c.relhassubclass THEN 'ONLY ' ELSE '' END || format('%I.%I', n.nspname, c.relname)";

/** A row for each column. The key is the primary key, else a unique index over columns that are never null. */
export const tablesQuery = `
WITH own AS MATERIALIZED (
  SELECT c.oid, ${nameOf("c.oid")} AS name, ${rowsOnly} AS sql,
    CASE WHEN EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal) THEN 't' ELSE 'f' END AS triggers,
    (SELECT ${names("c.oid", "i.indkey::int2[]")} FROM pg_index i
      WHERE i.indrelid = c.oid AND i.indisunique AND i.indpred IS NULL AND i.indexprs IS NULL AND i.indisvalid
        AND NOT EXISTS (SELECT 1 FROM pg_attribute k WHERE k.attrelid = c.oid AND k.attnum = ANY (i.indkey::int2[]) AND NOT k.attnotnull)
      ORDER BY i.indisprimary DESC, i.indexrelid LIMIT 1) AS key
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND ${isOfOthers})
SELECT own.oid::text AS oid, name, sql, triggers, key, a.attname AS "column",
  CASE WHEN a.attgenerated <> '' THEN 't' ELSE 'f' END AS computed,
  CASE WHEN a.atthasdef OR a.attidentity <> '' THEN 't' ELSE 'f' END AS filled,
  CASE WHEN a.attidentity = 'a' THEN 't' ELSE 'f' END AS always
FROM own JOIN pg_attribute a ON a.attrelid = own.oid AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY name, a.attnum`;

export const referencesQuery = `
SELECT k.confrelid::text AS parent, ${rowsOnly} AS child,
  ${names("k.conrelid", "k.conkey")} AS columns, ${names("k.confrelid", "k.confkey")} AS keys
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE k.contype = 'f' AND k.conparentid = 0`;

/** Parts of a table go by the table. What is temporary ends with the connection. */
export const rootOf = (relation: string): string => `coalesce(pg_partition_root(${relation}), ${relation})`;

/** How often rows of each table were put in, changed and taken out; also by transactions right before on the same connection. */
export const countsQuery = `
SELECT ${rootOf("relid")}::oid::text AS id, ${nameOf(rootOf("relid"))} AS name,
  sum(n_tup_ins)::text AS inserted, sum(n_tup_upd)::text AS updated, sum(n_tup_del)::text AS deleted
FROM pg_stat_xact_user_tables JOIN pg_class c ON c.oid = relid
WHERE n_tup_ins + n_tup_upd + n_tup_del > 0 AND c.relpersistence <> 't' GROUP BY 1, 2`;

/** Where each table's rows are on disk: another place after all of them were removed, or written anew. */
export const placesQuery = `
SELECT ${rootOf("c.oid")}::oid::text AS id, c.relfilenode::text AS place FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND ${isOfOthers}`;

/** Tables that nobody else can read before this transaction ends. */
export const heldQuery = `
SELECT DISTINCT ${rootOf("relation")}::oid::text AS id FROM pg_locks
WHERE pid = pg_backend_pid() AND locktype = 'relation' AND mode = 'AccessExclusiveLock'`;

function listOf(json: string | null | undefined): string[] {
  return json ? (JSON.parse(json) as string[]) : [];
}
