import { reversibilities, riskLevel, type DryRunAction, type DryRunPlan, type Effect } from "@pullcord/sdk/protocol";

/** From best to worst. */
const effectOrder: readonly Effect[] = ["allow", "require_approval", "deny"];
/** What could not be read counts as the worst. */
const unreadScore = 100;

/** A plan takes the worst of everything in it (V9.2.10): one step that can't be taken back makes the plan one that can't. */
export function planOf(actions: readonly DryRunAction[]): DryRunPlan {
  const score = Math.max(0, ...actions.map(({ assessment }) => assessment?.score ?? unreadScore));
  return {
    effect: worst(
      effectOrder,
      actions.map(({ effect }) => effect),
    ),
    reversibility: worst(
      reversibilities,
      actions.map(({ assessment }) => assessment?.reversibility ?? "irreversible"),
    ),
    score,
    level: riskLevel(score),
  };
}

function worst<T>(order: readonly T[], found: readonly T[]): T {
  const place = Math.max(0, ...found.map((one) => order.indexOf(one)));
  return order[place] as T;
}
