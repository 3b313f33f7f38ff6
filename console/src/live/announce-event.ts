import type { AuditEntry } from "@pullcord/sdk/protocol";
import { announce } from "./announce.js";

/** Says aloud what a sighted person sees move. Stop and expiry interrupt; the rest waits its turn. */
export function announceEvent(entry: AuditEntry): void {
  const status = typeof entry.body["status"] === "string" ? entry.body["status"] : "";
  switch (entry.type) {
    case "run.stopped":
      return announce(`Run ${entry.runId ?? ""} stopped`, "assertive");
    case "approval.requested":
      return announce("New approval request");
    case "approval.resolved":
      return announce(`Approval request ${status || "resolved"}`, status === "expired" ? "assertive" : "polite");
    case "plan.handed_in":
      return announce("A new plan waits");
    case "plan.resolved":
      return announce(`Plan ${status || "resolved"}`, status === "expired" ? "assertive" : "polite");
    case "run.paused":
      return announce(`Run ${entry.runId ?? ""} paused`);
    case "run.resumed":
      return announce(`Run ${entry.runId ?? ""} resumed`);
    case "breaker.tripped":
      return announce(
        `A limit is reached: ${typeof entry.body["guardrail"] === "string" ? entry.body["guardrail"].replaceAll("_", " ") : ""}`,
      );
    case "break_glass.used":
      return announce("Break glass is active");
    default:
  }
}
