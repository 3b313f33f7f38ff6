import type { Action, ActionAnswer, DeliveredInstruction, Mode } from "@pullcord/sdk/protocol";
import { waitingSentence } from "../domain/waiting-sentence.js";
import type { CommandContext, Outside } from "./context.js";
import { requireAction, requireRun } from "./require.js";
import type { StoredRun } from "../store/runs.js";

const stoppedSentence =
  "Pullcord: a person stopped this run. Do nothing more; tell your human that the run is stopped and that they can start a new one when they are ready.";

const killFileSentence = "Pullcord: everything is stopped by the kill file. Do nothing more and tell your human.";

/** What an answer is made from besides the action itself. */
export interface AnswerFacts {
  readonly run: StoredRun;
  readonly outside: Pick<Outside, "killFilePresent" | "unrecorded" | "mode">;
  readonly instructions?: readonly DeliveredInstruction[];
}

/** What the gate has to do about an action as it stands now. Anything unexpected: deny. */
export function answerFor(action: Action, { run, outside, instructions = [] }: AnswerFacts): ActionAnswer {
  const { status } = outside.unrecorded.stateOf(run);
  const stop = status === "stopped";
  const answer = (next: ActionAnswer["next"], guidance: string): ActionAnswer => ({
    action,
    next,
    guidance,
    stop,
    instructions,
    dialogMayAnswer: next === "wait" && dialogMayAnswer(action, outside.mode),
  });
  if (stop) return answer("deny", stoppedByLimit(action) ?? stoppedSentence);
  if (outside.killFilePresent()) return answer("deny", killFileSentence);
  const { state } = action;
  switch (state.status) {
    case "held":
      return answer("wait", "Pullcord: a person paused this run. It goes on when they resume it.");
    case "waiting":
      return answer("wait", waitingSentence(action));
    case "approved":
      // A paused run starts nothing, approved or not.
      return status === "paused" ? answer("wait", "Pullcord: approved, but a person paused this run.") : answer("consume", "");
    case "allowed":
      return answer("run", "");
    case "denied":
      return answer("deny", state.reason);
    case "cancelled":
      return answer("deny", `Pullcord: this was cancelled: ${state.reason}`);
    default:
      return answer("deny", "Pullcord: this very action has run already. Propose it again if it has to run once more.");
  }
}

/** What to say where the action itself met the limit that stopped the run. */
function stoppedByLimit({ state, decision }: Action): string | null {
  if (state.status !== "denied" || decision?.effect !== "deny" || decision.reasons[0]?.step !== "guardrails") return null;
  return `${state.reason} The run is stopped. Do nothing more, and tell your human.`;
}

/**
 * Whether a yes in the agent's own dialog is good enough. It comes by the agent's token, so it proves nothing about a
 * person: only where the agent could act as the person anyway, and only at levels that need no more.
 */
export function dialogMayAnswer({ decision }: Action, mode: Mode): boolean {
  return mode === "same-user" && (decision?.approvalLevel === "review" || decision?.approvalLevel === "required");
}

/** A repeated proposal is answered from what became of the action since. */
export async function answerAgain({ tx, actor, outside }: CommandContext, kept: ActionAnswer): Promise<ActionAnswer> {
  const action = await requireAction(tx, actor, kept.action.id);
  return answerFor(action, { run: await requireRun(tx, actor, action.runId), outside, instructions: kept.instructions });
}
