import { actionLine, type Json, type Plan } from "@pullcord/sdk/protocol";
import { appendEntry } from "../store/audit.js";
import { findRun, updateRun } from "../store/runs.js";
import type { CommandContext } from "./context.js";
import { tallyPlanAnswered } from "./tally.js";

/** A plan's question was answered, by whomever: the run waits for one less, and it is on record. */
export async function recordPlanAnswer(context: CommandContext, plan: Plan): Promise<void> {
  const run = await findRun(context.tx, plan.runId);
  if (run) {
    tallyPlanAnswered(run, context.now);
    await updateRun(context.tx, run);
  }
  await appendPlanAnswer(context, plan);
}

/** The entry alone, with everything that was approved; the caller writes the run. */
export async function appendPlanAnswer({ tx, now }: CommandContext, plan: Plan): Promise<void> {
  const { id, runId, digest, status, resolution, holdsUntil } = plan;
  if (!resolution) return;
  const { by, reason, presence } = resolution;
  await appendEntry(tx, {
    type: "plan.resolved",
    at: now,
    actor: by,
    runId,
    body: {
      plan: id,
      status,
      digest,
      ...(status === "approved" ? { holdsUntil, ...stepsOnRecord(plan) } : {}),
      ...(reason === undefined ? {} : { reason }),
      ...(presence === undefined ? {} : { presence: { ...presence } }),
    },
  });
}

/** Which steps stand, how they read, and which were edited or taken out. */
export function stepsOnRecord({ steps, removed }: Plan): { readonly steps: Json; readonly removed: Json } {
  return {
    steps: steps.map(({ number, proposed, approvedArguments }) => ({
      number,
      description: actionLine({ ...proposed, arguments: approvedArguments ?? proposed.arguments }),
      ...(approvedArguments ? { arguments: approvedArguments } : {}),
    })),
    removed: removed.map(({ number }) => number),
  };
}
