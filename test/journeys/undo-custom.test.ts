import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type Gate, type UndoHandler, type UndoOf } from "@pullcord/sdk";
import { bounds, type Mode, type UndoPreview } from "@pullcord/sdk/protocol";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { killed, startOwnServer, type OwnServer } from "./undo/programs.js";

const patience = { timeout: 60_000, interval: 50 };

let folder: string;
let mode: Mode;
let server: OwnServer;
let token: string;
let gates: Gate[];

async function start(agents: readonly string[]): Promise<OwnServer> {
  const started = await startOwnServer({ dataFolder: folder, mode, agents });
  token = started.tokens["shop"] ?? token;
  return started;
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "pullcord-custom-"));
  writeFileSync(join(folder, "policy.yaml"), "version: 1\nrules:\n  - { id: all, effect: allow, when: { type: [config_change] } }\n");
  gates = [];
});
afterEach(async () => {
  await Promise.all(gates.map((gate) => gate.close()));
  await killed(server.process);
  rmSync(folder, { recursive: true, force: true });
});

/** A program's gate; the program itself may be gone while its effects are not. */
async function gateOf(to: OwnServer, agent = token): Promise<Gate> {
  const gate = await connect({ url: to.url, token: agent, killFile: null });
  gates.push(gate);
  return gate;
}

/** Money that went out, and refunds by the name they were asked for under. */
class Till {
  readonly paid: string[] = [];
  readonly refunds = new Map<string, string>();
  readonly asked: string[] = [];

  readonly refund = (undo: UndoOf): void => {
    this.asked.push(undo.taskId);
    this.refunds.set(undo.taskId, String(undo.data["payment"]));
  };
  handler(more: Partial<UndoHandler> = {}): UndoHandler {
    return {
      preview: ({ data }) => `Refunds ${String(data["payment"])}.`,
      undo: this.refund,
      verify: ({ data }) => [...this.refunds.values()].includes(String(data["payment"])),
      compensation: true,
      ...more,
    };
  }
}

/** A run that pays once, and hands in how to get the money back. */
async function pay(gate: Gate, till: Till): Promise<string> {
  return gate.run({ task: "buy paper", workingDirectory: folder }, async (run) => {
    await run.act(
      { type: "config_change", arguments: { setting: "plan", value: "large" } },
      () => {
        till.paid.push("p1");
        return "p1";
      },
      { undo: (payment) => ({ handler: "refund", data: { payment }, summary: "Refund 12 €" }) },
    );
    return run.id;
  });
}

/** Once a program has been heard of, what it would take back. */
async function previewOf(run: string): Promise<UndoPreview> {
  return vi.waitFor(async () => {
    const preview = await server.person.previewUndo({ run });
    expect(preview.changes).toHaveLength(1);
    return preview;
  }, patience);
}

describe.each(["same-user", "remote"] as const)("undo by a program, of a server in mode %s", (of) => {
  beforeEach(async () => {
    mode = of;
    server = await start(["shop", "other"]);
  });

  it("previews, takes back and checks what an action handed in, and says that it is a compensation", async () => {
    const till = new Till();
    const gate = await gateOf(server);
    gate.undoHandler("refund", till.handler());
    const run = await pay(gate, till);
    const preview = await previewOf(run);
    const { actionIds, ...item } = preview.changes.find(({ of }) => of === "custom")!;
    expect(actionIds).toEqual([]);
    expect(item).toMatchObject({
      path: expect.stringMatching(/^refund\/a/),
      sentence: "Refunds p1. It takes back the effect by a further act, and doesn't undo it.",
      runs: [expect.stringMatching(/^refund of shop, for a\w+: Refund 12 €$/)],
    });
    await expect(server.person.undo({ run })).rejects.toMatchObject({ reason: "preview_required" });
    expect(till.asked).toEqual([]);
    const undo = await server.person.undo({ run, digest: preview.digest });
    expect(undo).toMatchObject({ status: "done", restored: [item.path], conflicts: [], unverified: [] });
    expect([...till.refunds.values()]).toEqual(["p1"]);
    // What has been taken back is not offered again.
    expect((await server.person.previewUndo({ run })).changes).toEqual([]);
    expect((await server.person.previewUndo({ undo: undo.id })).conflicts[0]?.sentence).toMatch(/can't be done again/);
  });

  it("waits for a program that registers the handler, through restarts of both, and asks no other agent's", async () => {
    const till = new Till();
    const first = await gateOf(server);
    const run = await pay(first, till);
    const { secret } = await server.person.issueAgentToken("other");
    await killed(server.process);
    server = await start([]);
    const stranger = new Till();
    (await gateOf(server, secret)).undoHandler("refund", stranger.handler());
    const waiting = await server.person.previewUndo({ run });
    expect(waiting.changes).toEqual([]);
    expect(waiting.conflicts).toEqual([
      { of: "custom", path: expect.any(String), sentence: "Waits for a program of shop that registers refund: Refund 12 €" },
    ]);
    (await gateOf(server)).undoHandler("refund", till.handler());
    const { digest } = await previewOf(run);
    expect(await server.person.undo({ run, digest })).toMatchObject({ status: "done", conflicts: [] });
    expect([[...till.refunds.values()], stranger.asked]).toEqual([["p1"], []]);
  });

  it("leaves and lists what the program can't do, or what does not hold", async () => {
    const till = new Till();
    const gate = await gateOf(server);
    const refused = () => {
      throw new Error("The shop is closed.");
    };
    gate.undoHandler("refund", till.handler({ undo: refused }));
    const run = await pay(gate, till);
    const { digest } = await previewOf(run);
    const left = await server.person.undo({ run, digest });
    expect(left).toMatchObject({ status: "done", restored: [], conflicts: [{ of: "custom", sentence: "refund: The shop is closed." }] });
    gate.undoHandler("refund", till.handler({ verify: () => false }));
    const again = await previewOf(run);
    expect((await server.person.undo({ run, digest: again.digest })).unverified).toEqual([expect.stringMatching(/^refund\//)]);
  });

  it("does not run an action whose way back could not be handed in before it", async () => {
    const gate = await gateOf(server);
    let hasRun = false;
    const proposed = { type: "config_change" as const, arguments: { setting: "plan" } };
    const undo = { handler: "refund", data: { payment: "x".repeat(bounds.undoDataLength) }, summary: "Refund" };
    const run = await gate.open({ task: "buy paper", workingDirectory: folder });
    await expect(run.act(proposed, () => void (hasRun = true), { undo })).rejects.toMatchObject({ code: "invalid" });
    expect(hasRun).toBe(false);
    const { items } = await server.person.listActions(run.id);
    expect(items.map(({ state }) => state.status)).toEqual(["skipped"]);
    await run.close();
  });

  it("is gone on with after the server was killed with -9 in the middle, under the same name, so that nobody pays twice", async () => {
    const till = new Till();
    const gate = await gateOf(server);
    const dying = server;
    const killing = async (undo: UndoOf) => {
      till.refund(undo);
      await killed(dying.process);
    };
    gate.undoHandler("refund", till.handler({ undo: killing }));
    const run = await pay(gate, till);
    const { digest } = await previewOf(run);
    await expect(server.person.undo({ run, digest })).rejects.toMatchObject({ code: "unavailable" });
    await gate.close();
    server = await start([]);
    (await gateOf(server)).undoHandler("refund", till.handler());
    await vi.waitFor(async () => {
      const { items } = await server.person.listUndos({ run });
      expect(items.map(({ status }) => status)).toEqual(["done"]);
    }, patience);
    expect(till.asked).toHaveLength(2);
    expect([...till.refunds.values()]).toEqual(["p1"]);
    expect((await server.person.listUndos({ run })).items[0]).toMatchObject({ conflicts: [], unverified: [] });
  });
});

describe("a server on another machine than the agents", () => {
  beforeEach(async () => {
    mode = "remote";
    server = await start(["shop"]);
  });

  it("takes back only what came after an action, and says in each preview what it does not keep", async () => {
    const till = new Till();
    const gate = await gateOf(server);
    gate.undoHandler("refund", till.handler());
    const run = await gate.open({ task: "buy paper twice", workingDirectory: folder });
    const actions: string[] = [];
    for (const payment of ["p1", "p2"]) {
      const asked = await run.propose({ type: "config_change", arguments: { setting: payment } });
      actions.push(asked.action.id);
      const undo = { handler: "refund", data: { payment }, summary: `Refund ${payment}` };
      await run.carryOut({ asked, proposed: asked.action.proposed, execute: () => {}, undo });
    }
    await run.finish("succeeded");
    await run.close();
    const after = { run: run.id, to: actions[0]! };
    const preview = await vi.waitFor(async () => {
      const found = await server.person.previewUndo(after);
      expect(found.changes.map(({ path }) => path)).toEqual([`refund/${actions[1]}`]);
      return found;
    }, patience);
    expect(preview.notKept[0]).toMatch(/remote mode.*only what programs hand in/);
    const { changes } = await server.person.changesOf(run.id);
    expect(changes.map(({ of, sentence }) => [of, sentence])).toEqual([
      ["custom", "Refund p1"],
      ["custom", "Refund p2"],
    ]);
    expect(await server.person.undo({ ...after, digest: preview.digest })).toMatchObject({ status: "done", conflicts: [] });
    expect([...till.refunds.values()]).toEqual(["p2"]);
  });

  it("refuses to undo what only a snapshot of that machine could bring back", async () => {
    const gate = await gateOf(server);
    const run = await gate.open({ task: "set a plan", workingDirectory: folder });
    await run.act({ type: "config_change", arguments: { setting: "plan" } }, () => {});
    await run.finish("succeeded");
    await run.close();
    const refusal = { code: "unavailable", reason: "no_snapshots_here" };
    await expect(server.person.previewUndo({ run: run.id })).rejects.toMatchObject(refusal);
    await expect(server.person.undo({ run: run.id })).rejects.toMatchObject(refusal);
    await expect(server.person.changesOf(run.id)).rejects.toMatchObject(refusal);
    await expect(server.person.reviews.make(run.id, { outcome: "keep" })).rejects.toMatchObject(refusal);
  });
});
