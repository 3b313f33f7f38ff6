import { notKept } from "./not-kept.js";
import { identityOf, keyOf, rowsAt, type Changed, type ChangedRows, type DatabaseSession, type Table, type Watch } from "./session.js";
import { rowSteps } from "./step.js";
import { watchWholly } from "./whole-tables.js";

/**
 * Watches tables by reading them as a whole. MySQL changes rows as they stand when a statement runs, which may be later
 * than they were read: so rows that changed are compared with what others see of them, on a second connection. The
 * transaction holds their locks, so that is how they stood right before.
 */
export async function watchCommitted(
  session: DatabaseSession,
  { all, looked }: { readonly all: readonly Table[]; readonly looked: readonly Table[] },
  openAnother: () => Promise<DatabaseSession>,
): Promise<Watch> {
  const keyless = looked.find(({ key }) => key.length === 0);
  if (keyless) throw notKept(`The table ${keyless.name} has no primary key, so its rows can't be told apart.`);
  const watch = await watchWholly(session, all, looked);
  return {
    changed: async (now) => {
      const changed = await watch.changed(now);
      return "wholly" in changed ? changed : asCommitted(changed, now, openAnother);
    },
    end: () => watch.end(),
  };
}

async function asCommitted(
  { before, after }: ChangedRows,
  tables: readonly Table[],
  openAnother: () => Promise<DatabaseSession>,
): Promise<Changed> {
  const touched = tables.flatMap((table) => {
    const steps = rowSteps(table, before.get(table.name) ?? [], after.get(table.name) ?? []);
    return steps.length > 0 ? [{ table, keys: steps.flatMap((step) => (step.kind === "row" ? [step.key] : [])) }] : [];
  });
  if (touched.length === 0) return { before, after };
  const exact = new Map(before);
  const other = await openAnother();
  try {
    for (const { table, keys } of touched) {
      const isTouched = new Set(keys.map(identityOf));
      const rest = (before.get(table.name) ?? []).filter((row) => !isTouched.has(identityOf(keyOf(row, table))));
      exact.set(table.name, [...rest, ...(await rowsAt(other, table, keys))]);
    }
  } finally {
    await other.close();
  }
  return { before: exact, after };
}
