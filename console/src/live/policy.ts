import type { PolicyCheck } from "@pullcord/sdk/protocol";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useClient } from "./client.js";
import { keys } from "./keys.js";

/** The text is checked this long after the last key, in milliseconds. */
const settleMs = 400;
const versionsShown = 30;

/** What a text is worth, asked anew as it changes; the answer before stays in sight meanwhile. */
export function usePolicyCheck(text: string) {
  const client = useClient();
  const settled = useSettled(text);
  const query = useQuery<PolicyCheck>({
    queryKey: [...keys.policy, "check", settled],
    queryFn: ({ signal }) => client.policies.check(settled, undefined, { signal }),
    placeholderData: (before) => before,
  });
  return { ...query, isCurrent: settled === text && !query.isPlaceholderData && query.data !== undefined };
}

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), settleMs);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

export function useReplacePolicy(onDone: () => void) {
  const client = useClient();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ text, base, reason }: { readonly text: string; readonly base: string; readonly reason: string }) =>
      client.policies.replace({ text, base, ...(reason.trim() === "" ? {} : { reason: reason.trim() }) }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: keys.policy });
      onDone();
    },
  });
}

export function useBacktest() {
  const client = useClient();
  return useMutation({
    mutationFn: ({ text, most }: { readonly text: string; readonly most: number }) => client.policies.backtest(text, most),
  });
}

export function useShadow() {
  const client = useClient();
  const query = useQuery({ queryKey: [...keys.policy, "shadow"], queryFn: ({ signal }) => client.policies.shadow({ signal }) });
  const change = useMutation({
    mutationFn: async (text: string | null) => {
      await (text === null ? client.policies.endShadow() : client.policies.setShadow(text));
    },
    onSuccess: () => query.refetch(),
  });
  return { query, change };
}

export function useSuggestions() {
  const client = useClient();
  return useQuery({ queryKey: [...keys.policy, "suggestions"], queryFn: ({ signal }) => client.policies.suggestions({ signal }) });
}

export function useVersions() {
  const client = useClient();
  return useQuery({
    queryKey: [...keys.policy, "versions"],
    queryFn: ({ signal }) => client.policies.versions({ limit: versionsShown }, { signal }),
  });
}

export function useVersionText(version: string, isWanted: boolean) {
  const client = useClient();
  return useQuery({
    queryKey: [...keys.policy, "text", version],
    queryFn: ({ signal }) => client.policies.versionText(version, { signal }),
    enabled: isWanted,
  });
}

/** What a rule can test and the file can say, by the schema that the server checks with. */
export function useSchemaHelp() {
  const client = useClient();
  return useQuery({
    queryKey: [...keys.policy, "help"],
    queryFn: ({ signal }) => client.policies.conditions({ signal }),
    staleTime: Infinity,
  });
}
