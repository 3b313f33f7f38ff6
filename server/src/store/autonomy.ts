import type { AutonomyLevel, AutonomySetting, DialScope } from "@pullcord/sdk/protocol";
import { statement } from "./statement.js";
import type { Tables } from "./tables.js";
import type { Reader, Transaction } from "./transaction.js";

/** The id that stands for `everything` in a stored scope. */
const everything = "*";

function scopeId(scope: DialScope): string {
  return scope.kind === "everything" ? everything : scope.id;
}

/** Most settings that are listed. */
const listLimit = 1_000;

const setLevel = statement<Tables["autonomy_settings"], never>((db, value) =>
  db
    .insertInto("autonomy_settings")
    .values({ scope_kind: value("scope_kind"), scope_id: value("scope_id"), level: value("level"), set_at: value("set_at") })
    .onConflict((conflict) => conflict.columns(["scope_kind", "scope_id"]).doUpdateSet({ level: value("level"), set_at: value("set_at") })),
);
const clearLevel = statement<{ scope_kind: string; scope_id: string }, never>((db, value) =>
  db.deleteFrom("autonomy_settings").where("scope_kind", "=", value("scope_kind")).where("scope_id", "=", value("scope_id")),
);
const covering = statement<Covered, AutonomyRow>((db, value) =>
  db
    .selectFrom("autonomy_settings")
    .selectAll()
    .where((is) => {
      const set = (kind: AutonomyRow["scope_kind"], id: keyof Covered) =>
        is.and([is("scope_kind", "=", kind), is("scope_id", "=", value(id))]);
      return is.or([
        set("run", "run"),
        set("agent", "agent"),
        set("task", "task"),
        set("environment", "environment"),
        set("environment", "actionEnvironment"),
        is("scope_kind", "=", "everything"),
      ]);
    }),
);
const allSettings = statement<Record<string, never>, AutonomyRow>((db) =>
  db.selectFrom("autonomy_settings").selectAll().where("scope_kind", "!=", "run").orderBy("set_at", "desc").limit(listLimit),
);

type AutonomyRow = Tables["autonomy_settings"];

/** What an action is part of, by which the dial may be set; an empty text where it names none. */
export type Covered = {
  readonly run: string;
  readonly agent: string;
  readonly task: string;
  /** The run's own. */
  readonly environment: string;
  readonly actionEnvironment: string;
};

export async function saveAutonomy(
  tx: Transaction,
  { scope, level }: { readonly scope: DialScope; readonly level: AutonomyLevel | null },
  at: number,
): Promise<void> {
  const where = { scope_kind: scope.kind, scope_id: scopeId(scope) };
  await (level === null ? tx.all(clearLevel, where) : tx.all(setLevel, { ...where, level, set_at: at }));
}

/** Every setting that covers an action. */
export async function findAutonomy(reader: Reader, covered: Covered): Promise<readonly AutonomySetting[]> {
  return (await reader.all(covering, { ...covered })).map(settingOf);
}

/** Every setting but those of single runs, the newest first. */
export async function listAutonomy(reader: Reader): Promise<readonly AutonomySetting[]> {
  return (await reader.all(allSettings, {})).map(settingOf);
}

function settingOf({ scope_kind: kind, scope_id: id, level, set_at: setAt }: AutonomyRow): AutonomySetting {
  const scope = kind === "everything" ? { kind } : { kind, id };
  return { scope: scope as DialScope, level: level as AutonomyLevel, setAt };
}
