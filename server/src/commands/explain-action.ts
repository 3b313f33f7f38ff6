import type { Explanation } from "@pullcord/sdk/protocol";
import { explain } from "../domain/explaining/explain.js";
import type { Policy } from "../domain/policy/policy.js";
import { findBreakGlass } from "../store/break-glass.js";
import { findPolicyText } from "../store/policy-versions.js";
import type { LookContext } from "./context.js";
import { examine } from "./examine-action.js";
import { gatherFacts } from "./gather-facts.js";
import { requireAction, requireRun } from "./require.js";

/** Where the policy comes from, and how one that is not in force any more is made of its text. */
export interface PolicySource {
  /** Null for the built-in one. */
  readonly file: string | null;
  /** Null where the text can't be taken any more, as with matchers of its own. */
  readonly policyOf: (text: string) => Promise<Policy | null>;
}

/**
 * Why an action was decided as it was, and what would have changed that. Looks only; nothing is written.
 * @throws PullcordError `not_found`/`unknown_action`
 */
export async function explainAction(look: LookContext, actionId: string, { file, policyOf }: PolicySource): Promise<Explanation> {
  const action = await requireAction(look.tx, look.actor, actionId);
  const run = await requireRun(look.tx, look.actor, action.runId);
  const examination = examine(look, run, action.proposed);
  const used = action.decision?.basis?.breakGlassId ?? action.decision?.breakGlassId;
  const today = await gatherFacts(look, run, { proposed: action.proposed, examination });
  const version = action.decision?.policyVersion ?? today.policy.version;
  const text = version === today.policy.version ? null : await findPolicyText(look.tx, version);
  const { hasPolicyChanged, ...explained } = explain(
    {
      action,
      today,
      policyThen: text === null ? null : await policyOf(text),
      breakGlass: used === undefined ? null : ((await findBreakGlass(look.tx, used)) ?? null),
      read: (proposed) => examine(look, run, proposed).reading,
    },
    look.now,
  );
  return { action, policy: { file, hasChanged: hasPolicyChanged }, ...explained };
}
