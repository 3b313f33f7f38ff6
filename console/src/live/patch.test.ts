import type { AuditEntry, AuditType, LogLine, Page, RunSummary } from "@pullcord/sdk/protocol";
import { describe, expect, it } from "vitest";
import { mergeSteady } from "../parts/steady.js";
import { staleKeys } from "./keys.js";
import { withLogLine, withProgress } from "./patch.js";

const entry = (type: AuditType): AuditEntry => ({
  seq: 1,
  at: 0,
  type,
  actor: { kind: "person", id: "ada" },
  runId: "r1",
  body: {},
  leafHash: "",
  head: "",
});
const stale = (type: AuditType) => staleKeys({ kind: "recorded", entry: entry(type) }).map((key) => key.join(" "));

describe("what an event makes stale", () => {
  it("reads requests, runs and the run again when a request is resolved", () => {
    expect(stale("approval.resolved")).toEqual(expect.arrayContaining(["requests", "request", "runs", "status", "run r1", "actions r1"]));
  });
  it("reads the requests again when a run stops, for it cancels them", () => expect(stale("run.stopped")).toContain("requests"));
  it("reads the status again when the gate was proven", () => expect(stale("gate.proven")).toEqual(["status"]));
  it("reads nothing again for progress", () =>
    expect(staleKeys({ kind: "progress", runId: "r1", progress: { n: 1, of: 2, item: "" } })).toEqual([]));
});

describe("patching", () => {
  const page = {
    items: [
      { id: "r1", progress: null },
      { id: "r2", progress: null },
    ],
    next: null,
  } as unknown as Page<RunSummary>;
  it("puts progress in the one run", () => {
    const after = withProgress(page, { kind: "progress", runId: "r2", progress: { n: 3, of: 9, item: "b" } });
    expect(after.items.map((run) => run.progress?.n)).toEqual([undefined, 3]);
  });
  it("leaves a list without the run as it is", () =>
    expect(withProgress(page, { kind: "progress", runId: "r9", progress: { n: 1, of: 1, item: "" } })).toBe(page));

  const line = (seq: number): LogLine => ({ seq, at: seq, stream: "stdout", text: String(seq) });
  it("adds a log line once and in order", () => {
    const lines = [line(3), line(1), line(3), line(2)].reduce<readonly LogLine[]>(withLogLine, []);
    expect(lines.map((one) => one.seq)).toEqual([1, 2, 3]);
  });
});

describe("a steady list", () => {
  const item = (id: string, text = id) => ({ id, text });
  it("renews rows in place, keeps rows that are gone, and counts new ones", () => {
    const { shown, arrived } = mergeSteady([item("a"), item("b")], [item("c"), item("b", "changed")]);
    expect(shown).toEqual([item("a"), item("b", "changed")]);
    expect(arrived).toBe(1);
  });
});
