import type { PersonClient } from "@pullcord/sdk/client";
import type { Action, AuditEntry, Page } from "@pullcord/sdk/protocol";
import { expect } from "vitest";
import type { Ledger } from "./ledger.js";

const pageRows = 200;

/** The log is whole, and who was told to wait for a person still waits. */
export async function checkStanding(person: PersonClient, ledger: Ledger): Promise<void> {
  expect(await person.verifyAudit()).toMatchObject({ ok: true });
  const expected = [...ledger.pending];
  const pending = await all((cursor) => person.listApprovalRequests({ status: "pending", cursor, limit: pageRows }));
  const ids = new Set(pending.map((request) => request.id));
  expect(expected.filter((id) => !ids.has(id))).toEqual([]);
}

/** Every answered command is there, and none twice. */
export async function checkEverything(person: PersonClient, ledger: Ledger): Promise<void> {
  await checkStanding(person, ledger);
  const runs = await all((cursor) => person.listRuns({ cursor, limit: pageRows }));
  const actions = (await Promise.all(runs.map((run) => all((cursor) => person.listActions(run.id, { cursor, limit: pageRows }))))).flat();
  checkActions(actions, ledger);
  const entries = await all((cursor) => person.listAudit({ order: "oldest", cursor, limit: pageRows }));
  checkEntries(entries, ledger);
  for (const { id } of runs) await checkLines(person, id, ledger);
}

function checkActions(actions: readonly Action[], ledger: Ledger): void {
  const byExternalId = Map.groupBy(actions, (action) => action.proposed.externalId ?? "");
  expect([...byExternalId].filter(([, found]) => found.length > 1)).toEqual([]);
  const wrong = [...ledger.actions].filter(([externalId, { id }]) => byExternalId.get(externalId)?.[0]?.id !== id);
  expect(wrong).toEqual([]);
  const byId = new Map(actions.map((action) => [action.id, action]));
  expect([...ledger.ended].filter((id) => byId.get(id)?.state.status !== "succeeded")).toEqual([]);
}

function checkEntries(entries: readonly AuditEntry[], ledger: Ledger): void {
  const count = (type: AuditEntry["type"], of: (entry: AuditEntry) => unknown) =>
    Map.groupBy(
      entries.filter((entry) => entry.type === type),
      of,
    );
  const decided = count("action.decided", (entry) => entry.actionId);
  const started = count("action.started", (entry) => entry.actionId);
  const ended = count("action.ended", (entry) => entry.actionId);
  const resolved = count("approval.resolved", (entry) => entry.body["request"]);
  const twice = [decided, started, ended, resolved].flatMap((kind) => [...kind].filter(([, found]) => found.length > 1));
  expect(twice).toEqual([]);
  expect([...ledger.actions.values()].filter(({ id }) => !decided.has(id))).toEqual([]);
  expect([...ledger.started].filter((id) => !started.has(id))).toEqual([]);
  expect([...ledger.ended].filter((id) => !ended.has(id))).toEqual([]);
  const statuses = { approve: "approved", deny: "denied" } as const;
  expect([...ledger.resolved].filter(([id, effect]) => resolved.get(id)?.[0]?.body["status"] !== statuses[effect])).toEqual([]);
}

async function checkLines(person: PersonClient, runId: string, ledger: Ledger): Promise<void> {
  const lines: string[] = [];
  for (let after = 0; ;) {
    const { items } = await person.readLog(runId, { after, limit: pageRows });
    lines.push(...items.map((line) => line.text));
    if (items.length < pageRows) break;
    after = items.at(-1)?.seq ?? after;
  }
  expect(new Set(lines).size).toBe(lines.length);
  const answered = ledger.lines.get(runId) ?? [];
  // One line may have been kept without its client learning of it: the last.
  expect(lines.slice(0, answered.length)).toEqual(answered);
}

async function all<T>(read: (cursor: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    items.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return items;
}
