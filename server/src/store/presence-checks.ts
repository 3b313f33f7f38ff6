import { statement } from "./statement.js";
import type { Tables } from "./tables.js";
import type { Reader, Transaction } from "./transaction.js";

type CheckRow = Tables["presence_checks"];

/** `held` proofs may be used once, then they are `used`. */
export type PresenceStatus = "holding" | "held" | "used" | "refused";

export interface StoredPresenceCheck {
  readonly id: string;
  readonly personId: string;
  readonly digest: string;
  readonly begunAt: number;
  readonly holdMs: number;
  readonly expiresAt: number;
  lastSampleAt: number;
  status: PresenceStatus;
  proofHash: string | null;
}

const insert = statement<CheckRow, never>((db, value) =>
  db.insertInto("presence_checks").values({
    id: value("id"),
    person_id: value("person_id"),
    digest: value("digest"),
    begun_at: value("begun_at"),
    last_sample_at: value("last_sample_at"),
    hold_ms: value("hold_ms"),
    expires_at: value("expires_at"),
    status: value("status"),
    proof_hash: value("proof_hash"),
  }),
);
const update = statement<Pick<CheckRow, "id" | "last_sample_at" | "status" | "proof_hash">, never>((db, value) =>
  db
    .updateTable("presence_checks")
    .set({ last_sample_at: value("last_sample_at"), status: value("status"), proof_hash: value("proof_hash") })
    .where("id", "=", value("id")),
);
const byId = statement<{ id: string }, CheckRow>((db, value) => db.selectFrom("presence_checks").selectAll().where("id", "=", value("id")));
/** Compare and set: a proof works once, for its person and its digest, until it expires. */
const use = statement<{ proof_hash: string; person_id: string; digest: string; now: number }, { id: string }>((db, value) =>
  db
    .updateTable("presence_checks")
    .set({ status: "used" })
    .where("proof_hash", "=", value("proof_hash"))
    .where("person_id", "=", value("person_id"))
    .where("digest", "=", value("digest"))
    .where("status", "=", "held")
    .where("expires_at", ">", value("now"))
    .returning("id"),
);

export async function insertPresenceCheck(tx: Transaction, check: StoredPresenceCheck): Promise<void> {
  await tx.all(insert, {
    id: check.id,
    person_id: check.personId,
    digest: check.digest,
    begun_at: check.begunAt,
    last_sample_at: check.lastSampleAt,
    hold_ms: check.holdMs,
    expires_at: check.expiresAt,
    status: check.status,
    proof_hash: check.proofHash,
  });
}

export async function updatePresenceCheck(tx: Transaction, check: StoredPresenceCheck): Promise<void> {
  await tx.all(update, { id: check.id, last_sample_at: check.lastSampleAt, status: check.status, proof_hash: check.proofHash });
}

export async function findPresenceCheck(reader: Reader, id: string): Promise<StoredPresenceCheck | undefined> {
  const row = await reader.first(byId, { id });
  return (
    row && {
      id: row.id,
      personId: row.person_id,
      digest: row.digest,
      begunAt: row.begun_at,
      holdMs: row.hold_ms,
      expiresAt: row.expires_at,
      lastSampleAt: row.last_sample_at,
      status: row.status as PresenceStatus,
      proofHash: row.proof_hash,
    }
  );
}

/** The check that the proof came from, used up now; undefined when it does not hold. */
export async function usePresenceProof(
  tx: Transaction,
  proof: { readonly proofHash: string; readonly personId: string; readonly digest: string },
  now: number,
): Promise<string | undefined> {
  const found = await tx.first(use, { proof_hash: proof.proofHash, person_id: proof.personId, digest: proof.digest, now });
  return found?.id;
}
