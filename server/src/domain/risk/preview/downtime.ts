import type { PreviewItem } from "@pullcord/sdk/protocol";
import { statementVerb } from "../../policy/subject.js";
import type { Reading, ReadStatement, SqlPlace, Surroundings } from "../../reading.js";

/** Who has to wait while PostgreSQL runs a statement on a table that others use (E35). SQLite has one writer anyway. */
export function downtime({ sqlRuns }: Pick<Reading, "sqlRuns">, surroundings: Surroundings): readonly PreviewItem[] {
  const statements = sqlRuns.filter(({ place }) => isPostgres(place, surroundings)).flatMap((run) => run.statements);
  const sentences = new Set(statements.flatMap((statement) => waits(statement) ?? []));
  return [...sentences].map((sentence) => ({ about: "services", sentence }));
}

function isPostgres(place: SqlPlace, surroundings: Surroundings): boolean {
  return place.kind === "server" ? place.dialect === "postgres" : surroundings.databaseAt?.(place)?.dialect === "postgres";
}

function waits({ kind, text = "", tables }: ReadStatement): string | null {
  const named = tables.length > 0 ? tables.join(", ") : "what it names";
  const isConcurrent = /\bconcurrently\b/i.test(text);
  if (kind === "IndexStmt" && !isConcurrent)
    return `Downtime: writes to ${named} wait while the index is built; CREATE INDEX CONCURRENTLY does not hold them.`;
  if (kind === "ReindexStmt" && !isConcurrent)
    return `Downtime: writes to ${named} wait while its indexes are built; REINDEX … CONCURRENTLY does not hold them.`;
  if (kind === "AlterTableStmt") return `Downtime: reads and writes of ${named} wait while it is altered, and behind whoever uses it now.`;
  if (kind === "LockStmt") return `Downtime: others may have to wait for ${named} until the transaction ends.`;
  if (kind === "VacuumStmt" && /\bfull\b/i.test(text))
    return `Downtime: reads and writes of ${named} wait while the table is written anew.`;
  if (kind === "ClusterStmt") return `Downtime: reads and writes of ${named} wait while the table is written anew.`;
  if (kind === "RefreshMatViewStmt" && !isConcurrent) return `Downtime: reads of ${named} wait while it is filled anew.`;
  return statementVerb(kind) === "truncate" ? `Downtime: reads and writes of ${named} wait until it is emptied.` : null;
}
