import type { ActionType, Json, JsonObject } from "../../protocol/index.js";
import { isObject } from "./hook-body.js";

/** One of Claude Code's tools: which action it is, and how its input and Pullcord's arguments turn into each other. */
export interface Tool {
  readonly type: ActionType;
  /** Null when the input lacks what the tool needs: then nobody knows what it would do. */
  readonly argumentsOf: (input: JsonObject) => JsonObject | null;
  /** The input that makes the tool do `approved`; what has no place in the arguments stays as it was. */
  readonly inputOf: (input: JsonObject, approved: JsonObject) => JsonObject;
}

/** The tool of this name; one that is not known is `unknown`, and unknown asks (P8). */
export function toolOf(name: string): Tool {
  return tools.get(name) ?? mcpTool(name) ?? unknownTool(name);
}

/** A tool whose arguments are fields of its input under other names; the first one has to be there. */
function plain(type: ActionType, fields: Readonly<Record<string, string>>): Tool {
  const pairs = Object.entries(fields);
  return {
    type,
    argumentsOf: (input) => {
      const present = pairs.filter(([, field]) => input[field] !== undefined);
      return present[0]?.[0] === pairs[0]?.[0] ? Object.fromEntries(present.map(([name, field]) => [name, input[field] as Json])) : null;
    },
    inputOf: (input, approved) => ({
      ...input,
      ...Object.fromEntries(pairs.filter(([name]) => approved[name] !== undefined).map(([name, field]) => [field, approved[name] as Json])),
    }),
  };
}

/** Searches below a folder; without one, below the working directory. */
function search(field: string): Tool {
  return {
    type: "file_read",
    argumentsOf: (input) => ({ path: searchedPath(input["path"], field === "pattern" ? input["pattern"] : undefined) }),
    inputOf: (input, approved) => ({ ...input, path: approved["path"] as Json }),
  };
}

/** Where a search begins: a pattern that leaves the folder counts from its part without wildcards. */
function searchedPath(path: Json | undefined, pattern: Json | undefined): string {
  const folder = typeof path === "string" && path !== "" ? path : ".";
  if (typeof pattern !== "string") return folder;
  const fixed = /^[^*?[{]*/.exec(pattern)?.[0] ?? "";
  if (pattern.startsWith("/") || pattern.startsWith("~")) return fixed;
  return pattern.split("/").includes("..") ? `${folder}/${fixed}` : folder;
}

const edit: Tool = {
  type: "file_write",
  argumentsOf: ({ file_path: path, old_string: before, new_string: after }) =>
    areTexts(path, before, after) ? { path: path as string, edits: [{ before: before as string, after: after as string }] } : null,
  inputOf: (input, approved) => {
    const [first] = editsOf(approved["edits"]);
    return {
      ...input,
      file_path: approved["path"] as Json,
      ...(first ? { old_string: first["before"] as Json, new_string: first["after"] as Json } : {}),
    };
  },
};

const multiEdit: Tool = {
  type: "file_write",
  argumentsOf: ({ file_path: path, edits }) => {
    const read = editsOf(edits).map(({ old_string: before, new_string: after }) => ({ before: before as Json, after: after as Json }));
    return areTexts(path) && read.length > 0 ? { path: path as string, edits: read } : null;
  },
  inputOf: (input, approved) => ({
    ...input,
    file_path: approved["path"] as Json,
    edits: editsOf(approved["edits"]).map((one, index) => ({
      ...editsOf(input["edits"])[index],
      old_string: one["before"] as Json,
      new_string: one["after"] as Json,
    })),
  }),
};

const notebookEdit: Tool = {
  type: "file_write",
  argumentsOf: ({ notebook_path: path, new_source: after }) =>
    areTexts(path) ? { path: path as string, edits: [{ before: "", after: typeof after === "string" ? after : "" }] } : null,
  inputOf: (input, approved) => ({
    ...input,
    notebook_path: approved["path"] as Json,
    new_source: editsOf(approved["edits"])[0]?.["after"] as Json,
  }),
};

/** A call to somebody else's service; the input lies below `arguments`, so that no field of it passes for one of ours. */
function service(name: string, operation: string): Tool {
  return {
    type: "external_api_call",
    argumentsOf: (input) => ({ service: name, operation, arguments: input }),
    inputOf: (input, approved) => (isObject(approved["arguments"]) ? approved["arguments"] : input),
  };
}

/** `mcp__SERVER__TOOL`; the server's name has no double underscore. */
function mcpTool(name: string): Tool | undefined {
  const parts = /^mcp__(.+?)__(.+)$/s.exec(name);
  return parts?.[1] !== undefined && parts[2] !== undefined ? service(parts[1], parts[2]) : undefined;
}

function unknownTool(name: string): Tool {
  return {
    type: "unknown",
    argumentsOf: (input) => ({ tool: name, input }),
    inputOf: (input, approved) => (isObject(approved["input"]) ? approved["input"] : input),
  };
}

/** What changes nothing outside the conversation. The client's own dialogs (plan, questions) stay its own. */
const internal: Tool = { type: "agent_internal", argumentsOf: (input) => ({ input }), inputOf: (input) => input };

const internalTools = [
  "AskUserQuestion",
  "BashOutput",
  "DeferredToolPlaceholder",
  "EnterPlanMode",
  "ExitPlanMode",
  "KillShell",
  "ListAgents",
  "ReportFindings",
  "SendMessage",
  "TaskCreate",
  "TaskGet",
  "TaskList",
  "TaskOutput",
  "TaskStop",
  "TaskUpdate",
  "TodoRead",
  "TodoWrite",
  "ToolSearch",
] as const;

const startsAgent = plain("agent_start", {
  prompt: "prompt",
  description: "description",
  kind: "subagent_type",
  model: "model",
  isolation: "isolation",
});

const tools: ReadonlyMap<string, Tool> = new Map<string, Tool>([
  ["Bash", plain("command_execute", { command: "command" })],
  ["Monitor", plain("command_execute", { command: "command" })],
  ["Read", plain("file_read", { path: "file_path" })],
  ["NotebookRead", plain("file_read", { path: "notebook_path" })],
  ["LS", plain("file_read", { path: "path" })],
  ["Glob", search("pattern")],
  ["Grep", search("path")],
  ["Write", plain("file_write", { path: "file_path", content: "content" })],
  ["Edit", edit],
  ["MultiEdit", multiEdit],
  ["NotebookEdit", notebookEdit],
  ["WebFetch", plain("network_request", { url: "url" })],
  ["WebSearch", service("web-search", "search")],
  ["ListMcpResourcesTool", service("mcp", "list_resources")],
  ["ReadMcpResourceTool", service("mcp", "read_resource")],
  ["Agent", startsAgent],
  ["Task", startsAgent],
  ["Skill", plain("agent_start", { skill: "skill", args: "args" })],
  ["CronCreate", plain("agent_start", { prompt: "prompt", schedule: "cron" })],
  ["ScheduleWakeup", plain("agent_start", { prompt: "prompt", delaySeconds: "delaySeconds" })],
  ...internalTools.map((name): [string, Tool] => [name, internal]),
]);

function editsOf(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? (value as readonly Json[]).filter(isObject) : [];
}

function areTexts(...values: readonly (Json | undefined)[]): boolean {
  return values.every((value) => typeof value === "string");
}
