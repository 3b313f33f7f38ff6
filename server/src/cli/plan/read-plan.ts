import { actionTypes, PullcordError, type HandInPlan, type Json, type JsonObject, type ProposedAction } from "@pullcord/sdk";

/** What a plan's file may look like, for whoever wrote one that doesn't. */
const planShape = `{ "summary": "what it is for", "steps": [
  { "command": "npm test", "intent": "why" },
  { "type": "file_write", "arguments": { "path": "notes.md", "content": "…" } } ] }`;

/**
 * A plan from JSON: an object with steps, or the steps alone. A step is an action, or just a shell command.
 * @throws PullcordError `invalid`/`plan`
 */
export function readPlan(text: string, workingDirectory: string): HandInPlan {
  const given = parse(text);
  const steps = isObject(given) ? given["steps"] : given;
  const summary = isObject(given) ? given["summary"] : undefined;
  if (!Array.isArray(steps) || steps.length === 0) throw bad("it has no steps");
  return {
    steps: (steps as readonly Json[]).map((step, at) => stepOf(step, { number: at + 1, workingDirectory })),
    ...(typeof summary === "string" && summary !== "" ? { summary } : {}),
  };
}

function stepOf(step: Json, { number, workingDirectory }: { readonly number: number; readonly workingDirectory: string }): ProposedAction {
  if (!isObject(step)) throw bad(`step ${number} is no object`);
  const { command, intent, ...action } = step;
  const claim = typeof intent === "string" ? { claim: { ...(isObject(action["claim"]) ? action["claim"] : {}), reason: intent } } : {};
  if (typeof command === "string") return { type: "command_execute", arguments: { command }, workingDirectory, ...action, ...claim };
  const { type, arguments: given } = action;
  const known = actionTypes.find((one) => one === type);
  if (known === undefined || !isObject(given)) throw bad(`step ${number} names neither a command nor a type with its arguments`);
  return { workingDirectory, ...action, type: known, arguments: given, ...claim };
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw bad("it is not JSON");
  }
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function bad(why: string): PullcordError {
  return new PullcordError("invalid", "plan", `This plan can't be read: ${why}. It looks like this: ${planShape}`);
}
