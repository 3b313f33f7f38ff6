import { askAgain, requireAnswer } from "../../gate/await-answer.js";
import { takePermit } from "../../gate/permit.js";
import {
  isPullcordError,
  type Action,
  type ActionAnswer,
  type DeliveredInstruction,
  type ProposedAction,
  type PullcordError,
  type Run,
} from "../../protocol/index.js";
import type { Verdict } from "./answer.js";
import type { Hook } from "./hook.js";
import type { ToolUse } from "./hook-body.js";
import { denied, holdOn, type Held } from "./holding.js";
import { holdMs } from "./hook-settings.js";
import { approvedInput } from "./translate.js";

/** A proposed tool call. */
export interface Proposal {
  readonly use: ToolUse;
  readonly proposed: ProposedAction;
  readonly run: Pick<Run, "id" | "agent">;
}

export interface Settled {
  readonly verdict: Verdict;
  readonly instructions: readonly DeliveredInstruction[];
}

const stillOpen =
  "Nobody has answered yet, so this was not run. The request stays open: when your human has answered it, do exactly the same again and the answer holds.";

/** Holds the line until the action may run or may not: always answers before the client's own deadline, which would run it. */
export async function settle(hook: Hook, proposal: Proposal, first: ActionAnswer): Promise<Settled> {
  const until = Date.now() + holdMs;
  const instructions: DeliveredInstruction[] = [];
  try {
    for (let answer = first; ;) {
      instructions.push(...requireAnswer(answer).instructions);
      const verdict = answer.next === "wait" ? null : await enforce(hook, proposal, answer);
      if (verdict) return { verdict, instructions };
      const leftMs = until - Date.now();
      const next = leftMs > 0 ? await holdOn(hook, held(hook, answer.action, leftMs)) : denied(stillOpen);
      if ("kind" in next) return { verdict: next, instructions };
      answer = next;
    }
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { verdict: denied(error.message, error.reason === "stopped"), instructions };
  }
}

/**
 * The gate's own check of the answer (I1 to I3), put in the client's terms; null when it is to wait some more. Reads and
 * the client's own business, where they needed no permit, keep the client's own permission flow.
 */
async function enforce(hook: Hook, { use, proposed, run }: Proposal, answer: ActionAnswer): Promise<Verdict | null> {
  const { approvedArguments } = answer.action;
  // Looked at first: a permit is not spent on what the tool cannot do.
  const input = answer.next === "consume" && approvedArguments ? approvedInput(use, approvedArguments) : undefined;
  const permit = await takePermit(answer, { client: hook.client, run, proposed, signal: hook.request.signal });
  if (!permit) return null;
  const isClientsOwn = proposed.type === "file_read" || proposed.type === "agent_internal";
  if (answer.next === "run" && isClientsOwn) return { kind: "pass" };
  return { kind: "allow", ...(input ? { input } : {}) };
}

/** What the gate refuses by itself, as opposed to a server that is away. */
function isRefusal(error: unknown): error is PullcordError {
  return isPullcordError(error) && (error.code === "forbidden" || ["digest_mismatch", "gate_closed"].includes(error.reason));
}

function held({ client, closing, ...hook }: Hook, { id }: Action, leftMs: number): Held<ActionAnswer> {
  return {
    leftMs,
    ask: (how) => askAgain(client, id, how),
    withdraw: () => client.withdraw(id, goneReason(hook), { signal: closing }),
  };
}

function goneReason({ body }: Pick<Hook, "body">): string {
  return body.event === "PermissionRequest"
    ? "The person at the terminal said no, or cancelled."
    : "The agent does not wait for this any more.";
}
