import { z } from "@hono/zod-openapi";
import { bounds, PullcordError, type LimitOwner } from "@pullcord/sdk/protocol";
import { actOnBreaker } from "../../commands/act-on-breaker.js";
import { limitStandings } from "../../commands/limit-standings.js";
import { reportUsage } from "../../commands/report-usage.js";
import { listBreakers } from "../../store/breakers.js";
import { wholeId } from "../../store/ids.js";
import type { Reader } from "../../store/transaction.js";
import { pageOf } from "../paging.js";
import { addRoute, type Serving } from "../route.js";
import * as schemas from "../schemas/limits.js";
import { runParams } from "./runs.js";

const tag = "limits";
const name = z.string().min(1).max(bounds.nameLength).optional();

/** Limits as they stand, their circuit breakers, and what gates report of usage. */
export function addLimitRoutes(serving: Serving): void {
  const { runner } = serving;
  const { store } = runner;
  addRoute(serving, {
    method: "get",
    path: "/v1/limits",
    tag,
    summary: "The limits of a run and its agent, or of an agent: what is allowed, what is used, the breakers",
    who: "viewer",
    query: z.object({ run: name, agent: name }),
    answer: z.object({ items: z.array(schemas.limitStanding) }),
    handle: async ({ query: { run, agent }, caller }) => {
      if ((run === undefined) === (agent === undefined))
        throw new PullcordError("invalid", "whose_limits", "Name a run or an agent: ?run=… or ?agent=….", { field: "/query/run" });
      const owner = run === undefined ? { kind: "agent" as const, id: agent ?? "" } : { kind: "run" as const, id: run };
      return { items: await limitStandings(runner.look(caller.actor), await wholeOwner(store.read, owner)) };
    },
  });
  addRoute(serving, {
    method: "get",
    path: "/v1/breakers",
    tag,
    summary: "Circuit breakers that are open, half-open or held",
    who: "viewer",
    answer: pageOf(schemas.breaker, "Breaker"),
    handle: async () => ({ items: await listBreakers(store.read), next: null }),
  });
  addRoute(serving, {
    method: "post",
    path: "/v1/breaker-acts",
    tag,
    summary: "Count a limit anew; hold its breaker open or closed, for a time or until it is released; release it",
    who: "approver",
    body: schemas.actOnBreaker,
    answer: schemas.breaker,
    handle: async ({ body, caller }) => runner.run(actOnBreaker, { ...body, owner: await wholeOwner(store.read, body.owner) }, caller),
  });
  addRoute(serving, {
    method: "post",
    path: "/v1/runs/{id}/usage",
    tag,
    summary: "Report tokens and cost that the run used since the last report; they add up",
    who: "agent",
    params: runParams,
    body: schemas.usage,
    handle: async ({ params, body, caller }) => runner.run(reportUsage, { runId: params.id, usage: body }, caller),
  });
}

async function wholeOwner(reader: Reader, { kind, id }: LimitOwner): Promise<LimitOwner> {
  return { kind, id: kind === "run" ? await wholeId(reader, "runs", id) : id };
}
