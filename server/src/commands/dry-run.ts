import { PullcordError, type DryRun, type DryRunAnswer } from "@pullcord/sdk/protocol";
import { planOf } from "../domain/plans/plan.js";
import { wholeId } from "../store/ids.js";
import { emptyTally, type StoredRun } from "../store/runs.js";
import type { LookContext } from "./context.js";
import { judgeInOrder } from "./judge-in-order.js";
import { requireRun } from "./require.js";
import { rowsPreviewer } from "./rows-preview.js";

/** Who a new run would be opened by, where nobody is named: somebody who has earned nothing yet. */
const nobody = "nobody";

/**
 * What would be decided about actions that nobody proposed, and no answer is a permit.
 * @throws PullcordError `not_found`/`unknown_run`; `invalid`/`run_required` for an agent that names none, `forbidden`/`people_only` for
 * one that asks for rows; `unavailable`/`caller_gone`
 */
export async function dryRun(look: LookContext, asked: DryRun, signal: AbortSignal): Promise<DryRunAnswer> {
  if (asked.rows === true && look.actor.kind === "agent") {
    const text = "/rows: only people are shown rows; an agent could read a database by what it asks.";
    throw new PullcordError("forbidden", "people_only", text, { field: "/rows" });
  }
  const run = await runOf(look, asked);
  const rowsOf = asked.rows === true ? { rowsOf: rowsPreviewer(look, run, signal) } : {};
  const judged = await judgeInOrder(look, run, { actions: asked.actions, signal, ...rowsOf });
  const actions = judged.map(({ action }) => action);
  return { actions, plan: planOf(actions) };
}

async function runOf({ tx, now, actor }: LookContext, asked: DryRun): Promise<StoredRun> {
  if (asked.run !== undefined) return requireRun(tx, actor, await wholeId(tx, "runs", asked.run));
  if (actor.kind === "agent") {
    throw new PullcordError("invalid", "run_required", "/run: name the run that the actions would belong to.", { field: "/run" });
  }
  const { workingDirectory, environment, agent = nobody } = asked;
  return {
    id: "",
    agent,
    tokenId: "",
    opening: {
      task: "",
      ...(workingDirectory === undefined ? {} : { workingDirectory }),
      ...(environment === undefined ? {} : { environment }),
    },
    openedAt: now,
    lastActivityAt: now,
    state: { status: "running" },
    progress: null,
    tally: structuredClone(emptyTally),
  };
}
