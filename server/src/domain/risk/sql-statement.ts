import type { WayBack } from "../reading.js";
import type { Findings } from "./findings.js";
import type { HazardName } from "./hazards.js";
import { changedTables } from "./changed-tables.js";
import { narrows } from "./narrowing.js";
import { type Effects, effectsOf, people, type Tree } from "./sql-effects.js";
import type { Database } from "./sql.js";

export interface SqlContext {
  readonly findings: Findings;
  readonly sql: string;
  /** Of that, the statement's own text. */
  readonly own: string;
  readonly database: Database | null;
  readonly wayBackOf: (kind: string, body: Tree, effects: Effects) => WayBack | null;
}

/** Statements that only read, or only steer the session. */
const harmless =
  /^(?:TransactionStmt|VariableShowStmt|DeallocateStmt|PrepareStmt|ClosePortalStmt|DeclareCursorStmt|FetchStmt|ListenStmt|UnlistenStmt|DiscardStmt)$/;
/** New tables and forward changes: bounded, and a later migration takes them back. */
const additive =
  /^(?:CreateStmt|CreateTableAsStmt|ViewStmt|IndexStmt|CreateSeqStmt|CreateEnumStmt|CreateDomainStmt|CommentStmt|CreateSchemaStmt|AlterEnumStmt|CompositeTypeStmt|VacuumStmt|ReindexStmt|RefreshMatViewStmt|CreateStatsStmt|AlterSeqStmt)$/;
const drops = /^(?:DropStmt|TruncateStmt|DropdbStmt|DropTableSpaceStmt|DropOwnedStmt)$/;
const rights =
  /^(?:GrantStmt|GrantRoleStmt|CreateRoleStmt|AlterRoleStmt|AlterRoleSetStmt|DropRoleStmt|AlterDefaultPrivilegesStmt|AlterOwnerStmt|CreatePolicyStmt|AlterPolicyStmt|AlterSystemStmt|ReassignOwnedStmt|AlterDatabaseStmt|AlterDatabaseSetStmt)$/;
const throwAway = /(?:^|_)test(?:$|_)/;

/** Records one parsed statement. */
export function noteStatement(node: object, context: SqlContext): void {
  context.findings.whileInStatement(() => {
    for (const [kind, body] of Object.entries(node as Tree)) noteKind(kind, body as Tree, context);
  });
}

function noteKind(kind: string, body: Tree, context: SqlContext): void {
  const { findings, sql, database } = context;
  const hazard = hazardOf(kind, body, context);
  const effects = effectsOf(body);
  const bounded = hazard !== "database_unbounded" && hazard !== "database_drops";
  const tables = [...new Set([...changedTables(kind, body), ...effects.tables])];
  const wayBack = context.wayBackOf(kind, body, effects);
  findings.statements.push({ kind, tables, bounded, text: context.own, ...(wayBack === null ? {} : { wayBack }) });
  note(hazard, context);
  // A plan without ANALYZE runs nothing.
  const planOnly = kind === "ExplainStmt" && hazard === "database_reads";
  for (const inner of planOnly ? [] : effects.writes) note(writeHazard(inner.kind, inner.body), context);
  if (effects.leaves)
    findings.note(
      effects.secret || effects.hashes || effects.personal || [...effects.tables].some((table) => people.test(table))
        ? "sends_secret"
        : "database_effects",
      sql,
    );
  else if (effects.acts) findings.note("database_effects", sql);
  if (kind === "DropdbStmt" && /(?:^|[_-])prod(?:uction)?(?:$|[_-])/i.test(String(body["dbname"]))) findings.note("wipes_production", sql);
  noteProgram(kind, body, { effects, context });
  if (effects.dropsAll && database?.production) findings.note("wipes_production", sql);
  if (database?.production && /^(?:Drop|Truncate|AlterTable|AlterExtension)Stmt$/.test(kind) && auditWords.test(sql))
    findings.note("tampers_audit", sql);
  const wholeRows = effects.star || (kind === "CopyStmt" && !body["is_from"]);
  if (database?.production && wholeRows && [...effects.tables].some((table) => people.test(table))) findings.note("reads_personal", sql);
  if (effects.hashes || (effects.personal && database?.production)) findings.note("reads_personal", sql);
}

/** The record that an application or a database keeps of who did what. */
const auditWords = /\b(?:pg_?audit|audit(?:_?(?:log|logs|trail|events?|entries|records?))?)\b/i;

/** Programs whose input goes to another machine. */
const leaves =
  /\b(?:curl|wget|nc|ncat|netcat|socat|ssh|scp|rsync|ftp|mail|sendmail|openssl|telnet|aws|gsutil|rclone)\b|\/dev\/(?:tcp|udp)\//;

/** A program at the end of a COPY gets the rows, or gives them. */
function noteProgram(kind: string, body: Tree, { effects, context }: { readonly effects: Effects; readonly context: SqlContext }): void {
  const program = body["filename"];
  if (kind !== "CopyStmt" || !body["is_program"] || typeof program !== "string") return;
  const { findings, database } = context;
  const holdsPeople = effects.hashes || effects.personal || [...effects.tables].some((table) => people.test(table));
  if (!body["is_from"] && holdsPeople) {
    findings.holdsPeople = true;
    if (leaves.test(program)) findings.note("sends_secret", program);
  }
  database?.shell?.(program);
}

function note(hazard: HazardName, { findings, sql, database }: SqlContext): void {
  const changes = hazard !== "database_reads" && hazard !== "harmless";
  if (changes && isThrowAway(database) && hazard !== "superuser" && hazard !== "database_effects")
    return findings.note(database?.kind ? "database_writes_here" : "database_writes", sql);
  if (hazard === "database_writes" && database?.kind === "development") return findings.note("database_writes_here", sql);
  if (changes && (database?.kind === "gate" || /^pullcord(?:$|_)/.test(database?.name ?? "")))
    findings.gate("Changes Pullcord's own database.", sql);
  if (changes && database?.production)
    findings.note(hazard === "database_drops" && /\bdatabase\b|\bschema\b/i.test(sql) ? "wipes_production" : "production", sql);
  findings.note(hazard, sql);
}

/** A database of tests, by what is known of it or by its name. */
function isThrowAway(database: Database | null): boolean {
  if (!database || database.production) return false;
  return database.kind === undefined || database.kind === null ? throwAway.test(database.name ?? "") : database.kind === "throwaway";
}

function hazardOf(kind: string, body: Tree, context: SqlContext): HazardName {
  if (kind === "SelectStmt")
    return body["intoClause"]
      ? "database_writes"
      : body["lockingClause"] && context.database?.production
        ? "database_writes"
        : "database_reads";
  if (/^(?:Insert|Update|Delete|Merge)Stmt$/.test(kind))
    return /"relname":"pg_(?:authid|auth_members|shadow)"/.test(JSON.stringify(body["relation"] ?? ""))
      ? "superuser"
      : writeHazard(kind, body);
  if (kind === "ExplainStmt") return explainHazard(body, context);
  if (harmless.test(kind)) return "harmless";
  if (kind === "VariableSetStmt")
    return /^(?:role|session_authorization|session_replication_role)$/.test(String(body["name"])) ? "database_rights" : "harmless";
  if (additive.test(kind)) return "database_writes";
  if (drops.test(kind)) return "database_drops";
  if (kind === "AlterTableStmt" || kind === "RenameStmt") return alterHazard(kind, body);
  if (/Role/.test(kind) && grantsSuperuser(body)) return "superuser";
  if (rights.test(kind)) return "database_rights";
  if (kind === "CopyStmt")
    return body["is_program"]
      ? "database_effects"
      : body["is_from"]
        ? "database_writes"
        : body["filename"]
          ? "database_effects"
          : "database_reads";
  if (kind === "ExecuteStmt" || kind === "DoStmt" || kind === "CallStmt") return "database_effects";
  return "database_effects";
}

function explainHazard(body: Tree, context: SqlContext): HazardName {
  const analyze = JSON.stringify(body["options"] ?? "").includes('"analyze"');
  const [kind] = Object.keys(body["query"] ?? {});
  if (!analyze || !kind || kind === "SelectStmt") return "database_reads";
  // It does run, and nobody expects that of an EXPLAIN, bounded or not.
  return isThrowAway(context.database) ? "database_writes" : "database_unbounded";
}

/** A write is bounded by a condition that compares a column with something that is not itself. */
function writeHazard(kind: string, body: Tree): HazardName {
  if (kind === "InsertStmt") return "database_writes";
  if (kind === "MergeStmt")
    return JSON.stringify(body["mergeWhenClauses"] ?? "").includes("CMD_DELETE") || !narrows(body["joinCondition"])
      ? "database_unbounded"
      : "database_writes";
  return narrows(body["whereClause"]) ? "database_writes" : "database_unbounded";
}

function alterHazard(kind: string, body: Tree): HazardName {
  if (kind === "RenameStmt") return "database_rights";
  const text = JSON.stringify(body["cmds"] ?? "");
  if (/AT_Drop(?:Column|Constraint)|AT_DisableTrig|AT_DisableRowSecurity|AT_ChangeOwner|AT_AlterColumnType|AT_DetachPartition/.test(text))
    return "database_drops";
  return "database_writes";
}

function grantsSuperuser(body: Tree): boolean {
  const text = JSON.stringify(body);
  return (
    /"defname":"(?:superuser|bypassrls|createrole|isreplication)"[^}]*\{?"?Boolean"?:\{"boolval":true/.test(
      text.replace(/"arg":\{/g, ""),
    ) ||
    /pg_(?:execute_server_program|read_server_files|write_server_files)|"(?:rds_superuser|cloudsqlsuperuser|azure_pg_admin|rdsadmin|postgres|root|dba|sysadmin)"/.test(
      JSON.stringify([body["granted_roles"] ?? "", text.includes("pg_") ? text : ""]),
    )
  );
}
