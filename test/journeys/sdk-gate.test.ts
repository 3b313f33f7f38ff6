import { writeFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { connect, type Gate, type ProposedAction } from "@pullcord/sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { holdFor, startTestServer, type TestServer } from "./server-for-tests.js";

const reading: ProposedAction = { type: "command_execute", arguments: { command: "ls" } };
const pushing: ProposedAction = { type: "command_execute", arguments: { command: "git push origin main" } };

describe("a program behind the SDK's gate", () => {
  let test: TestServer;
  let gate: Gate;
  let safePoints = 0;
  beforeAll(async () => {
    test = await startTestServer();
    await test.person.setTrust("program", "standard");
    const { secret } = await test.person.issueAgentToken("program");
    const counted = (request: Request) => {
      if (request.url.endsWith("/safe-points")) safePoints += 1;
      return fetch(request);
    };
    gate = await connect({ url: test.server.url, token: secret, killFile: test.server.killFile, fetch: counted });
  });
  afterAll(() => test.close());

  const opening = (task: string) => ({ task, workingDirectory: "/srv/shop" });
  async function pending(what: string) {
    let found: Awaited<ReturnType<typeof test.person.listApprovalRequests>>["items"][number] | undefined;
    await expect
      .poll(
        async () =>
          (found = (await test.person.listApprovalRequests({ status: "pending" })).items.find(({ action }) =>
            JSON.stringify(action).includes(what),
          )),
      )
      .toBeDefined();
    return found!;
  }

  it("runs what is allowed, tells its progress and output, and finishes the run", async () => {
    const id = await gate.run(opening("a small job"), async (run) => {
      await run.progress(1, 2, "first");
      run.log("one line\nand another\n");
      expect(await run.act(reading, () => "listed")).toBe("listed");
      return run.id;
    });
    const run = await test.person.getRun(id);
    expect(run).toMatchObject({ state: { status: "finished", result: "succeeded" }, progress: { n: 1, of: 2, item: "first" }, actions: 1 });
    expect((await test.person.readLog(id)).items.map(({ text }) => text)).toEqual(["one line", "and another"]);
  });

  it("waits for a person and runs the arguments that were approved in place of its own", async () => {
    const working = gate.run(opening("publish"), (run) => run.act(pushing, (_signal, args) => args["command"]));
    const { id, action } = await pending("git push");
    const presenceProof = await holdFor(test.person, action.digest);
    const modifiedArguments = { command: "git push origin review" };
    await test.person.resolve(id, { effect: "approve", digest: action.digest, presenceProof, modifiedArguments });
    expect(await working).toBe("git push origin review");
    expect((await test.person.getAction(action.id)).state.status).toBe("succeeded");
    expect((await test.person.getApprovalRequest(id)).consumed).toBe(true);
  }, 30_000);

  it("throws the reason of a denial as guidance, and the run is failed", async () => {
    let runId = "";
    const working = gate.run(opening("publish"), (run) => {
      runId = run.id;
      return run.act(pushing, () => "ran");
    });
    working.catch(() => {});
    const { id, action } = await pending("git push");
    await test.person.resolve(id, { effect: "deny", digest: action.digest, reason: "wait for Monday" });
    await expect(working).rejects.toMatchObject({
      code: "forbidden",
      reason: "denied",
      message: expect.stringContaining("wait for Monday"),
    });
    expect((await test.person.getRun(runId)).state).toMatchObject({ status: "finished", result: "failed" });
  });

  it("is let go by a stop while it waits, and runs nothing", async () => {
    let ran = false;
    const working = gate.run(opening("publish"), (run) => run.act(pushing, () => (ran = true)));
    working.catch(() => {});
    const { runId } = await pending("git push");
    await test.person.intervene({ kind: "stop", scope: { kind: "run", id: runId } });
    await expect(working).rejects.toMatchObject({ reason: "stopped" });
    expect(ran).toBe(false);
    expect((await test.person.getRun(runId)).state.status).toBe("stopped");
  });

  it("has its signal aborted by a stop while it works", async () => {
    const started = Promise.withResolvers<string>();
    const working = gate.run(opening("a long job"), (run) =>
      run.act(reading, (signal) => {
        started.resolve(run.id);
        return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));
      }),
    );
    working.catch(() => {});
    const runId = await started.promise;
    await test.person.intervene({ kind: "stop", scope: { kind: "run", id: runId } });
    await expect(working).rejects.toMatchObject({ reason: "stopped" });
  });

  it("stands at a safe point while paused, goes on when resumed, and hears what a person said, once", async () => {
    const heard: string[] = [];
    const reached = Promise.withResolvers<string>();
    const working = gate.run(opening("a long job"), async (run) => {
      run.onInstruction = ({ text }) => heard.push(text);
      await test.person.intervene({ kind: "pause", scope: { kind: "run", id: run.id } });
      reached.resolve(run.id);
      const told = await run.safePoint();
      return told.map(({ text }) => text);
    });
    const id = await reached.promise;
    // It was told to wait, and has asked again.
    await expect.poll(() => safePoints).toBeGreaterThan(1);
    await test.person.intervene({ kind: "instruct", scope: { kind: "run", id }, text: "use the cache" });
    await test.person.intervene({ kind: "resume", scope: { kind: "run", id } });
    expect(await working).toEqual(["use the cache"]);
    expect(heard).toEqual(["use the cache"]);
  });

  it("refuses under the kill file, and opens no run", async () => {
    writeFileSync(test.server.killFile, "");
    await expect(gate.run(opening("anything"), () => Promise.resolve())).rejects.toMatchObject({ reason: "stopped" });
    rmSync(test.server.killFile);
  });

  it("is denied when the server is gone, with the sentence that brings it back", async () => {
    const other = await startTestServer();
    const { secret } = await other.person.issueAgentToken("program");
    await other.person.setTrust("program", "standard");
    const away = await connect({ url: other.server.url, token: secret, killFile: join(other.folder, "STOP") });
    let ran = false;
    const working = away.run(opening("anything"), async (run) => {
      await other.close();
      await run.act(reading, () => (ran = true));
    });
    await expect(working).rejects.toMatchObject({
      code: "unavailable",
      reason: "gate_closed",
      message: expect.stringContaining("pullcord start"),
    });
    expect(ran).toBe(false);
  });
});
