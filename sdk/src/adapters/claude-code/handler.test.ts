import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { actionDigest } from "../../protocol/digest.js";
import type { ActionAnswer, JsonObject, ProposedAction } from "../../protocol/index.js";
import { planInstructions } from "./plan.js";
import { answerTo, standIn, type Answering } from "./stand-in.test.support.js";

const golden = (name: string) => JSON.parse(readFileSync(new URL(`golden/2.1.329/${name}.json`, import.meta.url), "utf8")) as JsonObject;

const waiting = { status: "waiting", approvalRequestId: "q1" } as const;
const approved = { status: "approved", approvalRequestId: "q1" } as const;
const started = { status: "running", startedAt: 0 } as const;
const running = { status: "running", guidance: "", instructions: [] };
const bashBody = golden("PreToolUse.Bash");
const answering =
  (next: ActionAnswer["next"], more?: Parameters<typeof answerTo>[2]): Answering =>
  (_path, body) =>
    answerTo(body as unknown as ProposedAction, next, more);
const decision = (answer: JsonObject) => answer["hookSpecificOutput"] as JsonObject;
const bashProposal: ProposedAction = {
  type: "command_execute",
  arguments: { command: "echo hi" },
  tool: { name: "Bash", input: { command: "echo hi", description: "x" } },
  workingDirectory: "/work/space",
};

it("lets an allowed command run without a second question", async () => {
  const { send, calls } = standIn({ "POST actions": answering("run") });
  expect(await send(bashBody)).toEqual({ hookSpecificOutput: { hookEventName: "PreToolUse", permissionDecision: "allow" } });
  expect(calls[0]?.body).toEqual({
    task: "Claude Code session",
    externalId: bashBody["session_id"],
    workingDirectory: "/work/space",
    containment: "marker",
    process: { marker: { name: "CLAUDE_CODE_SESSION_ID", value: bashBody["session_id"] } },
  });
});

it("opens one run for a session, however many calls come at once", async () => {
  const { send, keys } = standIn({ "POST actions": answering("run") });
  await Promise.all([send(bashBody), send(golden("PreToolUse.Bash.subagent")), send(golden("PreToolUse.Write"))]);
  expect(keys().filter((key) => key === "POST runs")).toHaveLength(1);
});

it("leaves reads to the client's own permission flow", async () => {
  const { send } = standIn({ "POST actions": answering("run") });
  expect(await send(golden("PreToolUse.Read"))).toEqual({});
});

it("names the first prompt as the run's task, and tells the model once how to hand in a plan", async () => {
  const { send, calls } = standIn({});
  expect(await send(golden("UserPromptSubmit"))).toEqual({
    hookSpecificOutput: { hookEventName: "UserPromptSubmit", additionalContext: planInstructions },
  });
  expect(calls[0]?.body["task"]).toBe("do it");
  expect(await send(golden("UserPromptSubmit"))).toEqual({});
});

it("denies with the reason, and ends the session when the run was stopped", async () => {
  const denied = standIn({ "POST actions": answering("deny", { guidance: "No." }) });
  expect(await denied.send(bashBody)).toEqual({
    hookSpecificOutput: { hookEventName: "PreToolUse", permissionDecision: "deny", permissionDecisionReason: "No." },
  });
  const stopped = standIn({ "POST actions": answering("deny", { guidance: "Stopped.", stop: true }) });
  expect(await stopped.send(bashBody)).toMatchObject({
    continue: false,
    stopReason: "Stopped.",
    hookSpecificOutput: { permissionDecision: "deny" },
  });
});

it("holds a headless call until it is approved, and uses the permit for what really runs", async () => {
  const polls = [answerTo(bashProposal, "wait", { state: waiting }), answerTo(bashProposal, "consume", { state: approved })];
  const { send, calls } = standIn({
    "POST actions": answering("wait", { state: waiting }),
    "GET answer": () => polls.shift(),
    "POST start": () => answerTo(bashProposal, "run", { state: started }),
  });
  expect(decision(await send(bashBody))).toEqual({ hookEventName: "PreToolUse", permissionDecision: "allow" });
  const digest = actionDigest({ agent: "claude-code", runId: "r1", proposed: bashProposal });
  expect(calls.find(({ key }) => key === "POST start")?.body).toEqual({ digest });
});

it("runs what a person approved in place of it", async () => {
  const modified = { command: "echo hello" };
  const { send, calls } = standIn({
    "POST actions": answering("consume", { state: approved, modified }),
    "POST start": () => answerTo(bashProposal, "run", { state: started, modified }),
  });
  expect(decision(await send(bashBody))["updatedInput"]).toEqual({ command: "echo hello", description: "x" });
  const digest = actionDigest({ agent: "claude-code", runId: "r1", proposed: bashProposal, approvedArguments: modified });
  expect(calls.find(({ key }) => key === "POST start")?.body).toEqual({ digest });
});

it("spends no permit on what the tool cannot do", async () => {
  const { send, keys } = standIn({ "POST actions": answering("consume", { state: approved, modified: { argv: ["ls"] } }) });
  expect(decision(await send(bashBody))["permissionDecisionReason"]).toContain("cannot run exactly those");
  expect(keys()).not.toContain("POST start");
});

it("refuses when the server decided about something else than what would run", async () => {
  const other = { ...bashProposal, arguments: { command: "echo other" } };
  const { send } = standIn({ "POST actions": () => answerTo(other, "run") });
  expect(decision(await send(bashBody))["permissionDecisionReason"]).toContain("digests differ");
});

it("hands over what a person says to the run", async () => {
  const instructions = [{ interventionId: "i1", text: "Use staging." }];
  const { send } = standIn({ "POST actions": answering("run", { instructions }), "POST safe-points": { ...running, instructions } });
  const text = "A person watching this run says: Use staging.";
  expect(decision(await send(bashBody))["additionalContext"]).toBe(text);
  expect(await send(golden("PostToolUse.Bash"))).toEqual({ hookSpecificOutput: { hookEventName: "PostToolUse", additionalContext: text } });
  expect(await send(golden("Stop"))).toEqual({ hookSpecificOutput: { hookEventName: "Stop", additionalContext: text } });
});

it("asks at the terminal and here, and lets the first answer win", async () => {
  const dialog = golden("tui.PermissionRequest.Bash");
  let settle: (answer: unknown) => void = () => {};
  const later = new Promise((resolve) => (settle = resolve));
  const proposal = {
    ...bashProposal,
    arguments: { command: "echo RAN > ran.txt" },
    tool: { name: "Bash", input: dialog["tool_input"] as JsonObject },
  };
  const polls: unknown[] = [answerTo(proposal, "wait", { state: waiting }), later];
  const { send, keys } = standIn({
    "POST actions": answering("wait", { state: waiting, reason: "Deletes 3 files." }),
    "GET answer": () => polls.shift(),
    "POST start": () => answerTo(proposal, "run", { state: started }),
  });
  expect(decision(await send(golden("tui.PreToolUse.Bash"), { entry: "cli" }))).toEqual({
    hookEventName: "PreToolUse",
    permissionDecision: "ask",
    permissionDecisionReason: "Pullcord: Deletes 3 files. Answer here or in the console (request q1); the first answer counts.",
  });
  const answered = send(dialog, { entry: "cli" });
  settle(answerTo(proposal, "consume", { state: approved }));
  expect(await answered).toEqual({ hookSpecificOutput: { hookEventName: "PermissionRequest", decision: { behavior: "allow" } } });
  expect(keys().filter((key) => key === "POST actions")).toHaveLength(1);
});

it("denies what is no clear yes, and does not ask again and again", async () => {
  const { send } = standIn({ "POST actions": answering("banana" as "wait", { state: waiting }) });
  expect(decision(await send(golden("PreToolUse.Bash")))["permissionDecision"]).toBe("deny");
});

it.each([
  ["a second factor is needed", "tui.PreToolUse.Bash", { state: waiting, level: "required_2fa", dialogMayAnswer: false }],
  ["an admin is needed", "tui.PreToolUse.Bash", { state: waiting, level: "admin_only", dialogMayAnswer: false }],
  ["the run is paused", "tui.PreToolUse.Bash", { state: { status: "held", at: 0 } as const }],
  ["a sub-agent proposes", "PreToolUse.Bash.subagent", { state: waiting }],
])("holds at the terminal too when %s", async (_when, name, more) => {
  const { send, keys } = standIn({
    "POST actions": answering("wait", more),
    "GET answer": () => answerTo(bashProposal, "deny", { guidance: "No." }),
  });
  expect(decision(await send(golden(name), { entry: "cli" }))["permissionDecision"]).toBe("deny");
  expect(keys()).toContain("GET answer");
});

it("joins the open request when the server was restarted under the dialog", async () => {
  const dialog = golden("tui.PermissionRequest.Bash");
  const { send } = standIn({ "POST actions": answering("deny", { guidance: "Ana said no." }) });
  expect(await send(dialog, { entry: "cli" })).toEqual({
    hookSpecificOutput: { hookEventName: "PermissionRequest", decision: { behavior: "deny", message: "Ana said no." } },
  });
});

it("leaves the client's own dialogs to the person at the terminal", async () => {
  const { send, calls } = standIn({ "POST actions": answering("run") });
  expect(await send(golden("tui.PermissionRequest.Bash.suggestions"), { entry: "cli" })).toEqual({});
  expect(calls).toEqual([]);
});

it("withdraws the request when the client drops the connection, not when the server stops", async () => {
  const never: Answering = (_path, _body, signal) =>
    new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error("gone"))));
  const script = { "POST actions": answering("wait", { state: waiting }), "GET answer": never };
  const dropped = standIn(script);
  const client = new AbortController();
  const held = dropped.send(bashBody, { signal: client.signal });
  await expect.poll(() => dropped.keys()).toContain("GET answer");
  client.abort();
  await held;
  expect(dropped.keys()).toContain("POST withdrawal");
  const stopping = standIn(script);
  const waits = stopping.send(bashBody);
  await expect.poll(() => stopping.keys()).toContain("GET answer");
  stopping.closing.abort();
  expect(decision(await waits)["permissionDecisionReason"]).toContain("The request stays open");
  expect(stopping.keys()).not.toContain("POST withdrawal");
});

it("reports what came of a call, and that the person at the terminal approved it", async () => {
  const { send, calls } = standIn({ "POST actions": answering("wait", { state: waiting }) });
  await send(golden("tui.PreToolUse.Bash"), { entry: "cli" });
  const after = { ...golden("PostToolUse.Bash"), session_id: golden("tui.PreToolUse.Bash")["session_id"] as string };
  await send(after, { entry: "cli" });
  expect(calls.find(({ key }) => key === "POST outcome")).toMatchObject({
    path: "/v1/actions/a1/outcome",
    body: { status: "succeeded", durationMs: 7, approvedAtTerminal: true },
  });
});

it("finds the action again after a restart, and reports a failure with its words", async () => {
  const { send, calls } = standIn({ "GET actions": { items: [{ id: "a9" }], next: null } });
  await send(golden("PostToolUseFailure.Bash"));
  expect(calls.find(({ key }) => key === "POST outcome")).toMatchObject({
    path: "/v1/actions/a9/outcome",
    body: { status: "failed", summary: "Exit code 3\nout\noops" },
  });
});

it("withdraws what the person at the terminal refused with words", async () => {
  const before = { ...golden("tui.PreToolUse.Bash"), session_id: golden("tui.PostToolBatch.rejected")["session_id"] as string };
  const { send, calls } = standIn({ "POST actions": answering("wait", { state: waiting }) });
  await send(before, { entry: "cli" });
  await send(golden("tui.PostToolBatch.rejected"), { entry: "cli" });
  expect(calls.find(({ key }) => key === "POST withdrawal")?.body).toEqual({ reason: "The person at the terminal said no." });
});

it("reports a call as skipped that the client itself did not run", async () => {
  const { send, calls } = standIn({ "POST actions": answering("run") });
  await send(bashBody);
  await send(golden("PostToolBatch"));
  expect(calls.find(({ key }) => key === "POST outcome")?.body).toMatchObject({ status: "skipped" });
});

it("ends the session at every event once the run is stopped", async () => {
  const { send } = standIn({ "POST safe-points": { status: "stopped", guidance: "Stopped by Ana.", instructions: [] } });
  expect(await send(golden("UserPromptSubmit"))).toEqual({ continue: false, stopReason: "Stopped by Ana." });
  expect(await send(golden("PostToolUse.Bash"))).toEqual({ continue: false, stopReason: "Stopped by Ana." });
  expect(await send(golden("Stop"))).toEqual({});
});

it("keeps changed settings out of the running session", async () => {
  const { send } = standIn({});
  expect(await send(golden("ConfigChange"))).toMatchObject({ decision: "block" });
});

it("finishes the run with the session, and opens it again when the session is resumed", async () => {
  const { send, keys } = standIn({});
  await send(golden("SessionEnd"));
  await send(golden("UserPromptSubmit"));
  expect(keys().filter((key) => !key.endsWith("log"))).toEqual(["POST runs", "POST result", "POST runs", "POST safe-points"]);
});

it.each([
  ["no JSON", "{"],
  ["no object", "[]"],
  ["no session", '{"hook_event_name":"PreToolUse"}'],
  ["no input", '{"hook_event_name":"PreToolUse","session_id":"s","tool_name":"Bash"}'],
  [
    "a lone surrogate",
    '{"hook_event_name":"PreToolUse","session_id":"s","tool_name":"Bash","tool_use_id":"t","tool_input":{"command":"\\ud800"}}',
  ],
])("denies a body with %s", async (_what, text) => {
  const { send } = standIn({ "POST actions": answering("run") });
  expect(decision(await send(text))).toMatchObject({ hookEventName: "PreToolUse", permissionDecision: "deny" });
});

it("denies without a token, with a revoked one, and when the server fails", async () => {
  const { send } = standIn({});
  expect(decision(await send(bashBody, { token: "" }))["permissionDecisionReason"]).toContain("pullcord connect claude-code");
  const problem = (status: number, code: string) => new Response(JSON.stringify({ code, reason: "x", detail: "Why." }), { status });
  const revoked = standIn({ "POST runs": () => problem(401, "unauthenticated") });
  expect(decision(await revoked.send(bashBody))["permissionDecisionReason"]).toContain("pullcord disconnect claude-code");
  const failing = standIn({ "POST actions": () => problem(500, "internal") });
  expect(decision(await failing.send(bashBody))["permissionDecisionReason"]).toBe("Pullcord did not run this action: Why.");
  expect(await failing.send(golden("tui.PermissionRequest.Bash"), { entry: "cli" })).toEqual({});
  expect(await revoked.send(golden("ConfigChange"))).toMatchObject({ decision: "block" });
});

it("answers events that it does not know with nothing", async () => {
  const { send, calls } = standIn({});
  for (const event of ["Notification", "toString", "__proto__"]) expect(await send({ ...bashBody, hook_event_name: event })).toEqual({});
  expect(calls).toEqual([]);
});
