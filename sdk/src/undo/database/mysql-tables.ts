import { quoted, type Cells, type Column, type DatabaseSession, type Reference, type Table } from "./session.js";

type Session = Pick<DatabaseSession, "rows">;

/** A table of MySQL's, with what decides whether a rollback takes back all that happens to it. */
export interface MysqlTable extends Table {
  /** `InnoDB` is the only one that takes changes back. */
  readonly engine: string;
  /** Tables of this database whose rows go or change along with a row of this one. */
  readonly cascadesTo: readonly string[];
  /** A table of another database whose rows would go or change along with a row of this one. */
  readonly cascadesOut: string | null;
  /** Tables that its triggers and expressions name; null where one may do more than read and write rows. */
  readonly fires: readonly string[] | null;
  /** How many unique indexes it has, the primary key's included. */
  readonly uniqueIndexes: number;
  /** Its key, where that is one number which the server gives, each higher than all before. */
  readonly counter: string | null;
}

/** The base tables of the database that the session is in. Views, sequences and versioned tables are none. */
export async function readTables(session: Session, readBody: (body: string) => readonly string[] | null): Promise<MysqlTable[]> {
  const engines = new Map((await session.rows(enginesQuery)).map(({ name, engine }) => [name, engine ?? ""]));
  const found = (await session.rows(columnsQuery)).filter(({ owner }) => engines.has(owner ?? ""));
  const columns = Map.groupBy(found, ({ owner }) => owner ?? "");
  const keys = Map.groupBy(await session.rows(keysQuery), ({ owner }) => owner ?? "");
  const references = Map.groupBy(await session.rows(referencesQuery), ({ parent }) => parent ?? "");
  const isMariadb = found[0]?.["mariadb"] === "1";
  const checks = Map.groupBy(isMariadb ? await session.rows(checksQuery) : [], ({ owner }) => owner ?? "");
  const triggers = Map.groupBy(await session.rows(triggersQuery), ({ owner }) => owner ?? "");
  return [...columns].map(([name, own]) => {
    const written = [...(triggers.get(name) ?? []), ...(checks.get(name) ?? [])].map(({ body }) => body ?? "");
    const bodies = [...written, ...(isMariadb ? own.flatMap(expressionsOf) : [])];
    const read = bodies.map((body) => readBody(body)?.map((table) => inSchema(table, own[0]?.["schema_name"])) ?? null);
    return {
      id: name,
      name,
      sql: quoted(name),
      columns: own.map(columnOf),
      key: keyColumns(keys.get(name) ?? []),
      uniqueIndexes: new Set(keys.get(name)?.map((part) => part["name"])).size,
      counter: counterOf(own, keyColumns(keys.get(name) ?? [])),
      // MySQL itself refuses what would point nowhere.
      pointsTo: [],
      hasTriggers: triggers.has(name),
      isIdentity: false,
      engine: engines.get(name) ?? "",
      fires: read.includes(null) ? null : read.flatMap((tables) => tables ?? []),
      ...referencesTo(references.get(name) ?? []),
    };
  });
}

/** The names are given anew in all of these, since servers spell their own in large or small letters. */
const enginesQuery =
  "SELECT TABLE_NAME AS name, ENGINE AS engine FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE'";

/** A row for each column; also of views. */
const columnsQuery = `
SELECT TABLE_NAME AS owner, COLUMN_NAME AS name, lower(DATA_TYPE) AS type, CHARACTER_SET_NAME AS charset, COLUMN_DEFAULT AS filled,
  lower(EXTRA) AS extra, coalesce(GENERATION_EXPRESSION, '') AS made, VERSION() LIKE '%MariaDB%' AS mariadb,
  DATABASE() AS schema_name
FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME, ORDINAL_POSITION`;

/** A row for each column of a unique index, the primary key first. */
const keysQuery = `
SELECT TABLE_NAME AS owner, INDEX_NAME AS name, COLUMN_NAME AS part, SUB_PART AS prefix, NULLABLE AS nullable
FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND NON_UNIQUE = 0
ORDER BY TABLE_NAME, INDEX_NAME = 'PRIMARY' DESC, INDEX_NAME, SEQ_IN_INDEX`;

/** A row for each column of a foreign key that points into this database, from wherever. */
const referencesQuery = `
SELECT k.TABLE_SCHEMA = DATABASE() AS own, k.TABLE_SCHEMA AS around, k.TABLE_NAME AS child, k.CONSTRAINT_NAME AS name, k.COLUMN_NAME AS part,
  k.REFERENCED_TABLE_NAME AS parent, k.REFERENCED_COLUMN_NAME AS theirs, concat(r.DELETE_RULE, ' ', r.UPDATE_RULE) AS rules
FROM information_schema.KEY_COLUMN_USAGE k
JOIN information_schema.REFERENTIAL_CONSTRAINTS r
  ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME AND r.TABLE_NAME = k.TABLE_NAME
WHERE k.REFERENCED_TABLE_SCHEMA = DATABASE() ORDER BY k.TABLE_SCHEMA, k.TABLE_NAME, k.CONSTRAINT_NAME, k.ORDINAL_POSITION`;

const triggersQuery =
  "SELECT EVENT_OBJECT_TABLE AS owner, ACTION_STATEMENT AS body FROM information_schema.TRIGGERS WHERE EVENT_OBJECT_SCHEMA = DATABASE()";

/** MariaDB lets checks, defaults and computed columns call what somebody has added to the server; MySQL does not. */
const checksQuery =
  "SELECT TABLE_NAME AS owner, CHECK_CLAUSE AS body FROM information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE()";

/** `shop.orders` is `orders` in the database `shop`. */
function inSchema(table: string, schema: string | null | undefined): string {
  return schema && table.startsWith(`${schema}.`) ? table.slice(schema.length + 1) : table;
}

function expressionsOf({ filled, made }: Cells): string[] {
  return [filled ?? "", made ?? ""].filter((expression) => expression !== "");
}

function columnOf({ name, type, charset, filled, extra, made }: Cells): Column {
  return {
    name: name ?? "",
    isWritable: made === "",
    // MariaDB spells "no default" as the word.
    hasDefault: (filled !== null && filled !== "NULL") || /auto_increment|default_generated/.test(extra ?? ""),
    type: charset !== null && charset !== undefined && !plainCharsets.has(charset) ? `charset ${charset}` : (type ?? ""),
    ...((extra ?? "").includes("on update") ? { updatesItself: true } : {}),
  };
}

/** Character sets of which every text is one in Unicode, and back. */
const plainCharsets: ReadonlySet<string> = new Set(["utf8mb4", "utf8mb3", "utf8", "ascii", "latin1", "ucs2", "utf16", "utf16le", "utf32"]);

/** The primary key, else the first unique index over whole columns that are never null. */
function keyColumns(parts: readonly Cells[]): string[] {
  const indexes = [...Map.groupBy(parts, ({ name }) => name).values()];
  const key = indexes.find((own) => own.every(({ part, prefix, nullable }) => part !== null && prefix === null && nullable !== "YES"));
  return (key ?? []).map(({ part }) => part ?? "");
}

function counterOf(columns: readonly Cells[], [first, ...more]: readonly string[]): string | null {
  const counts = columns.some(({ name, extra }) => name === first && (extra ?? "").includes("auto_increment"));
  return counts && more.length === 0 ? (first ?? null) : null;
}

function referencesTo(found: readonly Cells[]): Pick<MysqlTable, "referredBy" | "cascadesTo" | "cascadesOut"> {
  const constraints = [...Map.groupBy(found, ({ around, child, name }) => JSON.stringify([around, child, name])).values()];
  const cascading = found.filter(({ rules }) => /CASCADE|SET/.test(rules ?? ""));
  const out = cascading.find(({ own }) => own !== "1");
  return {
    referredBy: constraints.map((own): Reference => ({
      table:
        own[0]?.["own"] === "1" ? quoted(own[0]["child"] ?? "") : `${quoted(own[0]?.["around"] ?? "")}.${quoted(own[0]?.["child"] ?? "")}`,
      columns: own.map(({ part }) => part ?? ""),
      keys: own.map(({ theirs }) => theirs ?? ""),
    })),
    cascadesTo: cascading.flatMap(({ own, child }) => (own === "1" ? (child ?? "") : [])),
    cascadesOut: out ? `${out["around"]}.${out["child"]}` : null,
  };
}

/** The expression that shows a column's value as a literal, exactly, under the modes of our own (`mysql.ts`). */
export function literalOf({ name, type = "" }: Column, column = quoted(name)): string {
  // A value that can't be written is NULL as well, such as one longer than the server sends, and must not pass for it.
  return `CASE WHEN ${column} IS NULL THEN 'NULL' ELSE ${exact(column, type)} END`;
}

function exact(column: string, type: string): string {
  if (/^(?:tinyint|smallint|mediumint|int|bigint|decimal|double|year)$/.test(type)) return `CAST(${column} AS CHAR)`;
  // As a double, a float shows all of itself.
  if (type === "float") return `CAST(${column} + 0e0 AS CHAR)`;
  if (type === "bit") return `CAST(${column} + 0 AS CHAR)`;
  if (/^(?:date|datetime|timestamp|time|uuid|inet4|inet6)$/.test(type)) return `concat('''', CAST(${column} AS CHAR), '''')`;
  if (/^(?:char|varchar|tinytext|text|mediumtext|longtext|enum|set)$/.test(type)) return quotedText(column);
  // MySQL's documents hold dates and bytes, which their text does not tell from other texts.
  if (type === "json") return `CASE WHEN CAST(CAST(${column} AS CHAR) AS JSON) = ${column} THEN ${quotedText(column)} END`;
  const [, charset] = /^charset (\w+)$/.exec(type) ?? [];
  return charset === undefined ? `concat('x''', hex(${column}), '''')` : `concat('_${charset} x''', hex(${column}), '''')`;
}

function quotedText(column: string): string {
  return `concat('''', replace(CAST(${column} AS CHAR), '''', ''''''), '''')`;
}
