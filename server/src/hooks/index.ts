import type { WebhookKind } from "@pullcord/sdk/protocol";
import { alertmanager } from "./alertmanager/index.js";
import { featureFlag } from "./feature-flag/index.js";
import type { Hook } from "./hook.js";
import { pagerduty } from "./pagerduty/index.js";

/** Every kind of notice that can stop or pause. */
export const hooks: Readonly<Record<WebhookKind, Hook>> = { alertmanager, pagerduty, "feature-flag": featureFlag };
