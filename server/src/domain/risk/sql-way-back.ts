import type { RowsTarget, SchemaThing, WayBack } from "../reading.js";
import type { Effects, Tree } from "./sql-effects.js";

/** How a statement of PostgreSQL's, or of SQLite's, could be taken back, where its rows are kept (E22); null where nothing could. */
export function wayBackInPostgres(kind: string, body: Tree, { writes, acts, leaves }: Effects): WayBack | null {
  if (acts || leaves) return null;
  return byKind[kind]?.(body, [...(written.test(kind) ? [{ kind, body }] : []), ...writes]) ?? null;
}

type Write = Effects["writes"][number];
const written = /^(?:Insert|Update|Delete|Merge)Stmt$/;

const rows = (_body: Tree, writes: readonly Write[]): WayBack | null => {
  const tables = writes.map(({ body }) => tableOf(body));
  return tables.every((table) => table !== null) ? { kind: "rows", tables: [...new Set(tables)] } : null;
};

/** A statement that touches rows of one table alone, and could say of which. */
const targeted = (body: Tree, writes: readonly Write[]): WayBack | null => {
  const found = rows(body, writes);
  const target = writes.length === 1 ? targetOf(body) : null;
  return found?.kind === "rows" && target !== null ? { ...found, target } : found;
};

/** One kind of statement more: one line. */
const byKind: Readonly<Record<string, (body: Tree, writes: readonly Write[]) => WayBack | null>> = {
  InsertStmt: targeted,
  UpdateStmt: targeted,
  DeleteStmt: targeted,
  MergeStmt: rows,
  SelectStmt: (body, writes) => (body["intoClause"] ? null : writes.length === 0 ? { kind: "none" } : rows(body, writes)),
  TransactionStmt: ({ kind }) => (/^TRANS_STMT_(?:BEGIN|START|COMMIT)$/.test(String(kind)) ? { kind: "none" } : null),
  TruncateStmt: truncated,
  CreateStmt: (body) => made("table", nameIn(body["relation"])),
  ViewStmt: (body) => (body["replace"] ? null : made("view", nameIn(body["view"]))),
  IndexStmt: ({ idxname, concurrent, relation }) =>
    concurrent || typeof idxname !== "string" || nameIn(relation) === null ? null : made("index", idxname),
  AlterTableStmt: columnAdded,
  RenameStmt: renamed,
};

/** A table without a schema, that lasts: what a schema names may be another one for whoever keeps the rows. */
function nameIn(relation: unknown): string | null {
  const { relname, schemaname, relpersistence } = (relation ?? {}) as Tree;
  return typeof relname === "string" && schemaname === undefined && relpersistence !== "t" ? relname : null;
}

function tableOf(body: Tree): string | null {
  const { relname } = (body["relation"] ?? {}) as Tree;
  return typeof relname === "string" ? relname : null;
}

function targetOf({ relation, returningList, returningClause }: Tree): RowsTarget | null {
  const { relname, schemaname, alias } = (relation ?? {}) as Tree;
  if (typeof relname !== "string") return null;
  const called = ((alias ?? {}) as Tree)["aliasname"];
  return {
    table: typeof schemaname === "string" ? `${schemaname}.${relname}` : relname,
    alias: typeof called === "string" ? called : relname,
    hasReturning: (returningList ?? returningClause) !== undefined,
  };
}

function truncated({ relations, behavior, restart_seqs }: Tree): WayBack | null {
  if (behavior === "DROP_CASCADE" || restart_seqs) return null;
  const tables = ((relations ?? []) as readonly Tree[]).map((one) => ((one["RangeVar"] ?? {}) as Tree)["relname"]);
  return tables.every((table) => typeof table === "string") ? { kind: "rows", tables } : null;
}

function made(type: SchemaThing["type"], name: string | null): WayBack | null {
  return name === null ? null : { kind: "inverse", thing: { type, name }, sql: `DROP ${type.toUpperCase()} ${quoted(name)}` };
}

function columnAdded({ relation, cmds, objtype }: Tree): WayBack | null {
  const [only, ...more] = (cmds ?? []) as readonly Tree[];
  const { subtype, def } = (only?.["AlterTableCmd"] ?? {}) as Tree;
  const column = (((def ?? {}) as Tree)["ColumnDef"] as Tree | undefined)?.["colname"];
  const table = nameIn(relation);
  if (objtype !== "OBJECT_TABLE" || more.length > 0 || subtype !== "AT_AddColumn" || typeof column !== "string" || table === null)
    return null;
  const sql = `ALTER TABLE ${quoted(table)} DROP COLUMN ${quoted(column)}`;
  return { kind: "inverse", thing: { type: "column", table, name: column }, sql };
}

function renamed({ renameType, relation, subname, newname }: Tree): WayBack | null {
  const table = nameIn(relation);
  if (table === null || typeof newname !== "string") return null;
  if (renameType === "OBJECT_TABLE") {
    const sql = `ALTER TABLE ${quoted(newname)} RENAME TO ${quoted(table)}`;
    return { kind: "inverse", thing: { type: "table", name: newname }, sql, renamed: table };
  }
  if (renameType !== "OBJECT_COLUMN" || typeof subname !== "string") return null;
  const sql = `ALTER TABLE ${quoted(table)} RENAME COLUMN ${quoted(newname)} TO ${quoted(subname)}`;
  return { kind: "inverse", thing: { type: "column", table, name: newname }, sql };
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
