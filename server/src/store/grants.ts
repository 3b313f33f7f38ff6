import type { Grant } from "@pullcord/sdk/protocol";
import { statement } from "./statement.js";
import type { Tables } from "./tables.js";
import type { Reader, Transaction } from "./transaction.js";

type Row = Tables["grants"];

/** Most grants that one list shows; the newest. */
const mostListed = 500;

const insert = statement<Row, never>((db, value) =>
  db.insertInto("grants").values({
    id: value("id"),
    agent: value("agent"),
    at: value("at"),
    expires_at: value("expires_at"),
    ended_at: value("ended_at"),
    body: value("body"),
  }),
);
const update = statement<Pick<Row, "id" | "ended_at" | "body">, never>((db, value) =>
  db
    .updateTable("grants")
    .set({ ended_at: value("ended_at"), body: value("body") })
    .where("id", "=", value("id")),
);
const byId = statement<{ id: string }, Pick<Row, "body">>((db, value) =>
  db.selectFrom("grants").select("body").where("id", "=", value("id")),
);
const active = statement<{ agent: string; now: number }, Pick<Row, "body">>((db, value) =>
  db
    .selectFrom("grants")
    .select("body")
    .where("agent", "=", value("agent"))
    .where("expires_at", ">", value("now"))
    .where("ended_at", "is", null)
    .orderBy("at")
    .orderBy("id"),
);

export async function insertGrant(tx: Transaction, grant: Grant): Promise<void> {
  const { id, agent, at, expiresAt } = grant;
  await tx.all(insert, { id, agent, at, expires_at: expiresAt, ended_at: grant.endedAt, body: JSON.stringify(grant) });
}

export async function updateGrant(tx: Transaction, grant: Grant): Promise<void> {
  await tx.all(update, { id: grant.id, ended_at: grant.endedAt, body: JSON.stringify(grant) });
}

export async function findGrant(reader: Reader, id: string): Promise<Grant | undefined> {
  const row = await reader.first(byId, { id });
  return row && (JSON.parse(row.body) as Grant);
}

/** What holds for an agent, the oldest first. */
export async function activeGrants(reader: Reader, agent: string, now: number): Promise<readonly Grant[]> {
  return (await reader.all(active, { agent, now })).map(({ body }) => JSON.parse(body) as Grant);
}

/** The newest first. */
export async function listGrants(reader: Reader, filter: { readonly agent?: string | undefined }): Promise<readonly Grant[]> {
  const rows = await reader.query((db) => {
    const query = db.selectFrom("grants").select("body").orderBy("at", "desc").orderBy("id", "desc").limit(mostListed);
    return filter.agent === undefined ? query : query.where("agent", "=", filter.agent);
  });
  return rows.map(({ body }) => JSON.parse(body) as Grant);
}
