import { identityOf, keyOf, type ChangedRows, type DatabaseSession, type Table } from "./session.js";
import { agrees, rowSteps, type RowStep } from "./step.js";
import type { PerformedStep } from "./take-back.js";

/** Looks at all that triggers may change while rows are put back, where nothing keeps them from firing. */
interface FiredWatch {
  /** @throws Error where anything changed but what was meant to */
  requireNothingElse(performed: readonly PerformedStep[]): Promise<void>;
}

/** To be called before rows of these tables are put back, in the same transaction. */
export async function watchFired(session: DatabaseSession, tables: readonly Table[]): Promise<FiredWatch> {
  const firing = session.firesTriggers ? tables.filter(({ hasTriggers }) => hasTriggers) : [];
  if (firing.length === 0) return { requireNothingElse: () => Promise.resolve() };
  const all = await session.tables();
  const watch = await session.watch({ all, named: tables, changes: "rows", wholly: new Set() });
  return {
    async requireNothingElse(performed) {
      const changed = await watch.changed(all);
      await watch.end();
      if ("wholly" in changed) throw new Error("What triggers would change along with it can't be seen.");
      const other = all.find((table) => !isAsMeant(table, performed, changed));
      if (other) throw new Error(`A trigger would change rows of ${other.name} along with it: MySQL fires triggers for an undo, too.`);
    },
  };
}

/** Every row that changed was meant to, in these columns alone, and every row that was meant to stands as meant. */
function isAsMeant(table: Table, performed: readonly PerformedStep[], { before, after }: ChangedRows): boolean {
  const meant = meantFor(table, performed);
  const steps = rowSteps(table, before.get(table.name) ?? [], after.get(table.name) ?? []);
  if (!steps.every((step) => step.kind === "row" && isMeant(step, meant.get(identityOf(step.key))))) return false;
  const now = new Map((after.get(table.name) ?? []).map((row) => [identityOf(keyOf(row, table)), row]));
  return [...meant].every(([at, { after: wanted }]) => {
    const row = now.get(at) ?? null;
    return row === null || wanted === null ? row === wanted : agrees(row, wanted);
  });
}

/** What was to become of each row in the end, by its key. */
function meantFor({ name }: Table, performed: readonly PerformedStep[]): ReadonlyMap<string, RowStep> {
  const meant = new Map<string, RowStep>();
  for (const { step } of performed) {
    if (step.kind !== "row" || step.table !== name) continue;
    const older = meant.get(identityOf(step.key))?.after;
    meant.set(identityOf(step.key), { ...step, after: step.after && older ? { ...older, ...step.after } : step.after });
  }
  return meant;
}

function isMeant({ before, after }: RowStep, wanted: RowStep | undefined): boolean {
  if (!wanted) return false;
  if (after === null || wanted.after === null) return after === wanted.after;
  return before === null || Object.keys(after).every((column) => column in (wanted.after ?? {}));
}
