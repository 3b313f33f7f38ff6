import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ApprovalRequest, Resolve } from "@pullcord/sdk/protocol";
import { bash, claude, runClaude, until, type Turn } from "./claude-code/client.js";
import { sessionsUnder } from "./claude-code/session.js";

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
  const session = sessionsUnder({ policy, trustTier: "standard" });
  const { pending, runOf, running, made } = session;

  async function start(scripts: Readonly<Record<string, readonly Turn[]>>) {
    const model = await session.begin(scripts);
    return { model, ...runClaude(session.place, model) };
  }

  const resolve = (request: ApprovalRequest, how: Omit<Resolve, "digest">) =>
    session.person.resolve(request.id, { digest: request.action.digest, ...how });

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
    session.server.advance(3_600_001);
    const edited = await pending("touch asked-edited");
    const run = await session.person.getRun(edited.runId);
    const told = await session.person.intervene({
      kind: "instruct",
      scope: { kind: "run", id: run.id },
      text: "Write the changelog, too.",
    });
    await resolve(edited, { effect: "approve", modifiedArguments: { command: "touch edited-by-ana" } });

    const { status, result, sessionId, errors } = await ended;
    expect([status, errors]).toEqual([0, ""]);
    expect(result?.result).toBe("All done.");
    expect(run).toMatchObject({ externalId: sessionId, agent: "claude-code", task: "do it", workingDirectory: session.place.workspace });

    const texts = scripted.results().map(({ text }) => text);
    expect([made("allowed"), made("asked-approved"), made("asked-denied"), made("asked-expired")]).toEqual([true, true, false, false]);
    expect([made("asked-edited"), made("edited-by-ana"), made("forbidden"), made("sub"), made("last")]).toEqual([
      false,
      true,
      false,
      true,
      true,
    ]);
    expect(readFileSync(join(session.place.workspace, "note.txt"), "utf8")).toBe("two\n");
    expect(texts.some((text) => text.includes("Wait for the release."))).toBe(true);
    expect(texts.some((text) => text.includes("nobody answered"))).toBe(true);
    expect(texts.some((text) => text.includes("Use the staging folder instead."))).toBe(true);
    expect([made(".claude/settings.json"), made(".claude/settings.local.json")]).toEqual([false, false]);

    expect(scripted.seen()).toContain("A person watching this run says: Write the changelog, too.");
    const { effects } = await session.person.getIntervention(told.id);
    expect(effects.map(({ step }) => step)).toContain("delivered");

    const { items: actions } = await session.person.listActions(run.id, { limit: 50 });
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
    const stop = await session.person.intervene({ kind: "stop", scope: { kind: "run", id: request.runId }, reason: "wrong folder" });
    const { sessionId, result, isOverdue } = await ended;
    // A client that had ended by itself would have given a result.
    expect([result, isOverdue]).toEqual([undefined, false]);
    expect(child.exitCode !== null || child.signalCode !== null).toBe(true);
    expect([made("asked-stopped"), made("after-stop")]).toEqual([false, false]);
    expect((await runOf(sessionId)).state).toMatchObject({ status: "stopped", interventionId: stop.id });
    expect((await session.person.getApprovalRequest(request.id)).status).toBe("cancelled");
  });

  it("ends a session at once whose command is running when a person stops it", async () => {
    const { ended } = await start({ main: [{ tools: [bash("echo $$ > pid; sleep 6000")] }, { text: "fin" }] });
    const pid = Number(await until(() => made("pid") && readFileSync(join(session.place.workspace, "pid"), "utf8").trim()));
    const run = await running();
    const stop = await session.person.intervene({ kind: "stop", scope: { kind: "run", id: run.id } });
    expect((await ended).isOverdue).toBe(false);
    await until(() => !existsSync(`/proc/${pid}`));
    const receipt = await until(async () => {
      const { effects } = await session.person.getIntervention(stop.id);
      return effects.find(({ step }) => step === "ended" || step === "unproven");
    });
    // Orphans of other tests at the same time can't be told from this session's, and are counted as that.
    expect(receipt).toMatchObject({ step: receipt.unknown ? "unproven" : "ended", survivors: [] });
  });

  it("ends the client's own process when a person stops the run while the model thinks", async () => {
    const { ended, child } = await start({
      main: [{ tools: [bash("echo > begun")] }, { tools: [bash("echo > after")], delayMs: 6_000_000 }],
    });
    await until(() => made("begun"));
    const run = await running();
    const stop = await session.person.intervene({ kind: "stop", scope: { kind: "run", id: run.id } });
    expect((await ended).isOverdue).toBe(false);
    expect([made("after"), existsSync(`/proc/${child.pid}`)]).toEqual([false, false]);
    const receipt = await until(async () =>
      (await session.person.getIntervention(stop.id)).effects.find(({ step }) => step === "ended" || step === "unproven"),
    );
    expect(receipt.processesEnded).toBeGreaterThan(0);
  });

  it("holds a call while the run is paused, and lets it run when it is resumed", async () => {
    const { ended } = await start({
      main: [{ tools: [bash("echo > first")] }, { tools: [bash("echo > second")], delayMs: 1_500 }, { text: "fin" }],
    });
    await until(() => made("first"));
    const run = await running();
    const scope = { kind: "run", id: run.id } as const;
    await session.person.intervene({ kind: "pause", scope });
    const held = await until(async () => (await session.person.listActions(run.id)).items.find(({ state }) => state.status === "held"));
    expect([held.proposed.arguments, made("second")]).toEqual([{ command: "echo > second" }, false]);
    await session.person.intervene({ kind: "resume", scope });
    const { result } = await ended;
    expect([result?.result, made("second")]).toEqual(["fin", true]);
  });

  it("withdraws the request when the client is interrupted", async () => {
    const { ended, child } = await start({ main: [{ tools: [bash("touch asked-interrupted")] }, { text: "fin" }] });
    const request = await pending("touch asked-interrupted");
    child.kill("SIGINT");
    await ended;
    await until(async () => (await session.person.getApprovalRequest(request.id)).status === "cancelled");
    expect(made("asked-interrupted")).toBe(false);
  });

  it("denies at once, with the sentence that helps, when the server is down", async () => {
    const model = await session.begin({ main: [{ tools: [bash("echo no > ran")] }, { text: "fin" }] }, { url: "http://127.0.0.1:9" });
    const { status, isOverdue } = await runClaude(session.place, model).ended;
    expect([status, isOverdue]).toEqual([0, false]);
    expect(made("ran")).toBe(false);
    const [denied] = model.results();
    expect(denied?.isError).toBe(true);
    expect(denied?.text).toContain("Pullcord's server does not answer, so this action was not run.");
    expect(denied?.text).toContain("npx pullcord disconnect claude-code");
  });

  it("keeps the gate in when something gets past it and rewrites the settings", async () => {
    const { ended } = await start({ main: [{ tools: [bash("sleep 3")] }, { tools: [bash("touch forbidden-2")] }, { text: "fin" }] });
    await running();
    writeFileSync(join(session.place.home, ".claude", "settings.json"), '{"disableAllHooks":true}');
    await ended;
    expect(made("forbidden-2")).toBe(false);
  });
});
