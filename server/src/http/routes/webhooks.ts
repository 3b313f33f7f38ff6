import { z } from "@hono/zod-openapi";
import { PullcordError, type Intervene, type WebhookAnswer, type WebhookKind } from "@pullcord/sdk/protocol";
import { interveneRegardless } from "../../commands/stop-regardless.js";
import { endWebhookToken, makeWebhookToken } from "../../commands/webhook-tokens.js";
import { webhooks } from "../../webhooks/index.js";
import { wholeId } from "../../store/ids.js";
import { listWebhookTokens } from "../../store/webhook-tokens.js";
import { pageOf } from "../paging.js";
import { addRoute, type Call, type Serving } from "../route.js";
import * as schemas from "../schemas/webhooks.js";
import { jsonObject } from "../schemas/words.js";
import { runParams } from "./runs.js";

const tag = "webhooks";

/** Notices of other systems that stop or pause, and the tokens they come with. */
export function addWebhookRoutes(serving: Serving): void {
  addNotices(serving);
  addTokens(serving);
}

type NoticeCall = Call<{ kind: WebhookKind }, undefined, z.output<typeof jsonObject>>;

function addNotices(serving: Serving): void {
  addRoute(serving, {
    method: "post",
    path: "/v1/webhooks/{kind}",
    tag,
    summary: "A notice from Alertmanager, PagerDuty or a feature flag: stops or pauses what its token may",
    who: "webhook",
    params: z.object({ kind: schemas.webhookKind }),
    body: jsonObject,
    answer: schemas.webhookAnswer,
    handle: (call) => takeNotice(serving, call),
  });
}

/** The same notice again is answered as before: senders repeat. Its own key stands in for an Idempotency-Key. */
async function takeNotice({ runner }: Serving, { params, body, principal, caller }: NoticeCall): Promise<WebhookAnswer> {
  if (principal?.kind !== "webhook" || principal.token.kind !== params.kind) {
    throw new PullcordError("forbidden", "other_kind", `This token is not for notices of ${params.kind}.`);
  }
  const { act, scope, id } = principal.token;
  const signal = webhooks[params.kind].parse(body);
  if (!signal) return { interventionId: null, sentence: "This notice asks for nothing." };
  const input: Intervene = { kind: act, scope, reason: signal.reason };
  const made = await interveneRegardless(runner, input, { ...caller, principal: `webhook:${id}`, idempotencyKey: signal.key });
  const did = act === "stop" ? "Stopped" : "Paused";
  return { interventionId: made.id, sentence: `${did} ${made.runIds.length} ${made.runIds.length === 1 ? "run" : "runs"}.` };
}

function addTokens(serving: Serving): void {
  const { runner } = serving;
  addRoute(serving, {
    method: "post",
    path: "/v1/webhook-tokens",
    tag,
    summary: "Make a token that can stop, or pause, one scope; its secret is shown this once",
    who: "admin",
    body: schemas.issueWebhookToken,
    answer: schemas.issuedWebhookToken,
    handle: ({ body, caller }) => runner.run(makeWebhookToken, body, { ...caller, idempotencyKey: undefined }),
  });
  addRoute(serving, {
    method: "get",
    path: "/v1/webhook-tokens",
    tag,
    summary: "Webhook tokens, without their secrets",
    who: "viewer",
    answer: pageOf(schemas.webhookToken, "WebhookToken"),
    handle: async () => ({ items: await listWebhookTokens(runner.store.read), next: null }),
  });
  addRoute(serving, {
    method: "delete",
    path: "/v1/webhook-tokens/{id}",
    tag,
    summary: "Revoke a webhook token",
    who: "operator",
    params: runParams,
    handle: async ({ params, caller }) =>
      runner.run(endWebhookToken, { id: await wholeId(runner.store.read, "webhook_tokens", params.id) }, caller),
  });
}
