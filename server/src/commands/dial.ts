import { setByPeople, type DialSet } from "../domain/autonomy.js";
import type { Policy } from "../domain/policy/policy.js";
import { findAutonomy } from "../store/autonomy.js";
import type { StoredRun } from "../store/runs.js";
import type { Reader } from "../store/transaction.js";

/** What people set for a run, or for one action of it in an environment of its own; null where the policy's level holds. */
export async function dialFor(
  reader: Reader,
  { id, agent, opening }: Pick<StoredRun, "id" | "agent" | "opening">,
  { policy, environment = "" }: { readonly policy: Pick<Policy, "autonomy">; readonly environment?: string | undefined },
): Promise<DialSet | null> {
  const covered = { run: id, agent, task: opening.task, environment: opening.environment ?? "", actionEnvironment: environment };
  const settings = await findAutonomy(reader, covered);
  return setByPeople(
    settings.map(({ scope, level }) => ({ from: scope.kind, level })),
    policy,
  );
}
