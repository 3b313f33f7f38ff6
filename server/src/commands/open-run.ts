import type { OpenRun } from "@pullcord/sdk/protocol";
import { transitionRun } from "../domain/run-state.js";
import { nextOrThrow } from "../domain/transition.js";
import { requireOwnProcess } from "../domain/run-process.js";
import { findAgent, newAgent, saveAgent } from "../store/agents.js";
import { appendEntry } from "../store/audit.js";
import { emptyTally, findRunByExternalId, insertRun, updateRun, type StoredRun } from "../store/runs.js";
import type { Command, CommandContext } from "./context.js";
import { continuationOf, takeOver } from "./continue-run.js";
import { bindToken } from "./run-token.js";

/** Opens a run for the calling agent; with an `externalId` that is known, gives that run, opened again if it had finished. */
export const openRun: Command<OpenRun & { readonly tokenId: string }, StoredRun> = async (context, { tokenId, ...opening }) => {
  const { tx, now, actor, outside } = context;
  if (opening.process) requireOwnProcess(opening.process, { id: null, externalId: opening.externalId ?? null, namedBy: actor.kind });
  const known = opening.externalId === undefined ? undefined : await findRunByExternalId(tx, actor.id, opening.externalId);
  if (known) return reopened(context, known);
  const run: StoredRun = {
    id: outside.newId("runs"),
    agent: actor.id,
    tokenId,
    opening,
    openedAt: now,
    lastActivityAt: now,
    state: { status: "running" },
    progress: null,
    tally: structuredClone(emptyTally),
  };
  const continued = await continuationOf(context, opening);
  await countRun(context);
  await bindToken(context, run);
  await insertRun(tx, run);
  if (continued) await takeOver(context, run, continued);
  await appendEntry(tx, {
    type: "run.opened",
    at: now,
    actor,
    runId: run.id,
    body: {
      task: opening.task,
      agent: run.agent,
      ...(continued ? { continues: continued.runId } : {}),
      ...(opening.workingDirectory === undefined ? {} : { workingDirectory: opening.workingDirectory }),
    },
  });
  return run;
};

/** A session that is resumed goes on as the same run; a stop stays a stop. */
async function reopened({ tx, now, actor }: CommandContext, run: StoredRun): Promise<StoredRun> {
  if (run.state.status !== "finished") return run;
  run.state = nextOrThrow(transitionRun(run.state, { kind: "reopen" }, now));
  // The client that it had may be gone; the one that resumes says where it is.
  const { marker } = run.opening.process ?? {};
  if (marker) run.opening = { ...run.opening, process: { marker } };
  run.lastActivityAt = now;
  await updateRun(tx, run);
  await appendEntry(tx, {
    type: "run.opened",
    at: now,
    actor,
    runId: run.id,
    body: { task: run.opening.task, agent: run.agent, again: true },
  });
  return run;
}

/** A new agent starts at the lowest tier (requirements, P33). */
async function countRun({ tx, now, actor }: CommandContext): Promise<void> {
  const agent = (await findAgent(tx, actor.id)) ?? newAgent(actor.id, now);
  await saveAgent(tx, { ...agent, runs: agent.runs + 1 });
}
