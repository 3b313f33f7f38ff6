import type { ActionAnswer, ProposedAction } from "@pullcord/sdk/protocol";
import { actionDigest } from "@pullcord/sdk/digest";
import { findAskedAction, insertAction } from "../store/actions.js";
import { updateRun } from "../store/runs.js";
import { answerAgain, answerFor } from "./answer.js";
import type { Command } from "./context.js";
import { decideAction } from "./decide-action.js";
import { handInstructions } from "./instructions.js";
import { requireRun } from "./require.js";

/**
 * The one gate (design, "The path of one action"). The action, its decision, a possible request, the log entry and
 * the run's tally are written together. A proposal that a person has been asked about already joins that question,
 * so that an approval outlives a lost connection.
 */
export const proposeAction: Command<{ readonly runId: string; readonly proposed: ProposedAction }, ActionAnswer> = async (
  context,
  { runId, proposed },
) => {
  const { tx, now, actor, outside } = context;
  const run = await requireRun(tx, actor, runId);
  const instructions = await handInstructions(context, run.id);
  const digest = actionDigest({ agent: run.agent, runId: run.id, proposed });
  const asked = await findAskedAction(tx, run.id, digest);
  if (asked) return answerFor(asked, { run, instructions, outside });
  const action = await decideAction(context, run, { id: outside.newId("actions"), digest, proposed, proposedAt: now });
  await insertAction(tx, action);
  await updateRun(tx, run);
  return answerFor(action, { run, instructions, outside });
};
proposeAction.again = answerAgain;
