import { canonicalJson, bounds, PullcordError, type AgentClaim, type JsonObject, type ProposedAction } from "../../protocol/index.js";
import type { HookBody, ToolUse } from "./hook-body.js";
import { toolOf } from "./tools.js";

/** The action that a tool call is. The tool's name and input go along letter for letter. */
export function proposedAction({ workingDirectory, subagent }: HookBody, use: ToolUse): ProposedAction {
  const tool = toolOf(use.name);
  const read = tool.argumentsOf(use.input);
  return {
    type: read ? tool.type : "unknown",
    arguments: read ?? { tool: use.name, input: use.input },
    tool: { name: use.name, input: use.input },
    ...(workingDirectory === undefined ? {} : { workingDirectory }),
    ...(subagent === undefined ? {} : { subagent }),
    ...(use.id === undefined ? {} : { externalId: use.id }),
    ...claimOf(use.input),
  };
}

/**
 * The tool input that runs what a person approved in place of what was proposed (A8).
 * @throws PullcordError `invalid`/`cannot_express` when the tool cannot do exactly that
 */
export function approvedInput(use: ToolUse, approved: JsonObject): JsonObject {
  const tool = toolOf(use.name);
  const input = tool.inputOf(use.input, approved);
  const read = tool.argumentsOf(input);
  if (read && canonicalJson(read) === canonicalJson(approved)) return input;
  throw new PullcordError(
    "invalid",
    "cannot_express",
    `A person approved other arguments, and the tool ${use.name} cannot run exactly those.`,
  );
}

/** The model's own words about its call: shown apart, never believed. */
function claimOf({ description }: JsonObject): { readonly claim?: AgentClaim } {
  return typeof description === "string" && description !== "" ? { claim: { description: description.slice(0, bounds.textLength) } } : {};
}
