import { hash } from "node:crypto";
import { canonicalJson, type AuditEntry, type AuditVerification } from "../protocol/index.js";

/** The head before the first entry: 32 zero bytes, hex. */
export const emptyHead = "0".repeat(64);

/** What is hashed of an entry: all of it but its own hashes. */
export type EntryContent = Omit<AuditEntry, "leafHash" | "head">;

/** SHA-256(0x00 ‖ canonical JSON), hex: a leaf of RFC 6962, 2.1. */
export function leafHash(entry: EntryContent): string {
  const { seq, at, type, actor, runId, actionId, body } = entry;
  return hash("sha256", `\u0000${canonicalJson({ seq, at, type, actor, runId, actionId, body })}`);
}

/** SHA-256(0x03 ‖ previous head ‖ leaf hash), hex. 0x03, since RFC 6962 uses 0x00 and 0x01 for the tree. */
export function headAfter(previousHead: string, leaf: string): string {
  return hash("sha256", Buffer.from(`03${previousHead}${leaf}`, "hex"));
}

/** Checks entries in order, a page at a time, against nothing but themselves. */
export class AuditVerifier {
  #seq = 0;
  #head = emptyHead;
  #problem: AuditVerification["problem"];

  /** Returns false as soon as an entry does not fit. */
  add(entry: AuditEntry): boolean {
    if (this.#problem) return false;
    const sentence = this.#fault(entry);
    if (sentence) {
      this.#problem = { seq: entry.seq, sentence };
      return false;
    }
    this.#seq = entry.seq;
    this.#head = entry.head;
    return true;
  }

  result(): AuditVerification {
    const sofar = { entries: this.#seq, head: this.#head };
    return this.#problem ? { ok: false, ...sofar, problem: this.#problem } : { ok: true, ...sofar };
  }

  #fault(entry: AuditEntry): string | null {
    if (entry.seq !== this.#seq + 1) return `Entry ${this.#seq + 1} is missing: the next one is ${entry.seq}.`;
    const leaf = leafHash(entry);
    if (leaf !== entry.leafHash) return `Entry ${entry.seq} was changed: its content does not match its hash.`;
    if (headAfter(this.#head, leaf) !== entry.head) return `Entry ${entry.seq} does not follow from the entries before it.`;
    return null;
  }
}
