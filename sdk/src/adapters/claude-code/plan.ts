import { askPlanAgain, requirePlanAnswer } from "../../gate/await-answer.js";
import {
  isPullcordError,
  bounds,
  quotedWord,
  type HandInPlan,
  type Json,
  type PlanAnswer,
  type ProposedAction,
} from "../../protocol/index.js";
import type { Verdict } from "./answer.js";
import { denied, holdOn } from "./holding.js";
import { sessionOf, type Hook } from "./hook.js";
import { isObject, type HookBody, type ToolUse } from "./hook-body.js";
import { holdMs } from "./hook-settings.js";
import { proposedAction } from "./translate.js";

/**
 * How a session hands in a plan: as a command that the hook takes for itself, so that the agent needs no token, no tool of
 * its own and no Pullcord on its path. The client's own plan mode is not it: its tools are off in headless sessions, and
 * what it shows is prose.
 */
const command = "pullcord plan hand-in";
const handInCommand = /^\s*(?:npx\s+)?pullcord\s+plan\s+hand-in\s+<<\s*(['"])(\w+)\1[ \t]*\n([\s\S]*?)\n\2\s*$/;

const shape = `${command} <<'PLAN'
{"summary": "what it is for", "steps": [{"tool": "Bash", "input": {"command": "npm test"}, "intent": "why"}]}
PLAN`;

/** What the model is told once a session. */
export const planInstructions = `Pullcord watches over this session: your human may have to approve what you do. When several such calls lie ahead, hand them in as one plan, so that your human can edit and approve it as a whole, once. Run this with Bash, naming every call you mean to make with its complete input, in order:
${shape}
The answer says which steps stand: make exactly those calls, in that order, each once. Everything else is asked about as usual.`;

const stillOpen = "Nobody has answered this plan yet. It stays open: hand in exactly the same again to go on waiting.";

/** The plan in a call that hands one in; null for every other call. */
export function planTextOf({ name, input }: ToolUse): string | null {
  const { command: given } = input;
  return name === "Bash" && typeof given === "string" ? (handInCommand.exec(given)?.[3] ?? null) : null;
}

/** Hands it in for the session and holds the line until a person has answered; the call's output is then what they said. */
export async function handIn(hook: Hook, use: ToolUse, text: string): Promise<Verdict> {
  const plan = readPlan(hook.body, text);
  if (plan === null) return denied(`Pullcord: this plan can't be read. Hand it in as: ${shape}`);
  try {
    const { runId } = await sessionOf(hook);
    const first = requirePlanAnswer(await hook.client.handInPlan(runId, plan, { signal: hook.request.signal }));
    return await settlePlan(hook, use, first);
  } catch (error) {
    if (!isPullcordError(error) || error.code === "unavailable") throw error;
    return denied(`Pullcord did not take this plan: ${error.message}`, error.reason === "stopped");
  }
}

async function settlePlan(hook: Hook, { input }: ToolUse, first: PlanAnswer): Promise<Verdict> {
  const { client, closing } = hook;
  const { id } = first.plan;
  const until = Date.now() + holdMs;
  let answer = first;
  while (answer.next === "wait") {
    const leftMs = until - Date.now();
    if (leftMs <= 0) return denied(stillOpen);
    const next = await holdOn(hook, {
      leftMs,
      ask: (how) => askPlanAgain(client, id, how),
      withdraw: () => client.withdrawPlan(id, "The agent does not wait for this any more.", { signal: closing }),
    });
    if ("kind" in next) return next;
    answer = next;
  }
  if (answer.next !== "follow") return denied(answer.guidance, answer.stop);
  return { kind: "allow", input: { ...input, command: `printf '%s\\n' ${quotedWord(answer.guidance)}` } };
}

/** Attacker-controlled. Null for what is no plan. */
function readPlan(body: HookBody, text: string): HandInPlan | null {
  const given = parse(text);
  const summary = isObject(given) ? given["summary"] : undefined;
  const list = isObject(given) ? given["steps"] : given;
  if (!Array.isArray(list) || list.length === 0 || list.length > bounds.planSteps) return null;
  const steps = (list as readonly Json[]).map((step) => stepOf(body, step));
  if (!steps.every((step) => step !== null)) return null;
  return { steps, ...(typeof summary === "string" && summary !== "" ? { summary: summary.slice(0, bounds.textLength) } : {}) };
}

/** A step is a call of one of the client's tools, and becomes the action that this call will be. */
function stepOf(body: HookBody, step: Json): ProposedAction | null {
  if (!isObject(step)) return null;
  const { tool, input, intent } = step;
  if (typeof tool !== "string" || tool === "" || tool.length > bounds.nameLength || !isObject(input)) return null;
  const { claim, ...action } = proposedAction(body, { name: tool, input });
  const said = { ...claim, ...(typeof intent === "string" ? { reason: intent.slice(0, bounds.textLength) } : {}) };
  return Object.keys(said).length > 0 ? { ...action, claim: said } : action;
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}
