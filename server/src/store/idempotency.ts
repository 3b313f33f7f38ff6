import { PullcordError } from "@pullcord/sdk/protocol";
import { statement } from "./statement.js";
import type { Tables } from "./tables.js";
import type { Transaction } from "./transaction.js";

/** How long a key is remembered, in milliseconds. */
export const idempotencyKeptMs = 24 * 3_600_000;

/** A write that may arrive more than once (R12). */
export interface Repeatable<T> {
  /** Whose key it is: two principals never share one. */
  readonly principal: string;
  readonly key: string;
  /** Over the command and its input. */
  readonly requestHash: string;
  readonly at: number;
  /** Brings a kept answer up to date. */
  readonly again?: ((kept: T) => Promise<T>) | undefined;
}

type KeyRow = Tables["idempotency_keys"];

const find = statement<{ principal: string; key: string }, Pick<KeyRow, "request_hash" | "answer">>((db, value) =>
  db
    .selectFrom("idempotency_keys")
    .select(["request_hash", "answer"])
    .where("principal", "=", value("principal"))
    .where("key", "=", value("key")),
);
const insert = statement<KeyRow, never>((db, value) =>
  db.insertInto("idempotency_keys").values({
    principal: value("principal"),
    key: value("key"),
    request_hash: value("request_hash"),
    answer: value("answer"),
    at: value("at"),
  }),
);
const forget = statement<{ before: number }, never>((db, value) => db.deleteFrom("idempotency_keys").where("at", "<", value("before")));

/**
 * Does the work once for a key; afterwards the same request gets the same answer, or what `again` makes of it.
 * @throws PullcordError `conflict`/`key_reused` when the key came with another request
 */
export async function once<T>(tx: Transaction, repeatable: Repeatable<T>, work: () => Promise<T>): Promise<T> {
  const { principal, key, requestHash, at, again } = repeatable;
  const known = await tx.first(find, { principal, key });
  if (known) {
    if (known.request_hash === requestHash) {
      const kept = JSON.parse(known.answer) as T;
      return again ? again(kept) : kept;
    }
    throw new PullcordError(
      "conflict",
      "key_reused",
      "This Idempotency-Key was used for another request. Use a new key for each new write.",
    );
  }
  const answer = await work();
  await tx.all(insert, { principal, key, request_hash: requestHash, answer: JSON.stringify(answer ?? null), at });
  return answer;
}

export async function forgetIdempotencyKeys(tx: Transaction, before: number): Promise<void> {
  await tx.all(forget, { before });
}
