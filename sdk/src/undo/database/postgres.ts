import { quoted, type DatabaseSession, type Reference, type SchemaThing, type Table } from "./session.js";

/** What is asked of a PostgreSQL connection; a client of `pg` is one. */
export interface PostgresClient {
  query(query: { readonly text: string; readonly rowMode: "array" }): Promise<{
    readonly rows: readonly (readonly unknown[])[];
    readonly fields: readonly { readonly name: string }[];
  }>;
  end(): Promise<void>;
}

/** How values are written: so that each comes back as what it was. */
const settings =
  "SET datestyle = 'ISO, YMD'; SET intervalstyle = 'postgres'; SET bytea_output = 'hex'; SET extra_float_digits = 1; SET standard_conforming_strings = on";

/** Undo's words for a PostgreSQL database. The client should have its time limits set. */
export async function postgresSession(client: PostgresClient): Promise<DatabaseSession> {
  const session = new PostgresSession(client);
  for (const one of settings.split("; ")) await session.run(one);
  return session;
}

/** Statements that change rows, and nothing that tables are made of. */
const leavesTables = /^(?:INSERT|UPDATE|DELETE|SAVEPOINT|RELEASE|SET)\b/i;

class PostgresSession implements DatabaseSession {
  readonly #client: PostgresClient;
  /** As they were at the last look, until a statement may have changed them. */
  #tables: Promise<readonly Table[]> | null = null;

  constructor(client: PostgresClient) {
    this.#client = client;
  }

  async rows(sql: string): Promise<Record<string, string | null>[]> {
    const { rows, fields } = await this.#client.query({ text: sql, rowMode: "array" });
    return rows.map((cells) => Object.fromEntries(fields.map(({ name }, index) => [name, asText(cells[index])])));
  }

  async run(sql: string): Promise<void> {
    if (!leavesTables.test(sql)) this.#tables = null;
    await this.#client.query({ text: sql, rowMode: "array" });
  }

  begin(): Promise<void> {
    return this.run("BEGIN ISOLATION LEVEL REPEATABLE READ");
  }

  commit(): Promise<void> {
    return this.run("COMMIT");
  }

  rollback(): Promise<void> {
    return this.run("ROLLBACK");
  }

  tables(): Promise<readonly Table[]> {
    this.#tables ??= this.#readTables();
    return this.#tables;
  }

  touchedWith(named: readonly Table[]): readonly Table[] {
    return named;
  }

  /** The server counts for itself: functions, triggers and cascades included. */
  async touched(): Promise<string[]> {
    const found = await this.rows(
      `SELECT ${nameOf("relid")} AS name FROM pg_stat_xact_user_tables WHERE n_tup_ins + n_tup_upd + n_tup_del > 0`,
    );
    return found.flatMap(({ name }) => name ?? []);
  }

  async has({ type, name, table }: SchemaThing): Promise<boolean> {
    const sql =
      type === "column"
        ? `SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass(${text(asName(table ?? ""))}) AND attname = ${text(name)} AND NOT attisdropped`
        : `SELECT 1 WHERE to_regclass(${text(asName(name))}) IS NOT NULL`;
    return (await this.rows(sql)).length > 0;
  }

  async withoutTriggers<T>(tables: readonly Table[], work: () => Promise<T>): Promise<T> {
    const own = tables.filter(({ hasTriggers }) => hasTriggers);
    for (const { sql } of own) await this.run(`ALTER TABLE ${sql} DISABLE TRIGGER USER`);
    const result = await work();
    for (const { sql } of own) await this.run(`ALTER TABLE ${sql} ENABLE TRIGGER USER`);
    return result;
  }

  literal(column: string): string {
    return `quote_nullable(${quoted(column)}::text)`;
  }

  close(): Promise<void> {
    return this.#client.end();
  }

  async #readTables(): Promise<Table[]> {
    const [found, references] = [await this.rows(tablesQuery), await this.rows(referencesQuery)];
    const byTable = Map.groupBy(found, ({ oid }) => oid);
    return [...byTable].map(([oid, columns]) => {
      const [{ name = "", sql = "", key = "", triggers } = {}] = columns;
      return {
        name: name ?? "",
        sql: sql ?? "",
        columns: columns.map((one) => ({
          name: one["column"] ?? "",
          isWritable: one["computed"] === "f",
          hasDefault: one["filled"] === "t",
        })),
        key: listOf(key),
        referredBy: references
          .filter((one) => one["parent"] === oid)
          .map((one): Reference => ({ table: one["child"] ?? "", columns: listOf(one["columns"]), keys: listOf(one["keys"]) })),
        hasTriggers: triggers === "t",
        isIdentity: columns.some(({ always }) => always === "t"),
      };
    });
  }
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

/** A row for each column. The key is the primary key, else a unique index over columns that are never null. */
const tablesQuery = `
WITH own AS MATERIALIZED (
  SELECT c.oid, ${nameOf("c.oid")} AS name, format('%I.%I', n.nspname, c.relname) AS sql,
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

const referencesQuery = `
SELECT k.confrelid::text AS parent, format('%I.%I', n.nspname, c.relname) AS child,
  ${names("k.conrelid", "k.conkey")} AS columns, ${names("k.confrelid", "k.confkey")} AS keys
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE k.contype = 'f' AND k.conparentid = 0`;

function listOf(json: string | null | undefined): string[] {
  return json ? (JSON.parse(json) as string[]) : [];
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** As `to_regclass` reads it: each part quoted. */
function asName(name: string): string {
  return name.split(".").map(quoted).join(".");
}

/** Everything is asked for as text; drivers turn some of it into what they take it for. */
function asText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === "boolean" ? (value ? "t" : "f") : String(value);
}
