import { PullcordError, type Action, type JsonObject, type ProposedAction } from "@pullcord/sdk/protocol";
import { decide } from "../domain/decide.js";
import { findRun, type StoredRun } from "../store/runs.js";
import type { Weight } from "./approving.js";
import type { LookContext } from "./context.js";
import { examine, type Examination } from "./examine-action.js";
import { gatherFacts } from "./gather-facts.js";

/** A person's edit of an action. */
export interface Edit {
  readonly action: Action;
  readonly modifiedArguments: JsonObject;
}

/** Reads the edited action, ahead of judging it. */
export async function examineEdit(context: LookContext, edit: Edit): Promise<Examination> {
  return examine(context, await requireRun(context, edit.action), edited(edit));
}

/**
 * Judges the arguments that a person wants to run instead, and gives their weight. A person may approve what had to be
 * asked, but what is denied outright (policy, hard floor) stays denied, edited or not.
 * @throws PullcordError `conflict`/`edit_denied` with the reason
 */
export async function assessEdit(context: LookContext, edit: Edit, ahead: Examination | undefined): Promise<Weight> {
  const run = await requireRun(context, edit.action);
  const proposed = edited(edit);
  const facts = await gatherFacts(context, run, { proposed, examination: ahead ?? examine(context, run, proposed) });
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

async function requireRun({ tx }: LookContext, { runId }: Action): Promise<StoredRun> {
  const run = await findRun(tx, runId);
  if (!run) throw new PullcordError("not_found", "unknown_run", `There is no run ${runId}.`);
  return run;
}

function edited({ action, modifiedArguments }: Edit): ProposedAction {
  return { ...action.proposed, arguments: modifiedArguments };
}

/** What could not be read weighs as much as can be. */
const unreadScore = 100;
