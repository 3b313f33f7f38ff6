import type { Plan } from "@pullcord/sdk/protocol";
import type { StoredRequest } from "../store/approvals.js";
import { findRun } from "../store/runs.js";
import type { LookContext } from "./context.js";

/** A question with the time it has left: while its run is paused, that stands still where the policy says so. */
export async function withTimeLeft<Question extends StoredRequest | Plan>(
  { tx, now, outside }: Pick<LookContext, "tx" | "now" | "outside">,
  question: Question,
): Promise<Question> {
  if (question.status !== "pending" || !outside.policy().oversight.pauseStopsExpiry) return question;
  const run = await findRun(tx, question.runId);
  return run?.state.status === "paused" ? { ...question, expiresAt: question.expiresAt + now - run.state.at } : question;
}
