import { afterEach, describe, expect, it } from "vitest";
import type { ProposedAction, Run } from "@pullcord/sdk/protocol";
import { startTestServer, type TestServer } from "./server-for-tests.js";

const minute = 60_000;
const pushing: ProposedAction = { type: "command_execute", arguments: { command: "git push origin main" } };

let test: TestServer | null = null;
afterEach(async () => {
  await test?.close();
  test = null;
});

async function start(oversight: string): Promise<TestServer> {
  test = await startTestServer({ policy: `version: 1\noversight:\n  ${oversight}\n` });
  return test;
}

/** Another server's timer, which looks as often as the one that is tested, has found something to do twice: in between, that one has looked. */
async function untilTimersHaveLooked(): Promise<void> {
  const other = await startTestServer({ policy: "version: 1\noversight:\n  person_silent: { after: 30m, act: pause }\n" });
  try {
    const coder = await other.agent("coder");
    const { id } = await coder.openRun({ task: "alone" });
    for (let looks = 0; looks < 2; looks += 1) {
      await other.person.intervene({ kind: "resume", scope: { kind: "run", id } });
      // An agent's turn comes after the note that a person was there.
      await coder.appendLog(id, [{ stream: "note", text: "goes on" }]);
      other.advance(31 * minute);
      await expect.poll(async () => (await other.person.getRun(id)).state.status).toBe("paused");
    }
  } finally {
    await other.close();
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
    await expect.poll(async () => (await person.getRun(run.id)).state.status).not.toBe("running");
    const { items } = await person.listInterventions();
    expect(items[0]).toMatchObject({ kind: act, by: { kind: "system", id: "dead-man" }, scope: { kind: "everything" } });
    expect(items[0]?.runIds.toSorted()).toEqual([run.id, fresh.id].toSorted());
  });

  it("leaves alone what was opened or let go on since, and says what it would do", async () => {
    const { person, agent, advance } = await start("person_silent: { after: 30m, act: pause }");
    expect(await person.here()).toEqual({ personSilent: { afterMs: 30 * minute, act: "pause" } });
    advance(31 * minute);
    const run = await (await agent("coder")).openRun({ task: "young" });
    await untilTimersHaveLooked();
    expect((await person.getRun(run.id)).state.status).toBe("running");
  });

  it("is off where the policy says nothing", async () => {
    const { person, agent, advance } = await start("pause_stops_expiry: true");
    const run = await (await agent("coder")).openRun({ task: "alone" });
    // A day of silence would close the run as lost.
    advance(23 * 60 * minute);
    await untilTimersHaveLooked();
    expect([(await person.getRun(run.id)).state.status, await person.here()]).toEqual(["running", { personSilent: null }]);
  });
});

describe("a paused run's requests", () => {
  async function pausedFor(oversight: string) {
    const started = await start(oversight);
    const { person, agent, advance } = started;
    const coder = await agent("coder");
    const [run, other] = [await coder.openRun({ task: "ask" }), await coder.openRun({ task: "ask, too" })];
    for (const { id } of [run, other]) await coder.propose(id, { ...pushing, expiresInMs: 10 * minute });
    const scope = { kind: "run", id: run.id } as const;
    await person.intervene({ kind: "pause", scope });
    advance(60 * minute);
    const requestOf = async ({ id }: Run) => (await person.listApprovalRequests({ run: id })).items[0]!;
    return { ...started, scope, request: () => requestOf(run), unpaused: () => requestOf(other) };
  }

  it("keep the time they had left where the policy says so, and expire after it", async () => {
    const { person, scope, request, unpaused, advance } = await pausedFor("pause_stops_expiry: true");
    await expect.poll(async () => (await unpaused()).status).toBe("expired");
    const asked = await request();
    expect(asked.status).toBe("pending");
    expect(asked.expiresAt - asked.createdAt).toBeGreaterThanOrEqual(70 * minute);
    await person.intervene({ kind: "resume", scope });
    advance(9 * minute);
    expect((await request()).status).toBe("pending");
    advance(2 * minute);
    await expect.poll(async () => (await request()).status).toBe("expired");
  });

  it("can be answered while it is paused", async () => {
    const { person, request } = await pausedFor("pause_stops_expiry: true");
    const { id, action } = await request();
    expect(await person.resolve(id, { effect: "deny", digest: action.digest })).toMatchObject({ status: "denied" });
  });

  it("expire all the same where it says nothing", async () => {
    const { request } = await pausedFor("person_silent: { after: 7d, act: pause }");
    await expect.poll(async () => (await request()).status).not.toBe("pending");
    expect((await request()).resolution).toMatchObject({ status: "expired" });
  });
});
