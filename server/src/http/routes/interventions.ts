import { z } from "@hono/zod-openapi";
import { bounds, PullcordError, roles, type Intervene, type Person, type DialScope } from "@pullcord/sdk/protocol";
import { endBreakGlassUse, useBreakGlass } from "../../commands/break-glass.js";
import { interveneRegardless } from "../../commands/stop-regardless.js";
import { reportOn } from "../../commands/report-effect.js";
import { setAutonomy } from "../../commands/settings.js";
import { report } from "../../domain/break-glass.js";
import { countDecisionsByDay } from "../../store/actions.js";
import { listAutonomy } from "../../store/autonomy.js";
import { listBreakGlass } from "../../store/break-glass.js";
import { wholeId } from "../../store/ids.js";
import { findIntervention, listInterventions } from "../../store/interventions.js";
import type { Reader } from "../../store/transaction.js";
import { page, pageOf, pageQuery, readTimeCursor, timeCursor } from "../paging.js";
import { addRoute, type Serving } from "../route.js";
import * as schemas from "../schemas/human-acts.js";
import { personOf } from "./approvals.js";
import { runParams } from "./runs.js";

const tag = "interventions";
const dayMs = 86_400_000;

/** What people do to runs: stop, pause, resume, instruct, the dial, break glass. */
export function addInterventionRoutes(serving: Serving): void {
  addInterventions(serving);
  addEffects(serving);
  addDial(serving);
  addBreakGlass(serving);
}

function addInterventions(serving: Serving): void {
  const { runner } = serving;
  const { store } = runner;
  addRoute(serving, {
    method: "post",
    path: "/v1/interventions",
    tag,
    summary: "Stop, pause, resume or instruct",
    // Stopping is for everybody: a hatch only for admins is none (E61).
    who: "viewer",
    body: schemas.intervene,
    answer: schemas.intervention,
    handle: async ({ body, caller, principal }) => {
      requireMayIntervene(body, personOf(principal));
      return interveneRegardless(runner, { ...body, scope: await wholeScope(store.read, body.scope) }, caller);
    },
  });
  addRoute(serving, {
    method: "get",
    path: "/v1/interventions",
    tag,
    summary: "Interventions, newest first",
    who: "viewer",
    query: pageQuery.extend({ run: z.string().max(bounds.nameLength).optional() }),
    answer: pageOf(schemas.intervention, "Intervention"),
    handle: async ({ query }) => {
      const run = query.run === undefined ? undefined : await wholeId(store.read, "runs", query.run);
      const rows = await listInterventions(store.read, { run, cursor: readTimeCursor(query.cursor), limit: query.limit + 1 });
      return page(rows, query.limit, { item: (intervention) => intervention, cursor: (last) => timeCursor(last.at, last.id) });
    },
  });
  addRoute(serving, {
    method: "get",
    path: "/v1/interventions/{id}",
    tag,
    summary: "One intervention with what it has effected so far",
    who: "viewer",
    params: runParams,
    answer: schemas.intervention,
    handle: async ({ params }) => {
      const found =
        runner.outside.unrecorded.find(params.id) ??
        (await findIntervention(store.read, await wholeId(store.read, "interventions", params.id)));
      if (!found) throw new PullcordError("not_found", "unknown_intervention", `There is no intervention ${params.id}.`);
      return found;
    },
  });
}

function requireMayIntervene({ kind }: Intervene, person: Person): void {
  if (kind === "stop" || kind === "pause" || roles.indexOf(person.role) >= roles.indexOf("operator")) return;
  throw new PullcordError("forbidden", "role", `To ${kind} a run needs the role operator; ${person.name} is ${person.role}.`);
}

function addEffects(serving: Serving): void {
  const { runner } = serving;
  addRoute(serving, {
    method: "post",
    path: "/v1/interventions/{id}/effects",
    tag,
    summary: "Report what became of a stop on the agent's machine",
    who: "agent",
    params: runParams,
    body: schemas.reportEffect,
    handle: ({ params, body, caller }) => reportOn(runner, { ...body, interventionId: params.id }, caller),
  });
}

function addDial(serving: Serving): void {
  const { runner } = serving;
  addRoute(serving, {
    method: "put",
    path: "/v1/autonomy",
    tag,
    summary: "Turn the autonomy dial of a run, an agent, a task, an environment or everything",
    who: "operator",
    body: schemas.setAutonomy,
    handle: async ({ body, caller }) =>
      runner.run(setAutonomy, { ...body, scope: await wholeScope(runner.store.read, body.scope) }, caller),
  });
  addRoute(serving, {
    method: "get",
    path: "/v1/autonomy",
    tag,
    summary: "What the dial is set to for more than a single run, the newest first",
    who: "viewer",
    answer: pageOf(schemas.autonomySetting, "AutonomySetting"),
    handle: async () => ({ items: [...(await listAutonomy(runner.store.read))], next: null }),
  });
}

function addBreakGlass(serving: Serving): void {
  const { runner } = serving;
  const { store } = runner;
  addRoute(serving, {
    method: "post",
    path: "/v1/break-glass",
    tag: "break glass",
    summary: "Force approval within a scope for at most 15 minutes",
    who: "operator",
    body: schemas.breakGlass,
    answer: schemas.breakGlassUse,
    handle: async ({ body, caller }) => runner.run(useBreakGlass, { ...body, scope: await wholeScope(store.read, body.scope) }, caller),
  });
  addRoute(serving, {
    method: "delete",
    path: "/v1/break-glass/{id}",
    tag: "break glass",
    summary: "End a break glass before its time",
    who: "operator",
    params: runParams,
    answer: schemas.breakGlassUse,
    handle: async ({ params, caller }) => runner.run(endBreakGlassUse, { id: await wholeId(store.read, "break_glass", params.id) }, caller),
  });
  addRoute(serving, {
    method: "get",
    path: "/v1/break-glass",
    tag: "break glass",
    summary: "Uses, newest first",
    who: "viewer",
    query: pageQuery,
    answer: pageOf(schemas.breakGlassUse, "BreakGlassUse"),
    handle: async ({ query }) => {
      const before = readTimeCursor(query.cursor)?.at ?? Number.MAX_SAFE_INTEGER;
      const rows = await listBreakGlass(store.read, { from: 0, before, limit: query.limit + 1 });
      return page(rows, query.limit, { item: (use) => use, cursor: (use) => timeCursor(use.at, use.id) });
    },
  });
  addRoute(serving, {
    method: "get",
    path: "/v1/break-glass/report",
    tag: "break glass",
    summary: "Uses against gated decisions, by day",
    who: "viewer",
    query: z.object({ days: z.coerce.number().int().min(1).max(366).default(30) }),
    answer: schemas.breakGlassReport,
    handle: async ({ query }) => {
      const to = runner.now;
      const from = to - query.days * dayMs;
      const uses = await listBreakGlass(store.read, { from, before: to + 1, limit: 10_000 });
      const perDay = await countDecisionsByDay(store.read, from, to + 1);
      const decisions = new Map(perDay.map(({ day, decisions }) => [new Date(day).toISOString().slice(0, 10), decisions]));
      return report(uses, decisions, { from, to: to + 1 });
    },
  });
}

/** A scope as a person wrote it, its run's id made whole. */
async function wholeScope<Any extends DialScope>(reader: Reader, scope: Any): Promise<Any> {
  return scope.kind === "run" ? { ...scope, id: await wholeId(reader, "runs", scope.id) } : scope;
}
