import { z } from "@hono/zod-openapi";
import { bounds, PullcordError } from "@pullcord/sdk/protocol";
import { endGrant, grantOptions } from "../../commands/grants.js";
import { findAction } from "../../store/actions.js";
import { findRequest } from "../../store/approvals.js";
import { listGrants } from "../../store/grants.js";
import { wholeId } from "../../store/ids.js";
import { pageOf } from "../paging.js";
import { addRoute, type Serving } from "../route.js";
import * as schemas from "../schemas/grants.js";
import { runParams } from "./runs.js";

const tag = "grants";

/** What people granted beyond once. A grant is made along with an approval. */
export function addGrantRoutes(serving: Serving): void {
  const { runner } = serving;
  const { store } = runner;
  addRoute(serving, {
    method: "get",
    path: "/v1/grants",
    tag,
    summary: "Grants, the newest first, ended ones too",
    who: "viewer",
    query: z.object({ agent: z.string().max(bounds.nameLength).optional() }),
    answer: pageOf(schemas.grant, "Grant"),
    handle: async ({ query }) => ({ items: await listGrants(store.read, query), next: null }),
  });
  addRoute(serving, {
    method: "delete",
    path: "/v1/grants/{id}",
    tag,
    summary: "Take a grant back",
    who: "operator",
    params: runParams,
    answer: schemas.grant,
    handle: async ({ params, caller }) => runner.run(endGrant, { id: await wholeId(store.read, "grants", params.id) }, caller),
  });
  addRoute(serving, {
    method: "get",
    path: "/v1/approval-requests/{id}/grant-options",
    tag,
    summary: "What an approval could cover beyond once",
    who: "viewer",
    params: runParams,
    answer: schemas.grantOptions,
    handle: async ({ params }) => {
      const request = await findRequest(store.read, await wholeId(store.read, "approval_requests", params.id));
      const action = request && (await findAction(store.read, request.actionId));
      if (!action) throw new PullcordError("not_found", "unknown_request", `There is no approval request ${params.id}.`);
      return { items: await grantOptions(store.read, action) };
    },
  });
}
