/** The words on the wire, shared by everybody. Types and constants; no behaviour but canonical JSON, the presence rule and the one line
 * that names an action. */
export * from "./action.js";
export * from "./action-line.js";
export * from "./approval.js";
export * from "./audit.js";
export * from "./breakglass.js";
export * from "./canonical.js";
export * from "./decision.js";
export * from "./drill.js";
export * from "./event.js";
export * from "./explanation.js";
export * from "./intervention.js";
export * from "./invisible.js";
export * from "./json.js";
export * from "./limits.js";
export * from "./page.js";
export * from "./people.js";
export * from "./policy.js";
export * from "./problem.js";
export * from "./process.js";
export * from "./progress.js";
export * from "./risk.js";
export * from "./run.js";
export * from "./stop-receipt.js";
export * from "./trust.js";
export * from "./undo.js";
export * from "./webhook.js";
