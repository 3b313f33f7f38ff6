import type { Actor } from "@pullcord/sdk/protocol";
import type { LimitOrder } from "../domain/verdict.js";
import { openRuns, type StoredRun } from "../store/runs.js";
import { makeIntervention } from "./apply-intervention.js";
import type { CommandContext } from "./context.js";

interface Ordering {
  readonly kind: "pause" | "stop";
  readonly order: LimitOrder;
  /** The action that met the limit; it is being decided, so a stop does not cancel it. */
  readonly actionId: string;
}

/**
 * A limit's own pause or stop, in the system's name and by the way of every intervention. What an agent has used up in
 * all its runs holds all of them. Changes `run`; the caller writes it.
 */
export async function orderByLimit(context: CommandContext, run: StoredRun, { kind, order, actionId }: Ordering): Promise<void> {
  const { guardrail, scope, reason } = order;
  const by: Actor = { kind: "system", id: guardrail };
  const others = scope === "agent" ? (await openRuns(context.tx, run.agent)).filter(({ id }) => id !== run.id) : [];
  const reached = scope === "agent" ? ({ kind: "agent", id: run.agent } as const) : ({ kind: "run", id: run.id } as const);
  await makeIntervention({ ...context, actor: by }, { kind, scope: reached, reason }, { runs: [run, ...others], except: actionId });
}
