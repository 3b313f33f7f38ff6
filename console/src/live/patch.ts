import type { LiveEvent, LogLine, Page, Progress, RunSummary } from "@pullcord/sdk/protocol";

/** Most log lines kept on a page; the server has the rest. */
export const keptLogLines = 5_000;

/** Puts a run's progress in its place in a list, without another request. */
export function withProgress(page: Page<RunSummary>, event: Extract<LiveEvent, { kind: "progress" }>): Page<RunSummary> {
  if (!page.items.some((run) => run.id === event.runId)) return page;
  return { ...page, items: page.items.map((run) => (run.id === event.runId ? withRunProgress(run, event.progress) : run)) };
}

export function withRunProgress(run: RunSummary, progress: Progress): RunSummary {
  return { ...run, progress };
}

/** Adds a log line once, in order, and keeps the newest ones. */
export function withLogLine(lines: readonly LogLine[], line: LogLine): readonly LogLine[] {
  const last = lines.at(-1);
  if (!last || line.seq > last.seq) return [...lines, line].slice(-keptLogLines);
  if (lines.some((known) => known.seq === line.seq)) return lines;
  return [...lines, line].toSorted((a, b) => a.seq - b.seq).slice(-keptLogLines);
}
