import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ApprovalRequest, Resolve } from "@pullcord/sdk/protocol";
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
    reason: "Touching this needs a person."
  - id: forbidden
    effect: deny
    when: { command: "touch forbidden*" }
    reason: "Use the staging folder instead."
  - id: sub-agents
    effect: allow
    when: { type: agent_start }
`;

describe.skipIf(claude === undefined)("Claude Code under Pullcord", () => {
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

  async function start(scripts: Readonly<Record<string, readonly Turn[]>>, args: readonly string[] = []) {
    place = makePlace();
    connectPlace(place, { url: test.server.url, token });
    model = await startModel(place, scripts);
    return { model, ...runClaude(place, model, { args }) };
  }

  const pending = (command: string) =>
    until(async () => {
      const { items } = await test.person.listApprovalRequests({ status: "pending" });
      return items.find(({ action }) => action.proposed.arguments["command"] === command);
    });
  const resolve = (request: ApprovalRequest, how: Omit<Resolve, "digest">) =>
    test.person.resolve(request.id, { digest: request.action.digest, ...how });
  const ran = (name: string) => existsSync(join(place.workspace, name));
  const runOf = (sessionId: string) =>
    until(async () => (await test.person.listRuns()).items.find(({ externalId }) => externalId === sessionId));

  it("allows, asks, edits, instructs and denies through one session, and records what came of it", async () => {
    const { model: scripted, ended } = await start({
      main: [
        { tools: [bash("echo one > allowed")] },
        { tools: [{ name: "Read", input: { file_path: "${cwd}/allowed" } }] },
        { tools: [{ name: "Write", input: { file_path: "${cwd}/note.txt", content: "one\n" } }] },
        { tools: [{ name: "Edit", input: { file_path: "${cwd}/note.txt", old_string: "one", new_string: "two" } }] },
        { tools: [bash("touch asked-approved")] },
        { tools: [bash("touch asked-denied")] },
        { tools: [bash("touch asked-expired")] },
        { tools: [bash("touch asked-edited")] },
        { tools: [bash("touch forbidden")] },
        { tools: [bash("echo out; echo oops >&2; exit 3")] },
        {
          tools: [
            {
              name: "Agent",
              input: { description: "look", prompt: "[[script:sub]] go", subagent_type: "general-purpose", run_in_background: false },
            },
          ],
        },
        { tools: [{ name: "Write", input: { file_path: "${cwd}/.claude/settings.json", content: '{"disableAllHooks":true}' } }] },
        { tools: [bash(`python3 -c "open('.claude/settings.local.json','w').write('{}')"`)] },
        { tools: [bash("echo last > last")] },
        { text: "All done." },
      ],
      sub: [{ tools: [bash("echo from-sub > sub")] }, { text: "sub done" }],
    });

    await resolve(await pending("touch asked-approved"), { effect: "approve" });
    await resolve(await pending("touch asked-denied"), { effect: "deny", reason: "Wait for the release." });
    await pending("touch asked-expired");
    test.advance(3_600_001);
    const edited = await pending("touch asked-edited");
    const run = await until(async () => (await test.person.listRuns()).items.find(({ id }) => id === edited.runId));
    const told = await test.person.intervene({ kind: "instruct", scope: { kind: "run", id: run.id }, text: "Write the changelog, too." });
    await resolve(edited, { effect: "approve", modifiedArguments: { command: "touch edited-by-ana" } });

    const { status, result, sessionId, errors } = await ended;
    expect([status, errors]).toEqual([0, ""]);
    expect(result?.result).toBe("All done.");
    expect(run).toMatchObject({ externalId: sessionId, agent: "claude-code", task: "do it", workingDirectory: place.workspace });

    const texts = scripted.results().map(({ text }) => text);
    expect([ran("allowed"), ran("asked-approved"), ran("asked-denied"), ran("asked-expired")]).toEqual([true, true, false, false]);
    expect([ran("asked-edited"), ran("edited-by-ana"), ran("forbidden"), ran("sub"), ran("last")]).toEqual([
      false,
      true,
      false,
      true,
      true,
    ]);
    expect(readFileSync(join(place.workspace, "note.txt"), "utf8")).toBe("two\n");
    expect(texts.some((text) => text.includes("Wait for the release."))).toBe(true);
    expect(texts.some((text) => text.includes("nobody answered"))).toBe(true);
    expect(texts.some((text) => text.includes("Use the staging folder instead."))).toBe(true);
    expect([ran(".claude/settings.json"), ran(".claude/settings.local.json")]).toEqual([false, false]);

    expect(scripted.seen()).toContain("A person watching this run says: Write the changelog, too.");
    const { effects } = await test.person.getIntervention(told.id);
    expect(effects.map(({ step }) => step)).toContain("delivered");

    const { items: actions } = await test.person.listActions(run.id, { limit: 50 });
    const ends = Object.fromEntries(actions.map(({ proposed, state }) => [String(proposed.arguments["command"] ?? proposed.type), state]));
    expect(ends["echo one > allowed"]).toMatchObject({ status: "succeeded" });
    expect(ends["touch asked-approved"]).toMatchObject({ status: "succeeded" });
    expect(ends["touch asked-edited"]).toMatchObject({ status: "succeeded" });
    expect(ends["echo out; echo oops >&2; exit 3"]).toMatchObject({ status: "failed", outcome: { summary: "Exit code 3\nout\noops" } });
    expect(ends["agent_start"]).toMatchObject({ status: "succeeded" });
    expect(ends["echo from-sub > sub"]).toMatchObject({ status: "succeeded" });
    expect(actions.find(({ proposed }) => proposed.arguments["command"] === "echo from-sub > sub")?.proposed.subagent?.type).toBe(
      "general-purpose",
    );
    expect(actions.filter(({ state }) => state.status === "allowed" || state.status === "running")).toEqual([]);
    expect((await runOf(sessionId)).state).toMatchObject({ status: "finished" });
  });

  it("ends the session when a person stops the run while a call waits", async () => {
    const { ended, child } = await start({
      main: [{ tools: [bash("touch asked-stopped")] }, { tools: [bash("echo no > after-stop")] }, { text: "fin" }],
    });
    const request = await pending("touch asked-stopped");
    const stop = await test.person.intervene({ kind: "stop", scope: { kind: "run", id: request.runId }, reason: "wrong folder" });
    const stopped = Date.now();
    const { sessionId } = await ended;
    expect(Date.now() - stopped).toBeLessThan(5_000);
    expect(child.exitCode !== null || child.signalCode !== null).toBe(true);
    expect([ran("asked-stopped"), ran("after-stop")]).toEqual([false, false]);
    expect((await runOf(sessionId)).state).toMatchObject({ status: "stopped", interventionId: stop.id });
    expect((await test.person.getApprovalRequest(request.id)).status).toBe("cancelled");
  });

  it("ends a session at once whose command is running when a person stops it", async () => {
    const { ended } = await start({ main: [{ tools: [bash("echo $$ > pid; sleep 60")] }, { text: "fin" }] });
    const pid = Number(await until(() => ran("pid") && readFileSync(join(place.workspace, "pid"), "utf8").trim()));
    const { items } = await test.person.listRuns({ status: "running" });
    const run = items.find(({ workingDirectory }) => workingDirectory === place.workspace)!;
    const stop = await test.person.intervene({ kind: "stop", scope: { kind: "run", id: run.id } });
    const asked = Date.now();
    await ended;
    expect(Date.now() - asked).toBeLessThan(5_000);
    await until(() => !existsSync(`/proc/${pid}`));
    const receipt = await until(async () => {
      const { effects } = await test.person.getIntervention(stop.id);
      return effects.find(({ step }) => step === "ended" || step === "unproven");
    });
    // Orphans of other tests at the same time can't be told from this session's, and are counted as that.
    expect(receipt).toMatchObject({ step: receipt.unknown ? "unproven" : "ended", survivors: [] });
  });

  it("ends the client's own process when a person stops the run while the model thinks", async () => {
    const { ended, child } = await start({ main: [{ tools: [bash("echo > begun")] }, { tools: [bash("echo > after")], delayMs: 30_000 }] });
    await until(() => ran("begun"));
    const { items } = await test.person.listRuns({ status: "running" });
    const run = items.find(({ workingDirectory }) => workingDirectory === place.workspace)!;
    const asked = Date.now();
    const stop = await test.person.intervene({ kind: "stop", scope: { kind: "run", id: run.id } });
    await ended;
    expect(Date.now() - asked).toBeLessThan(5_000);
    expect([ran("after"), existsSync(`/proc/${child.pid}`)]).toEqual([false, false]);
    const receipt = await until(async () =>
      (await test.person.getIntervention(stop.id)).effects.find(({ step }) => step === "ended" || step === "unproven"),
    );
    expect(receipt.processesEnded).toBeGreaterThan(0);
  });

  it("holds a call while the run is paused, and lets it run when it is resumed", async () => {
    const { ended } = await start({
      main: [{ tools: [bash("echo > first")] }, { tools: [bash("echo > second")], delayMs: 1_500 }, { text: "fin" }],
    });
    await until(() => ran("first"));
    const { items } = await test.person.listRuns({ status: "running" });
    const run = items.find(({ workingDirectory }) => workingDirectory === place.workspace)!;
    const scope = { kind: "run", id: run.id } as const;
    await test.person.intervene({ kind: "pause", scope });
    const held = await until(async () => (await test.person.listActions(run.id)).items.find(({ state }) => state.status === "held"));
    expect([held.proposed.arguments, ran("second")]).toEqual([{ command: "echo > second" }, false]);
    await test.person.intervene({ kind: "resume", scope });
    const { result } = await ended;
    expect([result?.result, ran("second")]).toEqual(["fin", true]);
  });

  it("withdraws the request when the client is interrupted", async () => {
    const { ended, child } = await start({ main: [{ tools: [bash("touch asked-interrupted")] }, { text: "fin" }] });
    const request = await pending("touch asked-interrupted");
    child.kill("SIGINT");
    await ended;
    await until(async () => (await test.person.getApprovalRequest(request.id)).status === "cancelled");
    expect(ran("asked-interrupted")).toBe(false);
  });

  it("denies within 2 s, with the sentence that helps, when the server is down", async () => {
    place = makePlace();
    connectPlace(place, { url: "http://127.0.0.1:9", token });
    model = await startModel(place, { main: [{ tools: [bash("echo no > ran")] }, { text: "fin" }] });
    const { status } = await runClaude(place, model).ended;
    expect(status).toBe(0);
    expect(ran("ran")).toBe(false);
    const [denied] = model.results();
    expect(denied?.isError).toBe(true);
    expect(denied?.text).toContain("Pullcord's server does not answer, so this action was not run.");
    expect(denied?.text).toContain("npx pullcord disconnect claude-code");
    const [asked = 0, heard = 0] = model.times();
    expect(heard - asked).toBeLessThan(2_000);
  });

  it("keeps the gate in when something gets past it and rewrites the settings", async () => {
    place = makePlace();
    connectPlace(place, { url: test.server.url, token });
    model = await startModel(place, { main: [{ tools: [bash("sleep 3")] }, { tools: [bash("touch forbidden-2")] }, { text: "fin" }] });
    const { ended } = runClaude(place, model);
    await until(async () =>
      (await test.person.listRuns({ status: "running" })).items.find(({ workingDirectory }) => workingDirectory === place.workspace),
    );
    writeFileSync(join(place.home, ".claude", "settings.json"), '{"disableAllHooks":true}');
    await ended;
    expect(ran("forbidden-2")).toBe(false);
  });
});
