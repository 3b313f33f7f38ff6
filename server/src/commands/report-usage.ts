import type { Counted, Usage } from "@pullcord/sdk/protocol";
import { appendEntry } from "../store/audit.js";
import { updateRun } from "../store/runs.js";
import type { Command } from "./context.js";
import { countReported } from "./count-use.js";
import { requireRun } from "./require.js";

/** What a gate says was used, beyond single actions: it adds to what the run, its agent and the day have used (V9.1.2). */
export const reportUsage: Command<{ readonly runId: string; readonly usage: Usage }, void> = async (context, { runId, usage }) => {
  const { tx, now, actor } = context;
  const run = await requireRun(tx, actor, runId);
  await countReported(context, run, countedOf(usage));
  run.lastActivityAt = now;
  await updateRun(tx, run);
  await appendEntry(tx, { type: "usage.reported", at: now, actor, runId: run.id, body: { ...usage } });
};

/** A report in the words of the limits. */
export function countedOf({ tokens = 0, cost = 0 }: Usage): Counted {
  return { ...(tokens > 0 ? { tokens } : {}), ...(cost > 0 ? { money: cost } : {}) };
}
