import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "@pullcord/sdk/protocol";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  bash,
  claude,
  connectPlace,
  makePlace,
  runClaude,
  startModel,
  until,
  type Model,
  type Place,
  type Turn,
} from "./claude-code/client.js";
import { startTestServer, type TestServer } from "./server-for-tests.js";

const policy = `version: 1
rules:
  - id: asked
    effect: require_approval
    level: review
    when: { command: "touch asked*" }
  - id: forbidden
    effect: deny
    when: { command: "touch forbidden*" }
`;

/** What a model runs to hand in these calls. */
const handIn = (...steps: readonly { readonly name: string; readonly input: object }[]) => {
  const plan = { summary: "Three marks.", steps: steps.map(({ name: tool, input }) => ({ tool, input, intent: "It is the job." })) };
  return bash(`pullcord plan hand-in <<'PLAN'\n${JSON.stringify(plan, null, 1)}\nPLAN`);
};
const write = (content: string) => ({ name: "Write", input: { file_path: "${cwd}/asked.txt", content } });
const touch = (name: string, description = "a step") => ({ name: "Bash", input: { command: `touch ${name}`, description } });

describe.skipIf(claude === undefined)("a plan of Claude Code", () => {
  let test: TestServer;
  let token: string;
  let place: Place;
  let model: Model | undefined;
  beforeAll(async () => {
    test = await startTestServer({ policy });
    token = (await test.person.issueAgentToken("claude-code")).secret;
    await test.person.setTrust("claude-code", "standard");
  });
  afterAll(() => test.close());
  afterEach(() => {
    model?.stop();
    place.remove();
  });

  async function start(main: readonly Turn[]) {
    place = makePlace();
    connectPlace(place, { url: test.server.url, token });
    model = await startModel(place, { main });
    return { model, ...runClaude(place, model) };
  }
  const pendingPlan = (): Promise<Plan> => until(async () => (await test.person.plans.list({ status: "pending" })).items[0]);
  const ran = (name: string) => existsSync(join(place.workspace, name));

  it("is handed in, edited by a person, followed without a question, and deviated from", async () => {
    const { model: scripted, ended } = await start([
      { tools: [handIn(touch("asked-1"), touch("asked-2"), touch("asked-3"), write("one\n"))] },
      // Another description for the same call is the same step.
      { tools: [touch("asked-1", "in other words")] },
      { tools: [touch("asked-changed")] },
      { tools: [touch("asked-3")] },
      { tools: [touch("asked-changed")] },
      { tools: [write("one\n")] },
      { text: "All done." },
    ]);
    const pending = await pendingPlan();
    expect(pending).toMatchObject({ agent: "claude-code", summary: "Three marks.", whole: { effect: "require_approval" } });
    expect(pending.steps.map(({ proposed: { type, tool } }) => [type, tool?.name])).toEqual([
      ["command_execute", "Bash"],
      ["command_execute", "Bash"],
      ["command_execute", "Bash"],
      ["file_write", "Write"],
    ]);
    const steps = [{ number: 1 }, { number: 2, arguments: { command: "touch asked-changed" } }, { number: 4 }];
    const { digest } = await test.person.plans.arrange(pending.id, { digest: pending.digest, steps });
    await test.person.plans.resolve(pending.id, { effect: "approve", digest, reason: "Leave the third alone." });

    // Step 3 was taken out, so the client is asked about it, and is told what would have been next.
    const deviation = await until(async () => (await test.person.listApprovalRequests({ status: "pending" })).items[0]);
    expect(deviation.action.decision).toMatchObject({ deviatesFrom: pending.id });
    expect(deviation.action.decision?.reasons.at(-1)?.sentence).toMatch(
      new RegExp(`^This deviates from plan ${pending.id}: a person took step 3 out. The next step would be 4: write .*asked.txt$`),
    );
    await test.person.resolve(deviation.id, { effect: "deny", digest: deviation.action.digest, reason: "I said: not the third." });
    // The same again: step 2 has had its turn.
    const again = await until(async () => (await test.person.listApprovalRequests({ status: "pending" })).items[0]);
    expect(again.action.decision?.reasons.at(-1)?.sentence).toContain("it is step 2, which has had its turn");
    await test.person.resolve(again.id, { effect: "deny", digest: again.action.digest });

    const { status, result, errors, sessionId } = await ended;
    expect([status, errors, result?.result]).toEqual([0, "", "All done."]);
    const [answer, ...texts] = scripted.results().map(({ text }) => text);
    expect(answer).toContain(`your human approved plan ${pending.id}, with changes`);
    expect(answer).toContain('2. Bash, changed by your human; it now has to be: {"command":"touch asked-changed"}');
    expect(answer).toContain("Taken out, do not do it: 3. Bash");
    expect(answer).toContain("They said: Leave the third alone.");
    expect(texts.some((text) => text.includes("I said: not the third."))).toBe(true);
    expect([ran("asked-1"), ran("asked-2"), ran("asked-changed"), ran("asked-3"), ran("asked.txt")]).toEqual([
      true,
      false,
      true,
      false,
      true,
    ]);
    expect(scripted.seen()).toContain("hand them in as one plan");

    const done = await test.person.plans.get(pending.id);
    expect(done).toMatchObject({ status: "approved", ended: { why: "finished" }, deviations: 2 });
    expect(done.steps.map(({ state }) => state.status)).toEqual(["succeeded", "succeeded", "succeeded"]);
    const run = await until(async () => (await test.person.listRuns()).items.find(({ externalId }) => externalId === sessionId));
    // The plan and its two deviations, and nothing else.
    expect(run).toMatchObject({ id: done.runId, questions: 3, waiting: 0 });
  });

  it("is denied with a reason that the model hears, and one that can't be read says how it is done", async () => {
    const { model: scripted, ended } = await start([
      { tools: [bash("pullcord plan hand-in <<'PLAN'\nfirst I touch, then I see\nPLAN")] },
      { tools: [handIn(touch("asked-1"))] },
      { text: "fin" },
    ]);
    const { id, digest } = await pendingPlan();
    await test.person.plans.resolve(id, { effect: "deny", digest, reason: "Wait for the release." });
    expect((await ended).status).toBe(0);
    const texts = scripted.results().map(({ text }) => text);
    expect(texts[0]).toContain("this plan can't be read");
    expect(texts[1]).toContain("Wait for the release.");
  });

  it("is cancelled when the run is stopped, and the session ends", async () => {
    const { ended } = await start([{ tools: [handIn(touch("asked-1"))] }, { tools: [touch("asked-1")] }, { text: "fin" }]);
    const { id, runId } = await pendingPlan();
    await test.person.intervene({ kind: "stop", scope: { kind: "run", id: runId } });
    await ended;
    expect(await test.person.plans.get(id)).toMatchObject({ status: "cancelled" });
    expect(ran("asked-1")).toBe(false);
  });
});
