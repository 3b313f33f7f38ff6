import { expect, it } from "vitest";
import type { Action, Intervention } from "@pullcord/sdk/protocol";
import { findAskedAction, insertAction, listActions, listUnstartedActions, updateAction } from "./actions.js";
import {
  consumeRequest,
  dueRequests,
  insertRequest,
  listRequests,
  resolveRequest,
  revokeRequest,
  type StoredRequest,
} from "./approvals.js";
import { listEntries, appendEntry } from "./audit.js";
import { activeBreakGlass, endBreakGlass, insertBreakGlass } from "./break-glass.js";
import { onEveryDatabase } from "./databases-for-tests.js";
import { insertIntervention, queueInstruction, undeliveredInstructions } from "./interventions.js";
import { insertPerson, insertSignInCode, useSignInCode } from "./people.js";
import { insertPresenceCheck, usePresenceProof } from "./presence-checks.js";
import { insertLogLine, readLog } from "./run-log.js";
import { emptyTally, findRun, findRunByExternalId, insertRun, listRuns, type StoredRun } from "./runs.js";
import type { Store } from "./store.js";

const by = { kind: "person", id: "owner" } as const;
const clients = 8;
const attempts = 40;

const run = (id: string, openedAt = 1, externalId?: string): StoredRun => ({
  id,
  agent: "coder",
  tokenId: "t1",
  opening: { task: "try", ...(externalId === undefined ? {} : { externalId }) },
  openedAt,
  lastActivityAt: openedAt,
  state: { status: "running" },
  progress: null,
  tally: structuredClone(emptyTally),
});

const action = (id: string, state: Action["state"], { proposedAt = 1, digest = "d".repeat(64) } = {}): Action => ({
  id,
  runId: "r1",
  agent: "coder",
  digest,
  proposed: { type: "file_read", arguments: { path: "a" }, externalId: `call-${id}` },
  assessment: null,
  decision: null,
  state,
  proposedAt,
});

const request = (id: string, expiresAt = 1_000, createdAt = 1): StoredRequest => ({
  id,
  runId: "r1",
  actionId: `a${id}`,
  agent: "coder",
  level: "review",
  priority: 1,
  status: "pending",
  resolution: null,
  consumed: false,
  createdAt,
  expiresAt,
});

/** Many clients try the same thing at once; answers how many were first. */
async function winners(stores: readonly Store[], attempt: (store: Store) => Promise<boolean>): Promise<number> {
  const tries = Array.from({ length: clients * attempts }, (_, n) => attempt(stores[n % stores.length]!));
  return (await Promise.all(tries)).filter(Boolean).length;
}

onEveryDatabase("the tables", (fresh) => {
  it("let exactly one of many resolve a request, and exactly one use the approval", async () => {
    const database = await fresh();
    const stores = [await database.store(), await database.store()];
    const [first] = stores;
    await first!.transact((tx) => insertRequest(tx, request("q1")));
    expect(await winners(stores, (store) => store.transact((tx) => consumeRequest(tx, "q1", 2)))).toBe(0);
    const answer = (store: Store) => store.transact((tx) => resolveRequest(tx, "q1", { status: "approved", by, at: 2 }));
    expect(await winners(stores, answer)).toBe(1);
    expect(await winners(stores, (store) => store.transact((tx) => consumeRequest(tx, "q1", 3)))).toBe(1);
    expect(await first!.transact((tx) => revokeRequest(tx, "q1", { status: "cancelled", by, at: 4 }))).toBe(false);
  });

  it("let a stop revoke an approval only before it is used", async () => {
    const store = await (await fresh()).store();
    await store.transact(async (tx) => {
      await insertRequest(tx, request("q1"));
      await resolveRequest(tx, "q1", { status: "approved", by, at: 2 });
    });
    const outcomes = await Promise.all([
      store.transact((tx) => revokeRequest(tx, "q1", { status: "cancelled", by, at: 3 })),
      store.transact((tx) => consumeRequest(tx, "q1", 3)),
    ]);
    expect(outcomes.filter(Boolean)).toHaveLength(1);
  });

  it("let one sign-in code and one presence proof work once, within their time, for whom they are meant", async () => {
    const store = await (await fresh()).store();
    await store.transact(async (tx) => {
      await insertPerson(tx, { id: "owner", name: "Owner", role: "admin" }, 1);
      await insertSignInCode(tx, { codeHash: "code", personId: "owner", expiresAt: 10 });
      const check = {
        id: "p1",
        personId: "owner",
        digest: "d",
        begunAt: 1,
        holdMs: 3,
        expiresAt: 10,
        lastSampleAt: 2,
        status: "held",
        proofHash: "proof",
      } as const;
      await insertPresenceCheck(tx, check);
    });
    const signIn = (now: number) => store.transact((tx) => useSignInCode(tx, "code", now));
    expect(await signIn(10)).toBeUndefined();
    expect((await Promise.all([signIn(9), signIn(9)])).toSorted()).toEqual(["owner", undefined]);
    const proof = { proofHash: "proof", personId: "owner", digest: "d" };
    const prove = (change: object, now = 9) => store.transact((tx) => usePresenceProof(tx, { ...proof, ...change }, now));
    expect(await Promise.all([prove({ personId: "other" }), prove({ digest: "e" }), prove({}, 10)])).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect((await Promise.all([prove({}), prove({})])).toSorted()).toEqual(["p1", undefined]);
  });

  it("name the requests whose time is up, at its very millisecond, soonest first", async () => {
    const store = await (await fresh()).store();
    await store.transact(async (tx) => {
      for (const [id, expiresAt] of [
        ["q1", 300],
        ["q2", 100],
        ["q3", 200],
        ["q4", 100],
      ] as const)
        await insertRequest(tx, request(id, expiresAt));
      await resolveRequest(tx, "q4", { status: "denied", by, at: 2 });
    });
    expect(await dueRequests(store.read, { now: 99, limit: 10, exceptPaused: false })).toEqual([]);
    expect(await dueRequests(store.read, { now: 100, limit: 10, exceptPaused: false })).toEqual(["q2"]);
    expect(await dueRequests(store.read, { now: 300, limit: 10, exceptPaused: false })).toEqual(["q2", "q3", "q1"]);
    expect(await dueRequests(store.read, { now: 300, limit: 2, exceptPaused: false })).toEqual(["q2", "q3"]);
  });

  it("page by key through rows of one millisecond, giving each once", async () => {
    const store = await (await fresh()).store();
    const ids = Array.from({ length: 25 }, (_, n) => `${n}`.padStart(3, "0"));
    await store.transact(async (tx) => {
      for (const id of ids) {
        await insertRun(tx, run(`r${id}`, 7));
        await insertRequest(tx, request(`q${id}`, 100, 7));
        await insertAction(tx, action(`a${id}`, { status: "allowed" }, { proposedAt: 7 }));
      }
    });
    const newestFirst = ids.toReversed();
    const pages = async <T extends { id: string }>(page: (cursor: string | undefined) => Promise<T[]>) => {
      const seen: string[] = [];
      for (let rows = await page(undefined); rows.length > 0; rows = await page(seen.at(-1))) seen.push(...rows.map((row) => row.id));
      return seen.map((id) => id.slice(1));
    };
    const limit = 4;
    expect(await pages((id) => listRuns(store.read, { limit, cursor: id ? { openedAt: 7, id } : undefined }))).toEqual(newestFirst);
    expect(
      await pages((id) => listRequests(store.read, { limit, status: "pending", cursor: id ? { createdAt: 7, id } : undefined })),
    ).toEqual(newestFirst);
    expect(await pages((id) => listActions(store.read, { runId: "r1", limit, cursor: id ? { proposedAt: 7, id } : undefined }))).toEqual(
      newestFirst,
    );
  });

  it("page through the log in both orders, filtered", async () => {
    const store = await (await fresh()).store();
    await store.transact(async (tx) => {
      for (let n = 1; n <= 12; n += 1)
        await appendEntry(tx, { type: n % 2 ? "run.opened" : "run.finished", at: n, actor: by, runId: `r${n % 3}`, body: {} });
    });
    const seqs = async (filter: Partial<Parameters<typeof listEntries>[1]>) =>
      (await listEntries(store.read, { order: "newest", limit: 3, ...filter })).map((entry) => entry.seq);
    expect(await seqs({})).toEqual([12, 11, 10]);
    expect(await seqs({ cursor: 10 })).toEqual([9, 8, 7]);
    expect(await seqs({ order: "oldest", cursor: 10 })).toEqual([11, 12]);
    expect(await seqs({ type: "run.opened", run: "r0" })).toEqual([9, 3]);
    expect(await seqs({ from: 4, to: 6 })).toEqual([5, 4]);
    expect(await seqs({ actor: "somebody" })).toEqual([]);
    await store.transact(async (tx) => {
      await insertAction(tx, action("a1", { status: "allowed" }));
      for (const actionId of ["a1", "a2", "a1"])
        await appendEntry(tx, { type: "action.decided", at: 13, actor: by, runId: "r1", actionId, body: {} });
    });
    expect(await seqs({ action: "a1" })).toEqual([15, 13]);
    expect(await seqs({ action: "a1", type: "run.opened" })).toEqual([]);
  });

  it("find what a repeated proposal may join: only what still waits, of the same digest and run", async () => {
    const store = await (await fresh()).store();
    await store.transact(async (tx) => {
      await insertAction(tx, action("a1", { status: "allowed" }, { proposedAt: 3 }));
      await insertAction(tx, action("a2", { status: "waiting", approvalRequestId: "q" }, { proposedAt: 2, digest: "e".repeat(64) }));
      await insertAction(tx, action("a3", { status: "held", at: 1 }, { digest: "f".repeat(64) }));
    });
    const asked = async (digest: string, runId = "r1") => (await findAskedAction(store.read, runId, digest.repeat(64)))?.id;
    expect(await Promise.all([asked("d"), asked("e"), asked("f"), asked("e", "r2")])).toEqual([undefined, "a2", "a3", undefined]);
    expect((await listUnstartedActions(store.read, "r1", ["held", "waiting", "approved"])).map(({ id }) => id)).toEqual(["a3", "a2"]);
    await store.transact((tx) =>
      updateAction(tx, action("a2", { status: "denied", at: 3, reason: "no" }, { proposedAt: 2, digest: "e".repeat(64) })),
    );
    expect(await asked("e")).toBeUndefined();
  });

  it("end break glass at its very millisecond, or when it is put back", async () => {
    const store = await (await fresh()).store();
    const use = (id: string) => ({ id, scope: { kind: "everything" } as const, by, at: 1, expiresAt: 100, actions: 0 });
    await store.transact(async (tx) => {
      await insertBreakGlass(tx, use("b1"));
      await insertBreakGlass(tx, use("b2"));
    });
    expect(await store.transact((tx) => endBreakGlass(tx, "b2", 50))).toBe(true);
    expect((await activeBreakGlass(store.read, 99)).map(({ id }) => id)).toEqual(["b1"]);
    expect(await activeBreakGlass(store.read, 100)).toEqual([]);
  });

  it.each([
    ["NUL and controls", "a\u0000b\u001a0\u001a1\u0000\u001a\u001b[31m\u0007"],
    ["odd Unicode", "\u202Eevil\u2069 \u{1F468}\u200D\u{1F469} e\u0301 \uFEFF \uFFFE \u{10FFFF} \u{E0041} ﷽"],
    ["quotes and escapes", "'; drop table runs; -- \\ \" %_$1 ? :a"],
  ])("keep %s letter for letter in every column that an agent can fill", async (_, odd) => {
    const store = await (await fresh()).store();
    const stop: Intervention = {
      id: "i1",
      kind: "stop",
      scope: { kind: "everything" },
      by,
      reason: odd,
      at: 1,
      runIds: ["r1"],
      effects: [],
      cancelledRequests: 0,
    };
    await store.transact(async (tx) => {
      await insertRun(tx, { ...run("r1", 1, odd), progress: { n: 1, of: 2, item: odd } });
      await insertLogLine(tx, "r1", { seq: 1, at: 1, stream: "stdout", text: odd });
      await insertAction(tx, {
        ...action("a1", { status: "allowed" }),
        proposed: { type: "file_read", arguments: { path: odd }, externalId: odd },
      });
      await insertIntervention(tx, stop);
      await queueInstruction(tx, { interventionId: "i1", runId: "r1", text: odd, queuedAt: 1 });
      await appendEntry(tx, { type: "run.opened", at: 1, actor: { kind: "agent", id: odd }, runId: "r1", body: { task: odd } });
    });
    expect((await findRunByExternalId(store.read, "coder", odd))?.id).toBe("r1");
    expect(await findRun(store.read, "r1")).toMatchObject({ opening: { externalId: odd }, progress: { item: odd } });
    expect(await readLog(store.read, "r1", { limit: 1 })).toMatchObject([{ text: odd }]);
    expect(await listActions(store.read, { runId: "r1", externalId: odd, limit: 1 })).toMatchObject([{ proposed: { externalId: odd } }]);
    expect(await undeliveredInstructions(store.read, "r1")).toMatchObject([{ text: odd }]);
    expect(await listEntries(store.read, { actor: odd, order: "newest", limit: 1 })).toMatchObject([
      { actor: { id: odd }, body: { task: odd } },
    ]);
  });
});
