import { AuditVerifier } from "@pullcord/sdk/audit";
import type { AuditVerification } from "@pullcord/sdk/protocol";
import { entriesAfter } from "./audit.js";
import type { Reader } from "./transaction.js";

const verifyRows = 1_000;

/** Checks the whole log, a page at a time. */
export async function verifyLog(reader: Reader): Promise<AuditVerification> {
  const verifier = new AuditVerifier();
  for (let seq = 0; ;) {
    const entries = await entriesAfter(reader, seq, verifyRows);
    if (!entries.every((entry) => verifier.add(entry)) || entries.length < verifyRows) return verifier.result();
    seq = entries.at(-1)?.seq ?? seq;
  }
}
