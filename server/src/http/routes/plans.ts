import { z } from "@hono/zod-openapi";
import { bounds, type Plan } from "@pullcord/sdk/protocol";
import { arrangePlan } from "../../commands/arrange-plan.js";
import { revokePlan } from "../../commands/end-plan.js";
import { handInPlan, withdrawPlan } from "../../commands/hand-in-plan.js";
import { planForPeople } from "../../commands/plan-rows.js";
import { requirePlan } from "../../commands/require.js";
import { resolvePlan } from "../../commands/resolve-plan.js";
import { withTimeLeft } from "../../commands/time-left.js";
import { wholeId } from "../../store/ids.js";
import { listPlans } from "../../store/plans.js";
import { awaitPlanAnswer, planAnswerNow } from "../agent-wait.js";
import { page, pageOf, pageQuery, readTimeCursor, timeCursor } from "../paging.js";
import { addRoute, type Serving } from "../route.js";
import { withdrawal } from "../schemas/actions.js";
import * as schemas from "../schemas/plans.js";
import { approvalStatus } from "../schemas/words.js";
import { personOf } from "./approvals.js";
import { runParams } from "./runs.js";

const tag = "plans";

/** What agents hand in to be approved as a whole, and what people make of it. */
export function addPlanRoutes(serving: Serving): void {
  addAgents(serving);
  addReading(serving);
  addAnswers(serving);
}

function addAgents(serving: Serving): void {
  const { runner } = serving;
  addRoute(serving, {
    method: "post",
    path: "/v1/runs/{id}/plans",
    tag,
    summary: "Hand in a plan: actions to be approved together",
    who: "agent",
    params: runParams,
    body: schemas.handInPlan,
    answer: schemas.planAnswer,
    handle: async ({ params, body, caller }) =>
      planAnswerNow(runner, caller.actor, (await runner.run(handInPlan, { runId: params.id, ...body }, caller)).id),
  });
  addRoute(serving, {
    method: "get",
    path: "/v1/plans/{id}/answer",
    tag,
    summary: "Wait for what becomes of a plan",
    who: "agent",
    params: runParams,
    query: z.object({ waitMs: z.coerce.number().int().min(0).max(bounds.longPollMs).default(0) }),
    answer: schemas.planAnswer,
    handle: async ({ params, query, caller, signal }) => {
      const wait = { id: params.id, waitMs: query.waitMs, signal, closing: serving.closing };
      return awaitPlanAnswer(runner, caller.actor, wait);
    },
  });
  addRoute(serving, {
    method: "post",
    path: "/v1/plans/{id}/withdrawal",
    tag,
    summary: "Say that nobody waits for a plan's answer any more",
    who: "agent",
    params: runParams,
    body: withdrawal,
    answer: schemas.plan,
    handle: ({ params, body, caller }) => runner.run(withdrawPlan, { planId: params.id, reason: body.reason }, caller),
  });
}

function addReading(serving: Serving): void {
  const { store } = serving.runner;
  const viewed = viewOf(serving);
  addRoute(serving, {
    method: "get",
    path: "/v1/plans",
    tag,
    summary: "Plans, newest first",
    who: "viewer",
    query: pageQuery.extend({ status: approvalStatus.optional(), run: z.string().max(bounds.nameLength).optional() }),
    answer: pageOf(schemas.plan, "Plan"),
    handle: async ({ query }) => {
      const cursor = readTimeCursor(query.cursor);
      const run = query.run === undefined ? undefined : await wholeId(store.read, "runs", query.run);
      const rows = await listPlans(store.read, {
        status: query.status,
        run,
        limit: query.limit + 1,
        cursor: cursor && { createdAt: cursor.at, id: cursor.id },
      });
      const plans = await Promise.all(rows.map((plan) => viewed(plan, { isListed: true })));
      return page(plans, query.limit, { item: (plan) => plan, cursor: (plan) => timeCursor(plan.createdAt, plan.id) });
    },
  });
  addRoute(serving, {
    method: "get",
    path: "/v1/plans/{id}",
    tag,
    summary: "One plan in full",
    who: { agentOr: "viewer" },
    params: runParams,
    answer: schemas.plan,
    handle: async ({ params, caller }) => {
      const plan = await requirePlan(store.read, caller.actor, await wholeId(store.read, "plans", params.id));
      return caller.actor.kind === "agent" ? withTimeLeft(lookOf(serving), plan) : viewed(plan);
    },
  });
}

function addAnswers(serving: Serving): void {
  const { runner } = serving;
  const whole = (id: string) => wholeId(runner.store.read, "plans", id);
  const viewed = viewOf(serving);
  addRoute(serving, {
    method: "put",
    path: "/v1/plans/{id}/steps",
    tag,
    summary: "Say how the steps are to stand: edited, in another order, fewer; judged anew",
    who: "approver",
    params: runParams,
    body: schemas.arrangePlan,
    answer: schemas.plan,
    handle: async ({ params, body, caller }) => viewed(await runner.run(arrangePlan, { ...body, planId: await whole(params.id) }, caller)),
  });
  addRoute(serving, {
    method: "post",
    path: "/v1/plans/{id}/resolution",
    tag,
    summary: "Approve or deny a plan as a whole, bound to the digest that was shown",
    who: "viewer",
    params: runParams,
    body: schemas.resolvePlan,
    answer: schemas.plan,
    handle: async ({ params, body, caller, principal }) =>
      viewed(await runner.run(resolvePlan, { ...body, planId: await whole(params.id), person: personOf(principal) }, caller)),
  });
  addRoute(serving, {
    method: "delete",
    path: "/v1/plans/{id}",
    tag,
    summary: "Take an approved plan back",
    who: "operator",
    params: runParams,
    answer: schemas.plan,
    handle: async ({ params, caller }) => viewed(await runner.run(revokePlan, { planId: await whole(params.id) }, caller)),
  });
}

/** A plan as people see it; never for its agent. */
function viewOf(serving: Serving) {
  return (plan: Plan, listing?: { readonly isListed: boolean }) => planForPeople(lookOf(serving), plan, listing);
}

function lookOf({ runner: { store, now, outside } }: Serving) {
  return { tx: store.read, now, outside };
}
