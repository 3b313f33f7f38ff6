import type { ActOnBreaker, LimitOwner } from "@pullcord/sdk/protocol";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useClient } from "./client.js";
import { keys } from "./keys.js";

/** The limits of a run and its agent, or of an agent alone. */
export function useLimits({ kind, id }: LimitOwner) {
  const client = useClient();
  return useQuery({
    queryKey: keys.limits(id),
    queryFn: ({ signal }) => client.limits.of(kind === "run" ? { run: id } : { agent: id }, { signal }),
  });
}

/** Breakers that are open, half-open or held, of whomever. */
export function useBreakers() {
  const client = useClient();
  return useQuery({ queryKey: keys.breakers, queryFn: ({ signal }) => client.limits.breakers({ signal }) });
}

export function useActOnBreaker() {
  const client = useClient();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (act: ActOnBreaker) => client.limits.act(act),
    onSuccess: () =>
      Promise.all([["limits"], keys.breakers, keys.runs, ["run"]].map((queryKey) => queries.invalidateQueries({ queryKey }))),
  });
}
