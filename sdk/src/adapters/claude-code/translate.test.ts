import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../protocol/index.js";
import { readHookBody, readToolUse } from "./hook-body.js";
import { toolOf } from "./tools.js";
import { approvedInput, proposedAction } from "./translate.js";

const golden = new URL("golden/", import.meta.url);
const versions = readdirSync(golden);

describe.each(versions)("a tool call of Claude Code %s", (version) => {
  const read = (name: string) => {
    const body = readHookBody(readFileSync(new URL(`${version}/${name}.json`, golden), "utf8"));
    return { body, use: readToolUse(body.raw) };
  };

  it.each<[string, string, JsonObject]>([
    ["PreToolUse.Bash", "command_execute", { command: "echo hi" }],
    ["PreToolUse.Bash.subagent", "command_execute", { command: "echo from-sub" }],
    ["tui.PreToolUse.Bash", "command_execute", { command: "echo RAN > ran.txt" }],
    ["tui.PermissionRequest.Bash", "command_execute", { command: "echo RAN > ran.txt" }],
    ["PreToolUse.Read", "file_read", { path: "/work/space/note.txt" }],
    ["PreToolUse.Write", "file_write", { path: "/work/space/note.txt", content: "one\n" }],
    ["PreToolUse.Edit", "file_write", { path: "/work/space/note.txt", edits: [{ before: "one", after: "two" }] }],
    ["PreToolUse.WebFetch", "network_request", { url: "http://127.0.0.1:1/x" }],
    ["PreToolUse.Agent", "agent_start", { prompt: "[[script:sub]] say hi", description: "look around", kind: "general-purpose" }],
  ])("%s is a %s", (name, type, args) => {
    const { body, use } = read(name);
    const action = proposedAction(body, use);
    expect(action.type).toBe(type);
    expect(action.arguments).toEqual(args);
    expect(action.tool).toEqual({ name: body.raw["tool_name"], input: body.raw["tool_input"] });
    expect(action.workingDirectory).toBe("/work/space");
    expect(action.externalId).toBe(body.raw["tool_use_id"]);
    expect(proposedAction(body, { name: use.name, input: approvedInput(use, action.arguments) }).arguments).toEqual(args);
  });

  it("names the sub-agent that proposes it", () => {
    const { body, use } = read("PreToolUse.Bash.subagent");
    expect(proposedAction(body, use).subagent).toEqual({ id: "a000000000000001", type: "general-purpose" });
  });
});

const body = readHookBody('{"hook_event_name":"PreToolUse","session_id":"s1","cwd":"/repo"}');
const typeAndArguments = (name: string, input: JsonObject) => {
  const { type, arguments: args } = proposedAction(body, { name, input });
  return [type, args];
};

it.each<[string, JsonObject, string, JsonObject]>([
  [
    "MultiEdit",
    { file_path: "/a", edits: [{ old_string: "x", new_string: "y" }] },
    "file_write",
    { path: "/a", edits: [{ before: "x", after: "y" }] },
  ],
  ["NotebookEdit", { notebook_path: "/n.ipynb", new_source: "1" }, "file_write", { path: "/n.ipynb", edits: [{ before: "", after: "1" }] }],
  ["Glob", { pattern: "**/*.ts" }, "file_read", { path: "." }],
  ["Glob", { pattern: "/etc/*.conf" }, "file_read", { path: "/etc/" }],
  ["Glob", { pattern: "../**/x", path: "/repo/src" }, "file_read", { path: "/repo/src/../" }],
  ["Grep", { pattern: "/etc", path: "/repo" }, "file_read", { path: "/repo" }],
  ["LS", { path: "/repo" }, "file_read", { path: "/repo" }],
  [
    "mcp__github__create_issue",
    { title: "t" },
    "external_api_call",
    { service: "github", operation: "create_issue", arguments: { title: "t" } },
  ],
  ["WebSearch", { query: "q" }, "external_api_call", { service: "web-search", operation: "search", arguments: { query: "q" } }],
  ["TodoWrite", { todos: [] }, "agent_internal", { input: { todos: [] } }],
  ["Task", { prompt: "p" }, "agent_start", { prompt: "p" }],
  ["Workflow", { script: "x" }, "unknown", { tool: "Workflow", input: { script: "x" } }],
  ["constructor", {}, "unknown", { tool: "constructor", input: {} }],
  ["Bash", { cmd: "rm -rf /" }, "unknown", { tool: "Bash", input: { cmd: "rm -rf /" } }],
  ["Edit", { file_path: "/a", old_string: "x" }, "unknown", { tool: "Edit", input: { file_path: "/a", old_string: "x" } }],
])("reads %s %j as %s", (name, input, ...expected) => {
  expect(typeAndArguments(name, input)).toEqual(expected);
});

it("takes the model's description as a claim, never as the action", () => {
  const action = proposedAction(body, { name: "Bash", input: { command: "rm x", description: "List files", dryRun: true } });
  expect(action.claim).toEqual({ description: "List files" });
  expect(action.arguments).toEqual({ command: "rm x" });
});

describe("what a person approved in place of it", () => {
  it("replaces the command and keeps the rest of the input", () => {
    const use = { name: "Bash", input: { command: "rm a b", description: "d", timeout: 5 } };
    expect(approvedInput(use, { command: "rm a" })).toEqual({ command: "rm a", description: "d", timeout: 5 });
  });

  it("replaces an edit's texts and path", () => {
    const use = { name: "Edit", input: { file_path: "/a", old_string: "x", new_string: "y", replace_all: true } };
    const approved = { path: "/b", edits: [{ before: "x", after: "z" }] };
    expect(approvedInput(use, approved)).toEqual({ file_path: "/b", old_string: "x", new_string: "z", replace_all: true });
  });

  it("replaces the whole input of a service's tool", () => {
    const use = { name: "mcp__mail__send", input: { to: "all" } };
    expect(approvedInput(use, { service: "mail", operation: "send", arguments: { to: "me" } })).toEqual({ to: "me" });
  });

  it.each<[string, JsonObject, JsonObject]>([
    ["Bash", { command: "rm a" }, { argv: ["rm", "a"] }],
    ["Bash", { command: "rm a" }, { command: "rm a", workingDirectory: "/" }],
    [
      "Edit",
      { file_path: "/a", old_string: "x", new_string: "y" },
      {
        path: "/a",
        edits: [
          { before: "x", after: "1" },
          { before: "y", after: "2" },
        ],
      },
    ],
    ["Read", { file_path: "/a" }, {}],
    ["mcp__mail__send", { to: "all" }, { service: "other", operation: "send", arguments: {} }],
    ["TodoWrite", { todos: [] }, { input: { todos: [1] } }],
  ])("is refused where %s cannot run exactly that", (name, input, approved) => {
    expect(() => approvedInput({ name, input }, approved)).toThrow(expect.objectContaining({ reason: "cannot_express" }));
  });
});

it("knows every tool that the client has", () => {
  const known = [
    "Agent",
    "AskUserQuestion",
    "Bash",
    "Edit",
    "ListAgents",
    "Read",
    "ReportFindings",
    "ScheduleWakeup",
    "Skill",
    "ToolSearch",
    "Write",
  ];
  const deferred = [
    "CronCreate",
    "EnterPlanMode",
    "ExitPlanMode",
    "Monitor",
    "NotebookEdit",
    "SendMessage",
    "TaskStop",
    "WebFetch",
    "WebSearch",
  ];
  for (const name of [...known, ...deferred]) expect([name, toolOf(name).type]).not.toEqual([name, "unknown"]);
});
