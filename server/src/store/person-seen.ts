import { statement } from "./statement.js";
import type { Reader, Transaction } from "./transaction.js";

const key = "person_seen_at";

const read = statement<{ key: string }, { value: string }>((db, value) =>
  db.selectFrom("meta").select("value").where("key", "=", value("key")),
);
const write = statement<{ key: string; value: string }, never>((db, value) =>
  db
    .insertInto("meta")
    .values({ key: value("key"), value: value("value") })
    .onConflict((row) => row.column("key").doUpdateSet((is) => ({ value: is.ref("excluded.value") }))),
);

/** When a person last did anything; null when nobody ever has. */
export async function personSeenAt(reader: Reader): Promise<number | null> {
  const row = await reader.first(read, { key });
  return row ? Number(row.value) : null;
}

export async function savePersonSeen(tx: Transaction, at: number): Promise<void> {
  await tx.all(write, { key, value: String(at) });
}
