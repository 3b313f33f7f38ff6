import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ApprovalRequest, TriedRows } from "@pullcord/sdk/protocol";
import { commandOf, readingOf } from "../domain/facts-for-tests.js";
import type { RowsTask } from "../domain/snapshots.js";
import { findRequest } from "../store/approvals.js";
import { listEntries } from "../store/audit.js";
import { forgetHistory } from "./forget-history.js";
import { agentCaller, askingProgram, openTestGate, people, type TestGate } from "./gate-for-tests.js";
import { openRun } from "./open-run.js";
import { proposeAction } from "./propose-action.js";
import { resolveRequest } from "./resolve-request.js";
import { requestForPeople, rowsDesk, rowsPreviewOf } from "./rows-preview.js";
import { systemCaller } from "./runner.js";

const tried: TriedRows = {
  status: "tried",
  at: 1,
  tables: [
    {
      database: "shop.db",
      table: "users",
      inserted: 0,
      updated: 0,
      deleted: 1,
      first: [{ kind: "deleted", key: "7", cells: [], moreCells: 0 }],
    },
  ],
  moreTables: 0,
  structure: [],
  wayBack: [],
  wayBackCount: 1,
};

describe("rows that a question is about", () => {
  let gate: TestGate;
  let tasks: RowsTask[];
  beforeEach(async () => {
    tasks = [];
    const rowsToTry = [{ database: { dialect: "sqlite", path: "/work/shop.db" }, statements: [] }] as const;
    gate = await openTestGate({
      read: ({ arguments: { command } }) => ({ ...readingOf({ commands: [commandOf(command as string)] }), rowsToTry }),
      previewRows: (task) => tasks.push(task),
    });
  });
  afterEach(() => gate.close());

  const desk = () => rowsDesk(() => gate.runner);
  const look = () => ({ tx: gate.store.read, now: gate.clock.now });
  async function asked(command = `${askingProgram} it`) {
    const run = await gate.runner.run(openRun, { task: "work", tokenId: "t" }, agentCaller);
    const answer = await gate.runner.run(
      proposeAction,
      { runId: run.id, proposed: { type: "command_execute", arguments: { command } } },
      agentCaller,
    );
    return answer;
  }
  async function requestOf(actionId: string, requestId: string): Promise<ApprovalRequest> {
    const stored = await findRequest(gate.store.read, requestId);
    if (!stored) throw new Error(`no request for ${actionId}`);
    return requestForPeople(look(), stored);
  }

  it("are previewed once it is on record, shown to people, and no part of what the agent hears", async () => {
    const { action } = await asked();
    const requestId = action.state.status === "waiting" ? action.state.approvalRequestId : "";
    expect(tasks).toMatchObject([{ agent: "coder", of: { kind: "action", actionId: action.id } }]);
    expect((await requestOf(action.id, requestId)).rows).toEqual({ status: "trying" });
    const [task] = tasks;
    if (!task) throw new Error("nothing to preview");
    expect(await desk().isWanted(task)).toBe(true);
    await desk().report(task, [tried]);
    const request = await requestOf(action.id, requestId);
    expect(request.rows).toEqual(tried);
    expect(JSON.stringify(request.action)).not.toContain("users");
    const [entry] = await listEntries(gate.store.read, { type: "approval.previewed", limit: 5, order: "newest" });
    expect(entry?.body).toEqual({ request: requestId, status: "tried" });
    expect([entry?.runId, entry?.actionId]).toEqual([undefined, undefined]);
  });

  it("are not previewed for what nobody is asked about", async () => {
    await asked("echo it");
    expect(tasks).toEqual([]);
  });

  it("are not shown to whoever has answered before they were there", async () => {
    const { action } = await asked();
    const requestId = action.state.status === "waiting" ? action.state.approvalRequestId : "";
    const [person] = people;
    const [task] = tasks;
    if (!person || !task) throw new Error("nobody, or nothing to preview");
    const caller = { actor: { kind: "person" as const, id: person.id }, principal: `person:${person.id}` };
    await gate.runner.run(resolveRequest, { requestId, person, effect: "deny", digest: action.digest }, caller);
    expect(await desk().isWanted(task)).toBe(false);
    await desk().report(task, [tried]);
    expect(await rowsPreviewOf(look(), action.id)).toBeUndefined();
  });

  it("are not waited for when the server that previewed is gone, and go with the history of their decision", async () => {
    const { action } = await asked();
    gate.clock.now += 120_001;
    expect(await rowsPreviewOf(look(), action.id)).toEqual({ status: "untried", why: "Pullcord was restarted while it previewed them." });
    await gate.runner.run(forgetHistory, { decisionsBefore: gate.clock.now, policiesBefore: 0 }, systemCaller);
    expect(await rowsPreviewOf(look(), action.id)).toBeUndefined();
  });
});
