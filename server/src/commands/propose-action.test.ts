import type { ProposedAction } from "@pullcord/sdk/protocol";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { commandOf, policyOf, policyWith, readingOf, shell } from "../domain/facts-for-tests.js";
import type { Policy } from "../domain/policy/policy.js";
import { listEntries } from "../store/audit.js";
import { plantCanary } from "./canary.js";
import { expireRequests } from "./expire-requests.js";
import { agentCaller, openTestGate, type TestGate } from "./gate-for-tests.js";
import { intervene } from "./intervene.js";
import { openRun } from "./open-run.js";
import { proposeAction } from "./propose-action.js";
import { resolveRequest } from "./resolve-request.js";
import { systemCaller, type Caller } from "./runner.js";
import { setAutonomy } from "./settings.js";

const person: Caller = { actor: { kind: "person", id: "ada", via: "console" }, principal: "person:ada" };
const ada = { id: "ada", name: "Ada", role: "admin" } as const;
const expiresInMs = 1_000;
const asking: ProposedAction = { ...shell("push origin"), expiresInMs };
const pushAsks = { id: "ask", effect: "require_approval", level: "review", when: { program: "push" } } as const;
const asks = policyWith(pushAsks);
const review = { api: "openai", endpoint: "http://127.0.0.1:9/v1", model: "m", from_score: 0 } as const;

describe("proposing an action", () => {
  let gate: TestGate;
  let runId: string;
  let policy: Policy;
  let read: string[];
  let reviewed: string[];
  let whileReading: () => void;
  let whileReviewing: Promise<void>;
  let addedRisk: number;
  let scope: { readonly kind: "run"; readonly id: string };

  beforeEach(async () => {
    [policy, read, reviewed, whileReading] = [asks, [], [], () => {}];
    [whileReviewing, addedRisk] = [Promise.resolve(), 70];
    gate = await openTestGate({
      policy: () => policy,
      reviewer: {
        review: async ({ proposed }) => {
          reviewed.push(proposed.arguments["command"] as string);
          await whileReviewing;
          return { kind: "given", addedRisk, concerns: [] };
        },
        state: () => {
          throw new Error("nobody asks");
        },
      },
      read: ({ arguments: { command } }) => {
        read.push(command as string);
        whileReading();
        return readingOf({ commands: [commandOf(command as string)] });
      },
    });
    runId = (await gate.runner.run(openRun, { task: "propose", tokenId: "t" }, agentCaller)).id;
    scope = { kind: "run", id: runId };
    await gate.runner.run(setAutonomy, { scope, level: "full" }, person);
  });
  afterEach(() => gate.close());

  const propose = (proposed: ProposedAction, idempotencyKey?: string) =>
    gate.runner.run(proposeAction, { runId, proposed }, { ...agentCaller, idempotencyKey });
  const order = (kind: "pause" | "resume" | "stop") => gate.runner.run(intervene, { kind, scope }, person);

  /** Keeps the one writer busy until the returned function is called. */
  async function occupyWriter(): Promise<() => Promise<void>> {
    const turn = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const occupied = gate.store.transact(async () => {
      turn.resolve();
      await release.promise;
    });
    await turn.promise;
    return async () => {
      release.resolve();
      await occupied;
    };
  }

  async function untilRead(count: number): Promise<void> {
    while (read.length < count) await new Promise(setImmediate);
  }

  it("reads the action while others write, not in its own turn", async () => {
    const release = await occupyWriter();
    const answering = propose(shell("ls"));
    await untilRead(1);
    await release();
    expect((await answering).next).toBe("run");
    expect(read).toEqual(["ls"]);
  });

  it("decides by what holds at its turn: a stop, a kill file and a new policy that came after the reading count", async () => {
    const changes = [
      () => (policy = policyWith({ id: "no", effect: "deny", when: { program: "ls" } })),
      () => (gate.clock.killFile = true),
      () => void order("stop"),
    ];
    for (const change of changes) {
      const before = read.length;
      const release = await occupyWriter();
      whileReading = change;
      const answering = propose(shell("ls"));
      await untilRead(before + 1);
      await release();
      expect((await answering).next).toBe("deny");
      gate.clock.killFile = false;
    }
  });

  it("asks a model before its turn, and heeds it by the policy of its turn", async () => {
    const [off, on] = [policyOf({ autonomy: "full" }), policyOf({ autonomy: "full", review })];
    const outcomes: unknown[] = [];
    for (const [before, after] of [
      [on, on],
      [on, off],
      [off, on],
      [off, off],
    ] as const) {
      const [reads, asked] = [read.length, reviewed.length];
      const release = await occupyWriter();
      policy = before;
      const answering = propose(shell(`ls ${outcomes.length}`));
      await untilRead(reads + 1);
      while (reviewed.length < asked + (before === on ? 1 : 0)) await new Promise(setImmediate);
      policy = after;
      await release();
      const { next, action } = await answering;
      outcomes.push([next, action.decision?.reasons[0]?.sentence]);
    }
    expect(reviewed).toEqual(["ls 0", "ls 1"]);
    expect(outcomes).toEqual([
      ["wait", expect.stringContaining("raised the risk from 0 to 70")],
      ["run", expect.any(String)],
      ["wait", expect.stringContaining("it was not made")],
      ["run", expect.any(String)],
    ]);
  });

  it("joins an open question without reading again, and is decided anew where that question ended just now", async () => {
    const { action } = await propose(asking);
    expect((await propose(asking)).action.id).toBe(action.id);
    expect(read).toHaveLength(1);
    const release = await occupyWriter();
    gate.clock.now += expiresInMs;
    const expiring = gate.runner.run(expireRequests, undefined, systemCaller);
    const answering = propose(asking);
    await release();
    await expiring;
    expect((await answering).action.id).not.toBe(action.id);
    expect(read).toHaveLength(2);
  });

  it("answers a repeated proposal with the same action", async () => {
    const [first, again] = [await propose(shell("ls"), "k1"), await propose(shell("ls"), "k1")];
    expect(again.action.id).toBe(first.action.id);
  });

  it("reads what was held when the run is resumed, also what came at the last moment", async () => {
    policy = policyOf({ rules: [pushAsks], review });
    addedRisk = 0;
    await order("pause");
    const held = [await propose(shell("ls one"))];
    const release = Promise.withResolvers<void>();
    whileReviewing = release.promise;
    const resuming = order("resume");
    while (!reviewed.includes("ls one")) await new Promise(setImmediate);
    // The resume has looked ahead; what is proposed now is held, too.
    whileReviewing = Promise.resolve();
    held.push(await propose(asking));
    release.resolve();
    await resuming;
    expect(held.map(({ next }) => next)).toEqual(["wait", "wait"]);
    // Proposed; looked at for the resume; proposed; read in the resume's own turn.
    expect(read).toEqual(["ls one", "ls one", "push origin", "push origin"]);
    const entries = await listEntries(gate.store.read, { run: runId, order: "oldest", limit: 100 });
    const effects = entries.filter(({ type }) => type === "action.decided").map(({ actionId, body }) => [actionId, body["effect"]]);
    expect(effects).toEqual([
      [held[0]!.action.id, "allow"],
      [held[1]!.action.id, "require_approval"],
    ]);
  });

  it("reads what a person wants to run instead", async () => {
    const { action } = await propose(asking);
    policy = policyWith({ id: "no", effect: "deny", when: { program: "rm" } });
    const requestId = action.state.status === "waiting" ? action.state.approvalRequestId : "";
    const approve = (command: string) =>
      gate.runner.run(
        resolveRequest,
        { requestId, effect: "approve", digest: action.digest, modifiedArguments: { command }, person: ada },
        person,
      );
    await expect(approve("rm all")).rejects.toMatchObject({ reason: "edit_denied" });
    await expect(approve("ls")).resolves.toMatchObject({ status: "approved" });
    expect(read).toEqual(["push origin", "rm all", "ls"]);
  });

  it("denies what the reader cannot stand", async () => {
    whileReading = () => {
      throw new RangeError("too deep");
    };
    expect(await propose(shell("ls"))).toMatchObject({ next: "deny", guidance: expect.stringContaining("could not read") });
  });

  it("denies a canary whatever else holds, keeps its proof, and takes nobody else's canary for one", async () => {
    policy = policyOf({ autonomy: "full" });
    const mine = await gate.runner.run(plantCanary, { agent: "coder" }, person);
    const other = await gate.runner.run(plantCanary, { agent: "somebody" }, person);
    expect((await propose(shell(other.command))).next).toBe("run");
    await order("pause");
    expect(await propose(shell(mine.command))).toMatchObject({
      next: "deny",
      action: { decision: { reasons: [{ step: "guardrails", rule: "canary" }] }, assessment: null },
    });
    const proofs = (await listEntries(gate.store.read, { run: runId, order: "oldest", limit: 100 })).filter(
      ({ type }) => type === "gate.proven",
    );
    expect(proofs.map(({ body }) => body["canary"])).toEqual([mine.id]);
  });
});
