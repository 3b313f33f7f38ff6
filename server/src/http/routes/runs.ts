import { z } from "@hono/zod-openapi";
import { bounds, PullcordError } from "@pullcord/sdk/protocol";
import { openRun } from "../../commands/open-run.js";
import { requireRun } from "../../commands/require.js";
import { appendLog, finishRun, logLines, passSafePoint, reportProcess, reportProgress } from "../../commands/run-reports.js";
import { viewProcesses } from "../../commands/running-processes.js";
import { summarizeRun, viewRun } from "../../commands/run-view.js";
import { wholeId } from "../../store/ids.js";
import { readLog } from "../../store/run-log.js";
import { listRuns } from "../../store/runs.js";
import type { Hints } from "../live/hints.js";
import { page, pageOf, pageQuery, readTimeCursor, timeCursor } from "../paging.js";
import { addRoute, type Serving } from "../route.js";
import { safePointAnswer } from "../schemas/actions.js";
import { runningProcesses, runProcess } from "../schemas/processes.js";
import * as schemas from "../schemas/runs.js";

const tag = "runs";
export const runParams = z.object({ id: z.string().max(bounds.nameLength) });
const readers = { agentOr: "viewer" } as const;

/** Opening, reading and reporting on runs. */
export function addRunRoutes(serving: Serving, hints: Hints): void {
  addOpening(serving);
  addReading(serving);
  addProcesses(serving);
  addReports(serving, hints);
}

function addOpening(serving: Serving): void {
  const { runner } = serving;
  addRoute(serving, {
    method: "post",
    path: "/v1/runs",
    tag,
    summary: "Open a run, or find the one with this externalId",
    who: "agent",
    body: schemas.openRun,
    answer: schemas.run,
    handle: async ({ body, caller, principal }) => {
      if (principal?.kind !== "agent") throw new PullcordError("forbidden", "agents_only", "Only an agent opens runs.");
      const run = await runner.run(openRun, { ...body, tokenId: principal.token.id }, caller);
      return viewRun(runner.store.read, runner.outside, run);
    },
  });
}

function addReading(serving: Serving): void {
  const { store, outside } = serving.runner;
  addRoute(serving, {
    method: "get",
    path: "/v1/runs",
    tag,
    summary: "Runs, newest first",
    who: "viewer",
    query: pageQuery.extend({ status: schemas.runStatus.optional(), agent: z.string().max(bounds.nameLength).optional() }),
    answer: pageOf(schemas.runSummary, "RunSummary"),
    handle: async ({ query }) => {
      const cursor = readTimeCursor(query.cursor);
      const rows = await listRuns(store.read, {
        ...query,
        limit: query.limit + 1,
        cursor: cursor && { openedAt: cursor.at, id: cursor.id },
      });
      const summaries = await Promise.all(rows.map((run) => summarizeRun(store.read, outside, run)));
      return page(summaries, query.limit, { item: (run) => run, cursor: (run) => timeCursor(run.openedAt, run.id) });
    },
  });
  addRoute(serving, {
    method: "get",
    path: "/v1/runs/{id}",
    tag,
    summary: "One run",
    who: readers,
    params: runParams,
    answer: schemas.runSummary,
    handle: async ({ params, caller }) => {
      const run = await requireRun(store.read, caller.actor, await wholeId(store.read, "runs", params.id));
      return summarizeRun(store.read, outside, run);
    },
  });
  addRoute(serving, {
    method: "get",
    path: "/v1/runs/{id}/log",
    tag,
    summary: "Output lines, oldest first",
    who: readers,
    params: runParams,
    query: z.object({
      after: z.coerce.number().int().min(0).optional(),
      limit: z.coerce.number().int().min(1).max(bounds.logLines).default(bounds.logLines),
    }),
    answer: z.object({ items: z.array(schemas.logLine) }),
    handle: async ({ params, query, caller }) => {
      const run = await requireRun(store.read, caller.actor, await wholeId(store.read, "runs", params.id));
      return { items: await readLog(store.read, run.id, query) };
    },
  });
}

function addProcesses(serving: Serving): void {
  addRoute(serving, {
    method: "get",
    path: "/v1/runs/{id}/processes",
    tag,
    summary: "What the processes of a run do now",
    who: "viewer",
    params: runParams,
    answer: runningProcesses,
    handle: ({ params, caller }) => viewProcesses(serving.runner, caller.actor, params.id),
  });
}

function addReports(serving: Serving, hints: Hints): void {
  const { runner } = serving;
  addRoute(serving, {
    method: "put",
    path: "/v1/runs/{id}/progress",
    tag,
    summary: "Report n of N",
    who: "agent",
    params: runParams,
    body: schemas.progress,
    handle: async ({ params, body, caller }) => {
      // The same progress twice is the same progress.
      await runner.run(reportProgress, { runId: params.id, progress: body }, { ...caller, idempotencyKey: undefined });
      hints.send({ kind: "progress", runId: params.id, progress: body });
    },
  });
  addRoute(serving, {
    method: "put",
    path: "/v1/runs/{id}/process",
    tag,
    summary: "Say where the run's processes are",
    who: "agent",
    params: runParams,
    body: runProcess,
    handle: async ({ params, body, caller }) =>
      runner.run(reportProcess, { runId: params.id, process: body }, { ...caller, idempotencyKey: undefined }),
  });
  addRoute(serving, {
    method: "post",
    path: "/v1/runs/{id}/log",
    tag,
    summary: "Append output lines",
    who: "agent",
    params: runParams,
    body: schemas.appendLog,
    handle: async ({ params, body, caller }) => {
      const place = await runner.run(appendLog, { runId: params.id, lines: body.lines }, caller);
      for (const line of logLines(body.lines, place)) hints.send({ kind: "log", runId: params.id, line });
    },
  });
  addRoute(serving, {
    method: "post",
    path: "/v1/runs/{id}/safe-points",
    tag,
    summary: "Ask whether the run may go on, and take instructions",
    who: "agent",
    params: runParams,
    body: z.strictObject({}),
    answer: safePointAnswer,
    handle: ({ params, caller }) => runner.run(passSafePoint, { runId: params.id }, caller),
  });
  addRoute(serving, {
    method: "post",
    path: "/v1/runs/{id}/result",
    tag,
    summary: "Finish a run",
    who: "agent",
    params: runParams,
    body: schemas.finishRun,
    answer: schemas.run,
    handle: async ({ params, body, caller }) => {
      const run = await runner.run(finishRun, { runId: params.id, result: body.result }, caller);
      return viewRun(runner.store.read, runner.outside, run);
    },
  });
}
