import { theySaid } from "../domain/they-said.js";
import type { Plan, PlanAnswer } from "@pullcord/sdk/protocol";
import { planInWords } from "../domain/plans/words.js";
import type { StoredRun } from "../store/runs.js";
import type { Outside } from "./context.js";

/** What the agent has to do about a plan as it stands now. Anything unexpected: deny. */
export function planAnswer(
  plan: Plan,
  { run, outside }: { readonly run: StoredRun; readonly outside: Pick<Outside, "killFilePresent" | "unrecorded"> },
): PlanAnswer {
  const stop = outside.unrecorded.stateOf(run).status === "stopped" || outside.killFilePresent();
  const answer = (next: PlanAnswer["next"], guidance: string): PlanAnswer => ({ plan, next, guidance, stop });
  if (stop) return answer("deny", "Pullcord: a person stopped this run. Do nothing more and tell your human.");
  if (plan.ended) return answer("deny", `Pullcord: plan ${plan.id} is over (${plan.ended.why}), so it covers nothing any more.`);
  const why = theySaid(plan.resolution?.reason);
  switch (plan.status) {
    case "pending":
      return answer(
        "wait",
        `Pullcord asks a person about this plan. Ask your human to answer plan ${plan.id} in the Pullcord console, or with: pullcord plan show ${plan.id}`,
      );
    case "approved":
      return answer("follow", planInWords(plan));
    case "denied":
      return answer("deny", `Pullcord: a person denied plan ${plan.id}. ${why} Do none of it; ask your human if you need it.`);
    case "expired":
      return answer("deny", `Pullcord: nobody answered plan ${plan.id} in time, so it is denied. Hand it in again to ask anew.`);
    default:
      return answer("deny", `Pullcord: plan ${plan.id} was cancelled: ${plan.resolution?.reason ?? "its run ended."}`);
  }
}
