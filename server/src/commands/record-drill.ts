import type { AuditEntry, DrillReport } from "@pullcord/sdk/protocol";
import { appendEntry } from "../store/audit.js";
import type { Command } from "./context.js";

/** Keeps what a drill of the stop showed, as evidence that the stop works on this machine. */
export const recordDrill: Command<DrillReport, AuditEntry> = ({ tx, now, actor }, { summaries, missing, ...report }) =>
  appendEntry(tx, {
    type: "drill.recorded",
    at: now,
    actor,
    body: { ...report, summaries: summaries.map((each) => ({ ...each })), missing: missing.map((each) => ({ ...each })) },
  });
