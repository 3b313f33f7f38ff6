import type { PersonClient, StreamItem } from "@pullcord/sdk/client";
import { isPullcordError, type AuditEntry, type LogLine, type Page, type RunSummary } from "@pullcord/sdk/protocol";
import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import { announce } from "./announce.js";
import { announceEvent } from "./announce-event.js";
import { connection, countRecorded, setConnection } from "./connection.js";
import { keys, staleKeys, type Key } from "./keys.js";
import { receipt, showReceipt } from "./receipts.js";
import { withLogLine, withProgress, withRunProgress } from "./patch.js";

/** Changes are gathered this long, so that a busy agent costs four reads a second and not a thousand. */
const gatherMs = 250;

/** Follows the one live stream until `signal` aborts, and keeps everything that is shown up to date. */
export async function followStream(client: PersonClient, queries: QueryClient, signal: AbortSignal): Promise<void> {
  const stale = gather(queries);
  try {
    for await (const item of client.events({ signal })) {
      take(item, queries, stale.add);
      if (item.kind === "recorded") void showStopOf(client, item.entry).catch(() => undefined);
    }
  } catch (error) {
    setConnection(
      isPullcordError(error) && error.code === "unauthenticated" ? { state: "signed_out" } : { state: "lost", since: Date.now() },
    );
    if (isPullcordError(error) && error.code === "unauthenticated") await queries.invalidateQueries({ queryKey: keys.session });
  } finally {
    stale.stop();
  }
}

function take(item: StreamItem, queries: QueryClient, add: (keys: readonly Key[]) => void): void {
  switch (item.kind) {
    case "connected":
      setConnection({ state: "live", since: Date.now() });
      // What happened while nobody listened is read again.
      void queries.invalidateQueries();
      return;
    case "disconnected":
      if (connection().state !== "lost") setConnection({ state: "lost", since: Date.now() });
      return;
    case "recorded":
      countRecorded();
      announceEvent(item.entry);
      add(staleKeys(item));
      return;
    case "stopped":
      void queries.invalidateQueries();
      announce("Stopped, and not on record: the database cannot write", "assertive");
      return;
    case "progress":
      queries.setQueriesData<InfiniteData<Page<RunSummary>> | Page<RunSummary>>({ queryKey: keys.runs }, (data) =>
        data && "items" in data ? withProgress(data, item) : data,
      );
      queries.setQueryData<RunSummary>(keys.run(item.runId), (run) => run && withRunProgress(run, item.progress));
      return;
    case "log":
      queries.setQueryData<readonly LogLine[]>(keys.log(item.runId), (lines) => lines && withLogLine(lines, item.line));
  }
}

/** A stop of everything by somebody else is everybody's business: its receipt is shown too. */
async function showStopOf(client: PersonClient, entry: AuditEntry): Promise<void> {
  const { id, kind, scope } = entry.body;
  if (entry.type !== "intervention.made" || kind !== "stop" || typeof id !== "string") return;
  if (typeof scope !== "object" || scope === null || !("kind" in scope) || scope["kind"] !== "everything") return;
  const intervention = await client.getIntervention(id);
  const shown = receipt();
  if (shown?.status === "sending" || (shown?.status === "made" && shown.intervention.id === id)) return;
  showReceipt({ status: "made", intervention });
}

function gather(queries: QueryClient) {
  const waiting = new Map<string, Key>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    timer = undefined;
    const due = [...waiting.values()];
    waiting.clear();
    for (const queryKey of due) void queries.invalidateQueries({ queryKey });
  };
  return {
    add: (stale: readonly Key[]) => {
      for (const key of stale) waiting.set(key.join(" "), key);
      timer ??= setTimeout(flush, gatherMs);
    },
    stop: () => clearTimeout(timer),
  };
}
