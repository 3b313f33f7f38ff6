import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { ActionAnswer, JsonObject, ProposedAction } from "../../protocol/index.js";
import { answerTo, standIn, type Answering } from "./stand-in.test.support.js";

const bashBody = JSON.parse(readFileSync(new URL("golden/2.1.329/PreToolUse.Bash.json", import.meta.url), "utf8")) as JsonObject;
const bashProposal: ProposedAction = {
  type: "command_execute",
  arguments: { command: "echo hi" },
  tool: { name: "Bash", input: { command: "echo hi", description: "x" } },
  workingDirectory: "/work/space",
};
const waiting = { status: "waiting", approvalRequestId: "q1" } as const;
const approved = { status: "approved", approvalRequestId: "q1" } as const;
const started = { status: "running", startedAt: 0 } as const;
const answering =
  (next: ActionAnswer["next"], more?: Parameters<typeof answerTo>[2]): Answering =>
  (_path, body) =>
    answerTo(body as unknown as ProposedAction, next, more);
const decision = (answer: JsonObject) => answer["hookSpecificOutput"] as JsonObject;

it.each([
  ["a word that is none", { next: "maybe" }],
  ["no action", { action: null }],
  ["no guidance", { guidance: null }],
  ["no instructions", { instructions: null }],
])("denies with a sentence at an answer with %s, first or later", async (_what, wrong) => {
  const first = standIn({ "POST actions": () => ({ ...answerTo(bashProposal, "run"), ...wrong }) });
  expect(decision(await first.send(bashBody))).toMatchObject({
    permissionDecision: "deny",
    permissionDecisionReason: expect.stringContaining("none that this program knows"),
  });
  const later = standIn({
    "POST actions": answering("wait", { state: waiting }),
    "GET answer": () => ({ ...answerTo(bashProposal, "run"), ...wrong }),
  });
  expect(decision(await later.send(bashBody))["permissionDecision"]).toBe("deny");
});

it("runs no other arguments without a permit for them", async () => {
  const { send } = standIn({ "POST actions": answering("run", { modified: { command: "rm -rf /" } }) });
  expect(decision(await send(bashBody))).toMatchObject({
    permissionDecision: "deny",
    permissionDecisionReason: expect.stringContaining("no clear yes"),
  });
});

it("asks a server that does not hold the line once a second", async () => {
  const asked: number[] = [];
  const { send } = standIn({
    "POST actions": answering("wait", { state: waiting }),
    "GET answer": () => {
      asked.push(performance.now());
      return answerTo(bashProposal, asked.length < 2 ? "wait" : "deny", { guidance: "No." });
    },
  });
  expect(decision(await send(bashBody))["permissionDecisionReason"]).toBe("No.");
  expect((asked[1] ?? 0) - (asked[0] ?? 0)).toBeGreaterThan(950);
});

it("waits on when the run is paused between the approval and its use", async () => {
  const starts = [answerTo(bashProposal, "wait", { state: approved }), answerTo(bashProposal, "run", { state: started })];
  const { send, keys } = standIn({
    "POST actions": answering("consume", { state: approved }),
    "GET answer": () => answerTo(bashProposal, "consume", { state: approved }),
    "POST start": () => starts.shift(),
  });
  expect(decision(await send(bashBody))["permissionDecision"]).toBe("allow");
  expect(keys().filter((key) => key === "POST start")).toHaveLength(2);
});
