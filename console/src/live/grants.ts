import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useClient } from "./client.js";
import { keys } from "./keys.js";

/** What was granted beyond once, ended grants too. */
export function useGrants() {
  const client = useClient();
  return useQuery({ queryKey: keys.grants, queryFn: ({ signal }) => client.grants.list({}, { signal }) });
}

export function useEndGrant() {
  const client = useClient();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => client.grants.end(id),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.grants }),
  });
}

/** What an approval of a request could cover, asked only once somebody wants more than once. */
export function useGrantOptions(request: string, isWanted: boolean) {
  const client = useClient();
  return useQuery({
    queryKey: [...keys.grants, "options", request],
    queryFn: ({ signal }) => client.grants.options(request, { signal }),
    enabled: isWanted,
    staleTime: Infinity,
  });
}
