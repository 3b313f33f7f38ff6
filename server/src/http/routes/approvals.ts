import { z } from "@hono/zod-openapi";
import { bounds, PullcordError } from "@pullcord/sdk/protocol";
import { beginPresenceCheck, completePresence, samplePresence, type Refused } from "../../commands/presence-check.js";
import { resolveRequest } from "../../commands/resolve-request.js";
import { requestForPeople } from "../../commands/rows-preview.js";
import { withTimeLeft } from "../../commands/time-left.js";
import { findRequest, listRequests, type StoredRequest } from "../../store/approvals.js";
import { wholeId } from "../../store/ids.js";
import { page, pageOf, pageQuery, readTimeCursor, timeCursor } from "../paging.js";
import type { Principal } from "../principal.js";
import { addRoute, type Serving } from "../route.js";
import * as schemas from "../schemas/human-acts.js";
import { approvalStatus } from "../schemas/words.js";
import { runParams } from "./runs.js";

const tag = "approvals";

/** The inbox: questions to people, their answers, and the presence checks that go with them. */
export function addApprovalRoutes(serving: Serving): void {
  addRequests(serving);
  addResolution(serving);
  addPresenceChecks(serving);
}

function addRequests(serving: Serving): void {
  const { runner } = serving;
  const { store, outside } = runner;
  const viewed = async (request: StoredRequest, isListed: boolean) => {
    const look = { tx: store.read, now: runner.now, outside };
    return requestForPeople(look, await withTimeLeft(look, request), { isListed });
  };
  addRoute(serving, {
    method: "get",
    path: "/v1/approval-requests",
    tag,
    summary: "Approval requests, newest first",
    who: "viewer",
    query: pageQuery.extend({ status: approvalStatus.optional(), run: z.string().max(bounds.nameLength).optional() }),
    answer: pageOf(schemas.approvalRequest, "ApprovalRequest"),
    handle: async ({ query }) => {
      const cursor = readTimeCursor(query.cursor);
      const run = query.run === undefined ? undefined : await wholeId(store.read, "runs", query.run);
      const rows = await listRequests(store.read, {
        status: query.status,
        run,
        limit: query.limit + 1,
        cursor: cursor && { createdAt: cursor.at, id: cursor.id },
      });
      const requests = await Promise.all(rows.map((request) => viewed(request, true)));
      return page(requests, query.limit, { item: (request) => request, cursor: (request) => timeCursor(request.createdAt, request.id) });
    },
  });
  addRoute(serving, {
    method: "get",
    path: "/v1/approval-requests/{id}",
    tag,
    summary: "One request in full",
    who: "viewer",
    params: runParams,
    answer: schemas.approvalRequest,
    handle: async ({ params }) => {
      const request = await findRequest(store.read, await wholeId(store.read, "approval_requests", params.id));
      if (!request) throw new PullcordError("not_found", "unknown_request", `There is no approval request ${params.id}.`);
      return viewed(request, false);
    },
  });
}

function addResolution(serving: Serving): void {
  const { runner } = serving;
  addRoute(serving, {
    method: "post",
    path: "/v1/approval-requests/{id}/resolution",
    tag,
    summary: "Approve or deny, bound to the digest that was shown",
    who: "viewer",
    params: runParams,
    body: schemas.resolve,
    answer: schemas.approvalRequest,
    handle: async ({ params, body, caller, principal }) => {
      const requestId = await wholeId(runner.store.read, "approval_requests", params.id);
      return runner.run(resolveRequest, { ...body, requestId, person: personOf(principal) }, caller);
    },
  });
}

function addPresenceChecks(serving: Serving): void {
  const { runner } = serving;
  addRoute(serving, {
    method: "post",
    path: "/v1/presence-checks",
    tag,
    summary: "Begin to hold a key or button",
    who: "viewer",
    body: schemas.beginPresenceCheck,
    answer: schemas.presenceCheck,
    handle: ({ body, caller, principal }) =>
      runner.run(beginPresenceCheck, { personId: personOf(principal).id, digest: body.digest }, caller),
  });
  addRoute(serving, {
    method: "post",
    path: "/v1/presence-checks/{id}/samples",
    tag,
    summary: "Still held",
    who: "viewer",
    params: runParams,
    body: z.strictObject({}),
    answer: schemas.presenceSample,
    handle: async ({ params, caller, principal }) =>
      unlessRefused(await runner.run(samplePresence, { id: params.id, personId: personOf(principal).id }, caller)),
  });
  addRoute(serving, {
    method: "post",
    path: "/v1/presence-checks/{id}/completion",
    tag,
    summary: "Held long enough: take the one-time proof",
    who: "viewer",
    params: runParams,
    body: z.strictObject({}),
    answer: schemas.presenceProof,
    // The proof is a secret, so the answer is not kept for a repeated call.
    handle: async ({ params, caller, principal }) =>
      unlessRefused(
        await runner.run(completePresence, { id: params.id, personId: personOf(principal).id }, { ...caller, idempotencyKey: undefined }),
      ),
  });
}

function unlessRefused<T extends object>(answer: T | Refused): T {
  if ("refused" in answer) throw new PullcordError(answer.refused.code, answer.refused.reason, answer.refused.sentence);
  return answer;
}

export function personOf(principal: Principal | null) {
  if (principal?.kind !== "person") throw new PullcordError("forbidden", "people_only", "Only a signed-in person can do this.");
  return principal.person;
}
