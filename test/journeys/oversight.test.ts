import { afterEach, describe, expect, it } from "vitest";
import type { ProposedAction } from "@pullcord/sdk/protocol";
import { startTestServer, type TestServer } from "./server-for-tests.js";

const minute = 60_000;
const pushing: ProposedAction = { type: "command_execute", arguments: { command: "git push origin main" } };
const lookEveryMs = 50;
const patienceMs = 15_000;

let test: TestServer | null = null;
afterEach(async () => {
  await test?.close();
  test = null;
});

async function start(oversight: string): Promise<TestServer> {
  test = await startTestServer({ policy: `version: 1\noversight:\n  ${oversight}\n` });
  return test;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const giveUpAt = Date.now() + patienceMs;
  while (!(await holds())) {
    if (Date.now() > giveUpAt) throw new Error("it never came to that");
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}

describe("the dead man's timer", () => {
  it.each(["pause", "stop"] as const)("lets everything %s when no person has done anything for so long", async (act) => {
    const { person, agent, advance } = await start(`person_silent: { after: 30m, act: ${act} }`);
    const [coder, later] = [await agent("coder"), await agent("later")];
    const run = await coder.openRun({ task: "alone" });
    advance(29 * minute);
    await person.here();
    advance(29 * minute);
    // Reading is done by open pages as well, so it is no sign of a person.
    expect((await person.getRun(run.id)).state.status).toBe("running");
    const fresh = await later.openRun({ task: "later" });
    advance(2 * minute);
    await until(async () => (await person.getRun(run.id)).state.status !== "running");
    const { items } = await person.listInterventions();
    expect(items[0]).toMatchObject({ kind: act, by: { kind: "system", id: "dead-man" }, scope: { kind: "everything" } });
    expect(items[0]?.runIds.toSorted()).toEqual([run.id, fresh.id].toSorted());
  });

  it("leaves alone what was opened or let go on since, and says what it would do", async () => {
    const { person, agent, advance } = await start("person_silent: { after: 30m, act: pause }");
    expect(await person.here()).toEqual({ personSilent: { afterMs: 30 * minute, act: "pause" } });
    advance(31 * minute);
    const run = await (await agent("coder")).openRun({ task: "young" });
    // Longer than the timer looks away.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect((await person.getRun(run.id)).state.status).toBe("running");
  });

  it("is off where the policy says nothing", async () => {
    const { person, agent, advance } = await start("pause_stops_expiry: true");
    const run = await (await agent("coder")).openRun({ task: "alone" });
    // A day of silence would close the run as lost.
    advance(23 * 60 * minute);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect([(await person.getRun(run.id)).state.status, await person.here()]).toEqual(["running", { personSilent: null }]);
  });
});

describe("a paused run's requests", () => {
  async function pausedFor(oversight: string) {
    const started = await start(oversight);
    const { person, agent, advance } = started;
    const coder = await agent("coder");
    const run = await coder.openRun({ task: "ask" });
    await coder.propose(run.id, { ...pushing, expiresInMs: 10 * minute });
    const scope = { kind: "run", id: run.id } as const;
    await person.intervene({ kind: "pause", scope });
    advance(60 * minute);
    const request = async () => (await person.listApprovalRequests({ run: run.id })).items[0]!;
    return { ...started, run, scope, request };
  }

  it("keep the time they had left where the policy says so, and expire after it", async () => {
    const { person, scope, request, advance } = await pausedFor("pause_stops_expiry: true");
    await new Promise((resolve) => setTimeout(resolve, 600));
    const asked = await request();
    expect(asked.status).toBe("pending");
    expect(asked.expiresAt - asked.createdAt).toBeGreaterThanOrEqual(70 * minute);
    await person.intervene({ kind: "resume", scope });
    advance(9 * minute);
    expect((await request()).status).toBe("pending");
    advance(2 * minute);
    await until(async () => (await request()).status === "expired");
  });

  it("can be answered while it is paused", async () => {
    const { person, request } = await pausedFor("pause_stops_expiry: true");
    const { id, action } = await request();
    expect(await person.resolve(id, { effect: "deny", digest: action.digest })).toMatchObject({ status: "denied" });
  });

  it("expire all the same where it says nothing", async () => {
    const { request } = await pausedFor("person_silent: { after: 7d, act: pause }");
    await until(async () => (await request()).status !== "pending");
    expect((await request()).resolution).toMatchObject({ status: "expired" });
  });
});
