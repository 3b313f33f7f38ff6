import type { Explanation } from "@pullcord/sdk/protocol";
import { explain } from "../domain/explaining/explain.js";
import { findBreakGlass } from "../store/break-glass.js";
import type { LookContext } from "./context.js";
import { examine } from "./examine-action.js";
import { gatherFacts } from "./gather-facts.js";
import { requireAction, requireRun } from "./require.js";

/**
 * Why an action was decided as it was, and what would have changed that. Looks only; nothing is written.
 * @param file where the policy is read from; null for the built-in one
 * @throws PullcordError `not_found`/`unknown_action`
 */
export async function explainAction(look: LookContext, actionId: string, file: string | null): Promise<Explanation> {
  const action = await requireAction(look.tx, look.actor, actionId);
  const run = await requireRun(look.tx, look.actor, action.runId);
  const examination = examine(look, run, action.proposed);
  const used = action.decision?.basis?.breakGlassId ?? action.decision?.breakGlassId;
  const { hasPolicyChanged, ...explained } = explain(
    {
      action,
      today: await gatherFacts(look, run, { proposed: action.proposed, examination }),
      breakGlass: used === undefined ? null : ((await findBreakGlass(look.tx, used)) ?? null),
      read: (proposed) => examine(look, run, proposed).reading,
    },
    look.now,
  );
  return { action, policy: { file, hasChanged: hasPolicyChanged }, ...explained };
}
