import { bounds, PullcordError, type JsonObject } from "../../protocol/index.js";

/**
 * What Claude Code posts to a hook (2.1.295 to 2.1.329; golden/ holds one of each). The client writes the frame,
 * the model fills it: every string is attacker-controlled.
 */
export interface HookBody {
  readonly event: string;
  readonly sessionId: string;
  /** Absent when the client's directory is no absolute path. */
  readonly workingDirectory?: string;
  /** Set for what a sub-agent does. */
  readonly subagent?: { readonly id: string; readonly type?: string };
  readonly raw: JsonObject;
}

/** The tool call that a body is about. */
export interface ToolUse {
  readonly name: string;
  readonly input: JsonObject;
  /** Absent in PermissionRequest. */
  readonly id?: string;
}

/** @throws PullcordError `invalid` for a body that is no hook's */
export function readHookBody(text: string): HookBody {
  const raw = parse(text);
  const subagentId = optionalName(raw, "agent_id");
  const type = optionalName(raw, "agent_type");
  const cwd = raw["cwd"];
  return {
    event: requiredName(raw, "hook_event_name"),
    sessionId: requiredName(raw, "session_id"),
    ...(typeof cwd === "string" && cwd.startsWith("/") ? { workingDirectory: cwd } : {}),
    ...(subagentId === undefined ? {} : { subagent: { id: subagentId, ...(type === undefined ? {} : { type }) } }),
    raw,
  };
}

/** @throws PullcordError `invalid` when the body names no tool or gives it no input */
export function readToolUse(raw: JsonObject): ToolUse {
  const id = optionalName(raw, "tool_use_id");
  const input = raw["tool_input"];
  if (!isObject(input)) throw malformed("tool_input is missing");
  return { name: requiredName(raw, "tool_name"), input, ...(id === undefined ? {} : { id }) };
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parse(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed("it is not JSON");
  }
  if (!isObject(value)) throw malformed("it is not a JSON object");
  return value;
}

function requiredName(raw: JsonObject, field: string): string {
  const value = optionalName(raw, field);
  if (value === undefined) throw malformed(`${field} is missing`);
  return value;
}

function optionalName(raw: JsonObject, field: string): string | undefined {
  const value = raw[field];
  if (value === undefined) return undefined;
  if (typeof value !== "string" || value === "" || value.length > bounds.nameLength) {
    throw malformed(`${field} is no text of 1 to ${bounds.nameLength} characters`);
  }
  return value;
}

function malformed(why: string): PullcordError {
  return new PullcordError("invalid", "malformed_hook_call", `Claude Code's hook call could not be read: ${why}.`);
}
