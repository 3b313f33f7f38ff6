import { describe, expect, it } from "vitest";
import type { AuditEntry } from "../protocol/index.js";
import { AuditVerifier, emptyHead, headAfter, leafHash } from "./entry.js";

function log(length: number): AuditEntry[] {
  let head = emptyHead;
  return Array.from({ length }, (_, index) => {
    const content = {
      seq: index + 1,
      at: 1000 + index,
      type: "run.opened" as const,
      actor: { kind: "agent" as const, id: "a" },
      body: { n: index },
    };
    const leaf = leafHash(content);
    head = headAfter(head, leaf);
    return { ...content, leafHash: leaf, head };
  });
}

function verify(entries: readonly AuditEntry[]) {
  const verifier = new AuditVerifier();
  for (const entry of entries) if (!verifier.add(entry)) break;
  return verifier.result();
}

describe("the audit verifier", () => {
  it("accepts an untouched log", () => {
    const entries = log(5);
    expect(verify(entries)).toEqual({ ok: true, entries: 5, head: entries[4]?.head });
  });

  it.each([
    ["a changed body", (all: AuditEntry[]) => all.with(2, { ...all[2]!, body: { n: 99 } })],
    ["a changed time", (all: AuditEntry[]) => all.with(2, { ...all[2]!, at: 1 })],
    ["a dropped entry", (all: AuditEntry[]) => all.toSpliced(2, 1)],
    ["swapped entries", (all: AuditEntry[]) => all.with(2, all[3]!).with(3, all[2]!)],
    [
      "a re-hashed entry",
      (all: AuditEntry[]) => {
        const forged = { ...all[2]!, body: { n: 99 } };
        return all.with(2, { ...forged, leafHash: leafHash(forged), head: headAfter(all[1]!.head, leafHash(forged)) });
      },
    ],
  ])("finds %s", (_, change) => {
    expect(verify(change(log(5))).ok).toBe(false);
  });
});
