import type { StoredRequest } from "../store/approvals.js";
import { findRun } from "../store/runs.js";
import type { LookContext } from "./context.js";

/** A request with the time it has left: while its run is paused, that stands still where the policy says so. */
export async function withTimeLeft(
  { tx, now, outside }: Pick<LookContext, "tx" | "now" | "outside">,
  request: StoredRequest,
): Promise<StoredRequest> {
  if (request.status !== "pending" || !outside.policy().oversight.pauseStopsExpiry) return request;
  const run = await findRun(tx, request.runId);
  return run?.state.status === "paused" ? { ...request, expiresAt: request.expiresAt + now - run.state.at } : request;
}
