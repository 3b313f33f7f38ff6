import type { OpenRun } from "@pullcord/sdk/protocol";
import { continuationText } from "../domain/continuation-text.js";
import { insertContinuation, openContinuations, takeContinuation, type Continuation } from "../store/continuations.js";
import { queueInstruction } from "../store/interventions.js";
import { findRun, type StoredRun } from "../store/runs.js";
import type { CommandContext } from "./context.js";
import { readStopReceipt } from "./stop-receipt.js";

/** A stopped run stays stopped (I5); from here on the agent's next run may take over from where it was. */
export async function letGoOn({ tx }: CommandContext, { id: runId, agent, opening }: StoredRun, interventionId: string): Promise<void> {
  const { externalId = null, workingDirectory = null } = opening;
  await insertContinuation(tx, { runId, agent, externalId, workingDirectory, interventionId });
}

/** What a new run takes over from: the same session of its client, or else the same folder. */
export async function continuationOf({ tx, actor }: CommandContext, opening: OpenRun): Promise<Continuation | null> {
  const { externalId = null, workingDirectory = null } = opening;
  const open = await openContinuations(tx, actor.id);
  const same = open.find((each) => each.externalId !== null && each.externalId === externalId);
  return same ?? open.find((each) => each.externalId === null && each.workingDirectory === workingDirectory) ?? null;
}

/** Tells the new run what was done and what was not; it hears it at its first safe point or action (E7). */
export async function takeOver(context: CommandContext, run: StoredRun, { runId, interventionId }: Continuation): Promise<void> {
  const { tx, now } = context;
  await takeContinuation(tx, runId, run.id);
  const stopped = await findRun(tx, runId);
  if (stopped?.state.status !== "stopped") return;
  const receipt = await readStopReceipt(tx, stopped.state.interventionId, now);
  const found = receipt.runs.find((each) => each.runId === runId);
  if (found) await queueInstruction(tx, { interventionId, runId: run.id, text: continuationText(found), queuedAt: now });
}
