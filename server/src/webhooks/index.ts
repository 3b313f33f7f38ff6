import type { WebhookKind } from "@pullcord/sdk/protocol";
import { alertmanager } from "./alertmanager/index.js";
import { featureFlag } from "./feature-flag/index.js";
import type { Webhook } from "./webhook.js";
import { pagerduty } from "./pagerduty/index.js";

/** Every kind of notice that can stop or pause. */
export const webhooks: Readonly<Record<WebhookKind, Webhook>> = { alertmanager, pagerduty, "feature-flag": featureFlag };
