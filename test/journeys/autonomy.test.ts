import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AgentClient } from "@pullcord/sdk/client";
import type { AutonomyLevel, DialScope, ProposedAction, Run } from "@pullcord/sdk/protocol";
import { pullcord, startSignedIn } from "./cli/command.js";
import type { TestServer } from "./server-for-tests.js";

type Propose = (at: number) => ProposedAction;

/** Another one each time: the same again would join the question that is open for it. */
const shell =
  (command: string): Propose =>
  (at) => ({ type: "command_execute", arguments: { command: `${command} ${at}` } });
const push = shell("git push origin branch");
const test = shell("npm test --");

describe("the autonomy dial, turned while an agent works (E19)", () => {
  let place: TestServer;
  let agent: AgentClient;
  let run: Run;

  beforeAll(async () => {
    place = await startSignedIn();
    agent = await place.agent("dialled", "autonomous");
    run = await agent.openRun({ task: "Upgrade the packages", environment: "staging", workingDirectory: place.folder });
  });
  afterAll(() => place.close());

  const turn = (scope: DialScope, level: AutonomyLevel | null) => place.person.setAutonomy({ scope, level });
  let proposed = 0;
  const decided = async (action: Propose) => (await agent.propose(run.id, action(++proposed))).action;
  const effect = async (action: Propose) => (await decided(action)).decision?.effect;
  const inForce = async () => (await place.person.getRun(run.id)).autonomy;

  const everything: DialScope = { kind: "everything" };

  it.each([
    ["everything", () => everything],
    ["its agent", (): DialScope => ({ kind: "agent", id: "dialled" })],
    ["the run", (): DialScope => ({ kind: "run", id: run.id })],
  ])("for %s holds from the next decision on, up and down", async (_, scope) => {
    expect(await effect(push)).toBe("require_approval");
    await turn(scope(), "notify");
    expect(await inForce()).toEqual({ level: "notify", from: scope().kind });
    expect(await effect(push)).toBe("allow");
    await turn(scope(), "ask_first");
    expect(await effect(test)).toBe("require_approval");
    await turn(scope(), null);
    expect(await effect(test)).toBe("allow");
  });

  it.each([
    ["task", (): DialScope => ({ kind: "task", id: "Upgrade the packages" })],
    ["environment", (): DialScope => ({ kind: "environment", id: "staging" })],
  ] as const)("for its %s only holds back, since agents name it", async (kind, scope) => {
    await turn(scope(), "full");
    expect(await effect(push)).toBe("require_approval");
    await turn({ kind: "run", id: run.id }, "full");
    expect(await effect(push)).toBe("allow");
    await turn(scope(), "ask_first");
    expect(await inForce()).toEqual({ level: "ask_first", from: kind });
    const held = await decided(test);
    expect(held.decision).toMatchObject({ effect: "require_approval", autonomy: "ask_first", basis: { autonomyFrom: kind } });
    expect(held.decision?.reasons.some(({ sentence }) => sentence.includes(`set for this ${kind}`))).toBe(true);
    await turn(scope(), null);
    await turn({ kind: "run", id: run.id }, null);
  });

  it("for an environment covers one action that names it, and not the run's others", async () => {
    await turn({ kind: "environment", id: "production" }, "ask_first");
    expect(await effect((at) => ({ ...test(at), environment: "production" }))).toBe("require_approval");
    expect(await effect(test)).toBe("allow");
    await turn({ kind: "environment", id: "production" }, null);
  });

  it("turned up answers no question that waits already: nobody was shown it", async () => {
    const { state, proposed: asked } = await decided(push);
    if (state.status !== "waiting") throw new Error(`It is ${state.status}.`);
    await turn({ kind: "run", id: run.id }, "full");
    expect(await effect(push)).toBe("allow");
    // The same action again joins its question.
    expect((await agent.propose(run.id, asked)).action.state).toEqual(state);
    expect((await place.person.getApprovalRequest(state.approvalRequestId)).status).toBe("pending");
    await turn({ kind: "run", id: run.id }, null);
  });

  it("is listed wherever it is set, on record, and turned from the command line for each", async () => {
    const said = await pullcord(place.folder, ["autonomy", "ask_first", "--task", "Upgrade the packages", "--reason", "it broke twice"]);
    expect(said).toMatchObject({ status: 0, out: expect.stringContaining("task Upgrade the packages: ask_first") as string });
    expect((await pullcord(place.folder, ["autonomy", "ask_first", "--environment", "production"])).status).toBe(0);
    expect((await pullcord(place.folder, ["autonomy", "notify", "--agent", "dialled"])).status).toBe(0);
    const { items } = await place.person.autonomySettings();
    expect(items.map(({ scope }) => scope)).toEqual(
      expect.arrayContaining([
        { kind: "task", id: "Upgrade the packages" },
        { kind: "environment", id: "production" },
        { kind: "agent", id: "dialled" },
      ]),
    );
    expect((await pullcord(place.folder, ["autonomy"])).out).toContain("environment production: ask_first");
    expect((await pullcord(place.folder, ["autonomy", "full", "--agent", "a", "--task", "b"])).status).not.toBe(0);
    const [entry] = (await place.person.listAudit({ type: "autonomy.changed", limit: 50 })).items.filter(({ body }) => body["reason"]);
    expect(entry).toMatchObject({ actor: { kind: "person" }, body: { level: "ask_first", reason: "it broke twice" } });
  });
});
