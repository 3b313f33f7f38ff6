import type { AutonomyLevel, Scope } from "@pullcord/sdk/protocol";
import { statement } from "./statement.js";
import type { Tables } from "./tables.js";
import type { Reader, Transaction } from "./transaction.js";

/** The id that stands for `everything` in a stored scope. */
const everything = "*";

function scopeId(scope: Scope): string {
  return scope.kind === "everything" ? everything : scope.id;
}

const setLevel = statement<Tables["autonomy_settings"], never>((db, value) =>
  db
    .insertInto("autonomy_settings")
    .values({ scope_kind: value("scope_kind"), scope_id: value("scope_id"), level: value("level"), set_at: value("set_at") })
    .onConflict((conflict) => conflict.columns(["scope_kind", "scope_id"]).doUpdateSet({ level: value("level"), set_at: value("set_at") })),
);
const clearLevel = statement<{ scope_kind: string; scope_id: string }, never>((db, value) =>
  db.deleteFrom("autonomy_settings").where("scope_kind", "=", value("scope_kind")).where("scope_id", "=", value("scope_id")),
);
const levels = statement<{ run: string; agent: string }, { scope_kind: string; level: string }>((db, value) =>
  db
    .selectFrom("autonomy_settings")
    .select(["scope_kind", "level"])
    .where((is) =>
      is.or([
        is.and([is("scope_kind", "=", "run"), is("scope_id", "=", value("run"))]),
        is.and([is("scope_kind", "=", "agent"), is("scope_id", "=", value("agent"))]),
        is("scope_kind", "=", "everything"),
      ]),
    ),
);

export type AutonomySetting = { readonly level: AutonomyLevel; readonly from: Scope["kind"] };

export async function saveAutonomy(
  tx: Transaction,
  { scope, level }: { readonly scope: Scope; readonly level: AutonomyLevel | null },
  at: number,
): Promise<void> {
  const where = { scope_kind: scope.kind, scope_id: scopeId(scope) };
  await (level === null ? tx.all(clearLevel, where) : tx.all(setLevel, { ...where, level, set_at: at }));
}

/** The narrowest setting that covers a run: run over agent over everything. */
export async function findAutonomy(reader: Reader, run: string, agent: string): Promise<AutonomySetting | null> {
  const rows = await reader.all(levels, { run, agent });
  for (const from of ["run", "agent", "everything"] as const) {
    const row = rows.find((candidate) => candidate.scope_kind === from);
    if (row) return { level: row.level as AutonomyLevel, from };
  }
  return null;
}
