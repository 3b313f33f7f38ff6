import type { ActionAnswer, ProposedAction } from "@pullcord/sdk/protocol";
import { actionDigest } from "@pullcord/sdk/digest";
import { findAskedAction, insertAction } from "../store/actions.js";
import { updateRun } from "../store/runs.js";
import { answerAgain, answerFor } from "./answer.js";
import type { Command } from "./context.js";
import { decideAction } from "./decide-action.js";
import { examine, type Examination } from "./examine-action.js";
import { handInstructions } from "./instructions.js";
import { requireRun } from "./require.js";
import { reviewAction } from "./review-action.js";

interface Proposal {
  readonly runId: string;
  readonly proposed: ProposedAction;
}

/**
 * The one gate (design, "The path of one action"). The action, its decision, a possible request, the log entry and
 * the run's tally are written together. A proposal that a person has been asked about already joins that question,
 * so that an approval outlives a lost connection.
 */
export const proposeAction: Command<Proposal, ActionAnswer, Examination> = async (context, { runId, proposed }, ahead) => {
  const { tx, now, actor, outside } = context;
  const run = await requireRun(tx, actor, runId);
  const instructions = await handInstructions(context, run);
  const digest = actionDigest({ agent: run.agent, runId: run.id, proposed });
  const asked = await findAskedAction(tx, run.id, digest);
  if (asked) return answerFor(asked, { run, instructions, outside });
  // What joined a question was not examined; where that question was answered just now, this is decided after all.
  const examination = ahead ?? examine(context, run, proposed);
  const undecided = { id: outside.newId("actions"), digest, proposed, proposedAt: now };
  const action = await decideAction(context, run, { undecided, examination });
  await insertAction(tx, action);
  await updateRun(tx, run);
  return answerFor(action, { run, instructions, outside });
};
proposeAction.lookAhead = async (context, { runId, proposed }) => {
  const run = await requireRun(context.tx, context.actor, runId);
  const digest = () => actionDigest({ agent: run.agent, runId: run.id, proposed });
  const joins = run.tally.waiting > 0 && (await findAskedAction(context.tx, run.id, digest())) !== undefined;
  return joins ? undefined : reviewAction(context, run, { proposed, examination: examine(context, run, proposed) });
};
proposeAction.again = answerAgain;
