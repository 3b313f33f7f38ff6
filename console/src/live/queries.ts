import type { AuditQuery, PersonClient } from "@pullcord/sdk/client";
import { bounds, type LogLine, type RunStatus, type UndoScope } from "@pullcord/sdk/protocol";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useClient } from "./client.js";
import { keys } from "./keys.js";
import { keptLogLines } from "./patch.js";

const pageRows = 100;
const auditRows = 50;
/** The status also tells how long ago the gate was proven, which no event may say while the server is quiet. */
const statusEveryMs = 15_000;
const receiptEveryMs = 1_000;
/** After this long nothing more is expected of a stop; what is not proven by then is shown as not proven. */
const receiptWatchMs = 120_000;
const stopDays = 7;

export function useSession() {
  const client = useClient();
  return useQuery({ queryKey: keys.session, queryFn: ({ signal }) => client.session({ signal }), staleTime: 60_000 });
}

export function useStatus() {
  const client = useClient();
  return useQuery({ queryKey: keys.status, queryFn: ({ signal }) => client.status({ signal }), refetchInterval: statusEveryMs });
}

export function useRuns(status?: RunStatus) {
  const client = useClient();
  return useQuery({
    queryKey: status ? [...keys.runs, status] : keys.runs,
    queryFn: ({ signal }) => client.listRuns({ limit: pageRows, ...(status && { status }) }, { signal }),
  });
}

export function useRun(id: string) {
  const client = useClient();
  return useQuery({ queryKey: keys.run(id), queryFn: ({ signal }) => client.getRun(id, { signal }) });
}

export function useActions(run: string) {
  const client = useClient();
  return useQuery({ queryKey: keys.actions(run), queryFn: ({ signal }) => client.listActions(run, { limit: pageRows }, { signal }) });
}

export function useExplanation(action: string) {
  const client = useClient();
  return useQuery({ queryKey: keys.explanation(action), queryFn: ({ signal }) => client.explain(action, { signal }) });
}

export function useLog(run: string) {
  const client = useClient();
  return useQuery<readonly LogLine[]>({
    queryKey: keys.log(run),
    queryFn: ({ signal }) => newestLines(client, run, signal),
  });
}

/** The newest lines, as many as a page keeps: the last ones first, since they may be all there are. */
async function newestLines(client: PersonClient, run: string, signal: AbortSignal): Promise<readonly LogLine[]> {
  const { items: newest } = await client.readLog(run, { limit: bounds.logLines }, { signal });
  const first = newest.at(0)?.seq ?? 1;
  const lines: LogLine[] = [];
  for (let after = Math.max(0, (newest.at(-1)?.seq ?? 0) - keptLogLines); after + 1 < first; after = lines.at(-1)?.seq ?? first) {
    const { items } = await client.readLog(run, { after, limit: bounds.logLines }, { signal });
    lines.push(...items.filter(({ seq }) => seq < first));
    if (items.length === 0 || items.some(({ seq }) => seq >= first)) break;
  }
  return [...lines, ...newest];
}

export function useRequests() {
  const client = useClient();
  return useQuery({
    queryKey: keys.requests,
    queryFn: ({ signal }) => client.listApprovalRequests({ status: "pending", limit: pageRows }, { signal }),
  });
}

export function useRequest(id: string) {
  const client = useClient();
  return useQuery({ queryKey: keys.request(id), queryFn: ({ signal }) => client.getApprovalRequest(id, { signal }) });
}

/** Read again with every line about an intervention, and each second until it is proven or said not to be (E5). */
export function useStopReceipt(id: string) {
  const client = useClient();
  return useQuery({
    queryKey: keys.receipt(id),
    queryFn: ({ signal }) => client.stopReceipt(id, { signal }),
    refetchInterval: ({ state }) => (state.data?.standing === "stopped" ? false : receiptWatched(state.data?.steps[0]?.at)),
  });
}

function receiptWatched(requestedAt = Date.now()): number | false {
  return Date.now() - requestedAt < receiptWatchMs ? receiptEveryMs : false;
}

export function useStopTimes() {
  const client = useClient();
  return useQuery({ queryKey: keys.stopTimes, queryFn: ({ signal }) => client.stopTimes(stopDays, { signal }) });
}

export function useInterventions(run?: string) {
  const client = useClient();
  return useQuery({
    queryKey: run ? [...keys.interventions, run] : keys.interventions,
    queryFn: ({ signal }) => client.listInterventions(run ? { run } : {}, { signal }),
  });
}

export function useChanges(run: string) {
  const client = useClient();
  return useQuery({ queryKey: keys.changes(run), queryFn: ({ signal }) => client.changesOf(run, { signal }) });
}

/** What an ended run came to, and what keeping it would make. */
export function useReview(run: string) {
  const client = useClient();
  return useQuery({ queryKey: keys.review(run), queryFn: ({ signal }) => client.reviews.read(run, { signal }) });
}

export function useUndos(run: string) {
  const client = useClient();
  return useQuery({ queryKey: keys.undos(run), queryFn: ({ signal }) => client.listUndos({ run }, { signal }) });
}

/** As everything stands now: read anew each time it is opened. */
export function useUndoPreview(scope: UndoScope) {
  const client = useClient();
  return useQuery({
    queryKey: keys.undoPreview(JSON.stringify(scope)),
    queryFn: ({ signal }) => client.previewUndo(scope, { signal }),
    gcTime: 0,
    staleTime: 0,
  });
}

/** What the dial is set to for more than a single run. */
export function useAutonomySettings() {
  const client = useClient();
  return useQuery({ queryKey: keys.autonomy, queryFn: ({ signal }) => client.autonomySettings({ signal }) });
}

export function useAgents() {
  const client = useClient();
  return useQuery({ queryKey: keys.agents, queryFn: ({ signal }) => client.listAgents({ signal }) });
}

/** An agent's trust with its history; nothing is read for `null`. */
export function useAgentTrust(agent: string | null) {
  const client = useClient();
  return useQuery({
    queryKey: keys.trust(agent ?? ""),
    queryFn: ({ signal }) => client.agentTrust(agent ?? "", { signal }),
    enabled: agent !== null,
  });
}

const processesEveryMs = 3_000;

/** What a run's processes do: no event tells, so it is read again while somebody looks. */
export function useProcesses(run: string) {
  const client = useClient();
  return useQuery({
    queryKey: keys.processes(run),
    queryFn: ({ signal }) => client.runProcesses(run, { signal }),
    refetchInterval: processesEveryMs,
  });
}

export function useTokens() {
  const client = useClient();
  return useQuery({ queryKey: keys.tokens, queryFn: ({ signal }) => client.listAgentTokens({ signal }) });
}

export function useWebhookTokens() {
  const client = useClient();
  return useQuery({ queryKey: keys.webhooks, queryFn: ({ signal }) => client.webhooks.listTokens({ signal }) });
}

export function usePolicy() {
  const client = useClient();
  return useQuery({ queryKey: keys.policy, queryFn: ({ signal }) => client.policy({ signal }) });
}

export function useAudit(filters: AuditQuery) {
  const client = useClient();
  return useInfiniteQuery({
    queryKey: [...keys.audit, JSON.stringify(filters)],
    queryFn: ({ pageParam, signal }) =>
      client.listAudit({ ...filters, limit: auditRows, ...(pageParam && { cursor: pageParam }) }, { signal }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
  });
}

/** The newest drill of the stop, as its entry in the record. */
export function useLastDrill() {
  const client = useClient();
  return useQuery({ queryKey: keys.drill, queryFn: ({ signal }) => client.listAudit({ type: "drill.recorded", limit: 1 }, { signal }) });
}

export function useBreakGlassUses() {
  const client = useClient();
  return useQuery({ queryKey: keys.breakGlass, queryFn: ({ signal }) => client.listBreakGlass({ limit: 50 }, { signal }) });
}

export function useBreakGlassReport() {
  const client = useClient();
  return useQuery({ queryKey: keys.breakGlassReport, queryFn: ({ signal }) => client.breakGlassReport(30, { signal }) });
}
