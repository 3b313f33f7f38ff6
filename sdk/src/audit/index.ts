/** Checks the audit log; knows nothing of the server. The tree and its proofs belong here too. */
export { AuditVerifier, emptyHead, headAfter, leafHash, type EntryContent } from "./entry.js";
