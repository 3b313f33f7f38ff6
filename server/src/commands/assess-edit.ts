import { PullcordError, type Action, type ApprovalLevel, type JsonObject } from "@pullcord/sdk/protocol";
import { decide } from "../domain/decide.js";
import { findRun } from "../store/runs.js";
import type { CommandContext } from "./context.js";
import { gatherFacts } from "./decide-action.js";

/** What decides how much proof an approval needs. */
export interface Weight {
  readonly level: ApprovalLevel;
  /** 0 to 100. */
  readonly score: number;
}

/**
 * Judges the arguments that a person wants to run instead, and gives their weight. A person may approve what had to be
 * asked, but what is denied outright (policy, hard floor) stays denied, edited or not.
 * @throws PullcordError `conflict`/`edit_denied` with the reason
 */
export async function assessEdit(context: CommandContext, action: Action, modifiedArguments: JsonObject): Promise<Weight> {
  const run = await findRun(context.tx, action.runId);
  if (!run) throw new PullcordError("not_found", "unknown_run", `There is no run ${action.runId}.`);
  const facts = await gatherFacts(context, run, { ...action.proposed, arguments: modifiedArguments });
  const verdict = decide(facts, context.now);
  const score = verdict.reading?.assessment.score ?? unreadScore;
  if (verdict.kind === "held") {
    throw new PullcordError("conflict", "run_paused", "This run is paused, so other arguments can't be judged now. Resume it first.");
  }
  if (verdict.decision.effect === "deny") {
    const why = verdict.decision.reasons[0]?.sentence ?? "no rule allows it.";
    throw new PullcordError("conflict", "edit_denied", `These arguments can't be approved: ${why}`, { field: "/modifiedArguments" });
  }
  return { level: verdict.decision.approvalLevel, score };
}

/** What could not be read weighs as much as can be. */
const unreadScore = 100;
