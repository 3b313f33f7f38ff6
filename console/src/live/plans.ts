import type { ArrangePlan, Plan, ResolvePlan } from "@pullcord/sdk/protocol";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { announce } from "./announce.js";
import { useClient } from "./client.js";
import { keys } from "./keys.js";

const pageRows = 100;

/** Plans that wait for a person. */
export function useWaitingPlans() {
  const client = useClient();
  return useQuery({
    queryKey: keys.waitingPlans,
    queryFn: ({ signal }) => client.plans.list({ status: "pending", limit: pageRows }, { signal }),
  });
}

/** A run's plans, the newest first. */
export function useRunPlans(run: string) {
  const client = useClient();
  return useQuery({ queryKey: keys.runPlans(run), queryFn: ({ signal }) => client.plans.list({ run }, { signal }) });
}

export function usePlan(id: string) {
  const client = useClient();
  return useQuery({ queryKey: keys.plan(id), queryFn: ({ signal }) => client.plans.get(id, { signal }) });
}

/** How the steps are to stand; the answer has them judged anew. */
export function useArrangePlan(plan: Plan) {
  const client = useClient();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (steps: ArrangePlan["steps"]) => client.plans.arrange(plan.id, { digest: plan.digest, steps }),
    onSuccess: (arranged) => {
      announce(`Judged anew: ${arranged.steps.length} steps, ${arranged.whole.level} risk`);
      queries.setQueryData(keys.plan(plan.id), arranged);
      return queries.invalidateQueries({ queryKey: keys.waitingPlans });
    },
    onError: () => queries.invalidateQueries({ queryKey: keys.plan(plan.id) }),
  });
}

export function useResolvePlan(plan: Plan, onDecided: () => void) {
  const client = useClient();
  const queries = useQueryClient();
  const mutation = useMutation({
    mutationFn: (answer: Omit<ResolvePlan, "digest">) => client.plans.resolve(plan.id, { ...answer, digest: plan.digest }),
    onSuccess: async (resolved) => {
      announce(resolved.status === "approved" ? "Plan approved" : "Plan denied");
      queries.setQueryData(keys.plan(plan.id), resolved);
      await queries.invalidateQueries({ queryKey: keys.plans });
      onDecided();
    },
    // Somebody may have been first, or changed it: what holds now is shown at once.
    onError: () => queries.invalidateQueries({ queryKey: keys.plan(plan.id) }),
  });
  const { error } = mutation;
  return { ...mutation, client, presenceRequired: error !== null && "reason" in error && error.reason === "presence_required" };
}

/** Takes an approved plan back. */
export function useEndPlan() {
  const client = useClient();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => client.plans.end(id),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.plans }),
  });
}
