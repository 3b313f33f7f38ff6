import { PullcordError, type PolicyInForce, type ServerStatus } from "@pullcord/sdk/protocol";
import { plantCanary } from "../../commands/canary.js";
import { countPending } from "../../store/approvals.js";
import { listAutonomy } from "../../store/autonomy.js";
import { countPendingPlans } from "../../store/plans.js";
import { activeBreakGlass } from "../../store/break-glass.js";
import { findCanary, lastProvenAt } from "../../store/canaries.js";
import { countRuns } from "../../store/runs.js";
import { addRoute, type Serving } from "../route.js";
import * as schemas from "../schemas/server.js";
import { runParams } from "./runs.js";

/** What the server can say of itself that never changes while it runs, and the policy that does. */
export interface About {
  readonly version: string;
  readonly startedAt: number;
  readonly killFilePath: string;
  readonly policy: () => PolicyInForce;
}

const advisory =
  "Same-user mode: the agent runs under your own account, so it could act as you. Pullcord holds against an overeager agent, not against a hostile one.";

/** Status, canaries. */
export function addServerRoutes(serving: Serving, about: About): void {
  const { runner } = serving;
  addRoute(serving, {
    method: "get",
    path: "/v1/status",
    tag: "server",
    summary: "How the server is",
    who: "viewer",
    answer: schemas.serverStatus,
    handle: () => serverStatus(serving, about),
  });
  addRoute(serving, {
    method: "get",
    path: "/v1/health",
    tag: "server",
    summary: "Whether the server answers; says nothing else",
    who: "anyone",
    handle: async () => {},
  });
  addRoute(serving, {
    method: "post",
    path: "/v1/canaries",
    tag: "server",
    summary: "Plant an action that must be denied, to prove an agent's hook",
    who: "operator",
    body: schemas.plantCanary,
    answer: schemas.canary,
    handle: ({ body, caller }) => runner.run(plantCanary, body, caller),
  });
  addRoute(serving, {
    method: "get",
    path: "/v1/canaries/{id}",
    tag: "server",
    summary: "Whether a canary was denied yet",
    who: "viewer",
    params: runParams,
    answer: schemas.canary,
    handle: async ({ params }) => {
      const canary = await findCanary(runner.store.read, params.id);
      if (!canary) throw new PullcordError("not_found", "unknown_canary", `There is no canary ${params.id}.`);
      return canary;
    },
  });
}

async function serverStatus({ runner }: Serving, about: About): Promise<ServerStatus> {
  const { read } = runner.store;
  const { text: _, ...policy } = about.policy();
  const [active] = await activeBreakGlass(read, runner.now);
  const { policy: policyOf, reviewer } = runner.outside;
  const { autonomy, review } = policyOf();
  const dial = (await listAutonomy(read)).find(({ scope }) => scope.kind === "everything");
  return {
    version: about.version,
    mode: runner.outside.mode,
    advisory: runner.outside.mode === "same-user" ? advisory : null,
    startedAt: about.startedAt,
    database: runner.store.dialect,
    policy,
    killFile: { path: about.killFilePath, present: runner.outside.killFilePresent() },
    autonomy: dial?.level ?? autonomy,
    runs: await countRuns(read),
    pendingRequests: (await countPending(read)) + (await countPendingPlans(read)),
    gateProvenAt: await lastProvenAt(read),
    breakGlass: { active: active !== undefined, expiresAt: active?.expiresAt ?? null },
    modelReview: review && reviewer.state(review),
  };
}
