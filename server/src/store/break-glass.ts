import type { BreakGlassUse } from "@pullcord/sdk/protocol";
import { statement } from "./statement.js";
import type { Tables } from "./tables.js";
import type { Reader, Transaction } from "./transaction.js";

const insertUse = statement<Tables["break_glass"], never>((db, value) =>
  db.insertInto("break_glass").values({
    id: value("id"),
    at: value("at"),
    expires_at: value("expires_at"),
    ended_at: value("ended_at"),
    actions: value("actions"),
    body: value("body"),
  }),
);
const countUse = statement<{ id: string }, never>((db, value) =>
  db
    .updateTable("break_glass")
    .set((is) => ({ actions: is("actions", "+", 1) }))
    .where("id", "=", value("id")),
);
const endUse = statement<{ id: string; at: number }, { id: string }>((db, value) =>
  db
    .updateTable("break_glass")
    .set({ ended_at: value("at") })
    .where("id", "=", value("id"))
    .where("ended_at", "is", null)
    .returning("id"),
);
const activeUses = statement<{ now: number }, Tables["break_glass"]>((db, value) =>
  db.selectFrom("break_glass").selectAll().where("expires_at", ">", value("now")).where("ended_at", "is", null).orderBy("at", "desc"),
);
const useById = statement<{ id: string }, Tables["break_glass"]>((db, value) =>
  db.selectFrom("break_glass").selectAll().where("id", "=", value("id")),
);

export async function insertBreakGlass(tx: Transaction, use: BreakGlassUse): Promise<void> {
  await tx.all(insertUse, { id: use.id, at: use.at, expires_at: use.expiresAt, ended_at: null, actions: 0, body: JSON.stringify(use) });
}

export async function countBreakGlassAction(tx: Transaction, id: string): Promise<void> {
  await tx.all(countUse, { id });
}

export async function endBreakGlass(tx: Transaction, id: string, at: number): Promise<boolean> {
  return (await tx.first(endUse, { id, at })) !== undefined;
}

export async function activeBreakGlass(reader: Reader, now: number): Promise<BreakGlassUse[]> {
  return (await reader.all(activeUses, { now })).map(useOf);
}

export async function findBreakGlass(reader: Reader, id: string): Promise<BreakGlassUse | undefined> {
  const row = await reader.first(useById, { id });
  return row && useOf(row);
}

/** Newest first. */
export async function listBreakGlass(
  reader: Reader,
  window: { readonly from: number; readonly before: number; readonly limit: number },
): Promise<BreakGlassUse[]> {
  const rows = await reader.query((db) =>
    db
      .selectFrom("break_glass")
      .selectAll()
      .where("at", ">=", window.from)
      .where("at", "<", window.before)
      .orderBy("at", "desc")
      .limit(window.limit),
  );
  return rows.map(useOf);
}

function useOf(row: Tables["break_glass"]): BreakGlassUse {
  const use = JSON.parse(row.body) as BreakGlassUse;
  return { ...use, actions: row.actions, ...(row.ended_at === null ? {} : { endedAt: row.ended_at }) };
}
