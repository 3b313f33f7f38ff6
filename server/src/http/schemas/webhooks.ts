import { z } from "@hono/zod-openapi";
import {
  webhookActs,
  webhookKinds,
  type IssuedWebhookToken,
  type IssueWebhookToken,
  type WebhookAnswer,
  type WebhookToken,
} from "@pullcord/sdk/protocol";
import { milliseconds, name, scope, time } from "./words.js";

export const webhookKind = z.enum(webhookKinds);
const wanted = { name, kind: webhookKind, act: z.enum(webhookActs), scope };

export const issueWebhookToken = z
  .strictObject({ ...wanted, expiresInMs: milliseconds.exactOptional() })
  .openapi("IssueWebhookToken") satisfies z.ZodType<IssueWebhookToken>;

const tokenShape = { ...wanted, id: z.string(), issuedAt: time, expiresAt: time.nullable(), revokedAt: time.nullable() };
export const webhookToken = z.object(tokenShape).openapi("WebhookToken") satisfies z.ZodType<WebhookToken>;
export const issuedWebhookToken = z
  .object({ ...tokenShape, secret: z.string(), path: z.string() })
  .openapi("IssuedWebhookToken") satisfies z.ZodType<IssuedWebhookToken>;

export const webhookAnswer = z
  .object({ interventionId: z.string().nullable(), sentence: z.string() })
  .openapi("WebhookAnswer") satisfies z.ZodType<WebhookAnswer>;
