import type { ActionType, CapabilityTrust, TrustPoint, TrustTier } from "@pullcord/sdk/protocol";
import { statement } from "./statement.js";
import type { Tables } from "./tables.js";
import type { Reader, Transaction } from "./transaction.js";

const hourMs = 3_600_000;
/** Points of one agent that are read at a time: 17 capabilities for some 70 busy days. */
const mostPoints = 10_000;

type PointRow = Tables["trust_history"];

const upsertPoint = statement<PointRow, never>((db, value) =>
  db
    .insertInto("trust_history")
    .values({ agent: value("agent"), capability: value("capability"), hour: value("hour"), score: value("score"), tier: value("tier") })
    .onConflict((conflict) =>
      conflict.columns(["agent", "capability", "hour"]).doUpdateSet({ score: value("score"), tier: value("tier") }),
    ),
);
const newestPoints = statement<{ agent: string }, PointRow>((db, value) =>
  db.selectFrom("trust_history").selectAll().where("agent", "=", value("agent")).orderBy("hour", "desc").limit(mostPoints),
);

/** Keeps where a capability's trust stands at the end of the hour. */
export async function saveTrustPoint(
  tx: Transaction,
  agent: string,
  point: { readonly capability: ActionType } & CapabilityTrust,
): Promise<void> {
  const hour = Math.floor(point.at / hourMs) * hourMs;
  await tx.all(upsertPoint, { agent, capability: point.capability, hour, score: point.score, tier: point.tier });
}

/** An agent's points, the oldest first. */
export async function listTrustPoints(
  reader: Reader,
  agent: string,
): Promise<readonly (TrustPoint & { readonly capability: ActionType })[]> {
  const rows = await reader.all(newestPoints, { agent });
  return rows
    .map((row) => ({ capability: row.capability as ActionType, at: row.hour, score: row.score, tier: row.tier as TrustTier }))
    .toReversed();
}
