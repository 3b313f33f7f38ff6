import type { ReviewOutcome } from "@pullcord/sdk/protocol";
import { statement } from "./statement.js";
import type { Tables } from "./tables.js";
import type { Reader, Transaction } from "./transaction.js";

const insert = statement<Tables["run_reviews"], never>((db, value) =>
  db.insertInto("run_reviews").values({ id: value("id"), run_id: value("run_id"), at: value("at"), body: value("body") }),
);
const ofRun = statement<{ run_id: string }, { body: string }>((db, value) =>
  db.selectFrom("run_reviews").select("body").where("run_id", "=", value("run_id")).orderBy("at").orderBy("id"),
);

export async function insertRunReview(tx: Transaction, outcome: ReviewOutcome): Promise<void> {
  await tx.all(insert, { id: outcome.id, run_id: outcome.runId, at: outcome.at, body: JSON.stringify(outcome) });
}

/** Oldest first. */
export async function listRunReviews(reader: Reader, runId: string): Promise<ReviewOutcome[]> {
  return (await reader.all(ofRun, { run_id: runId })).map(({ body }) => JSON.parse(body) as ReviewOutcome);
}
