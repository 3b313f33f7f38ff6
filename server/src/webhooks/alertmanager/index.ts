import { hash } from "node:crypto";
import { z } from "zod";
import type { Webhook } from "../webhook.js";
import { parseNotice } from "../parse-notice.js";

const mostAlerts = 1_000;
const longestLabel = 1_000;

const label = z.string().max(longestLabel);
/** Alertmanager's webhook, version 4 (prometheus.io, "webhook_config"). */
const notice = z.object({
  version: z.literal("4"),
  status: z.enum(["firing", "resolved"]),
  alerts: z
    .array(
      z.object({
        status: z.enum(["firing", "resolved"]),
        fingerprint: label.min(1),
        startsAt: z.iso.datetime({ offset: true }),
        labels: z.record(z.string(), label),
      }),
    )
    .max(mostAlerts),
});

/** Acts while an alert fires. The same alerts sent again are the same signal; one more is another. */
export const alertmanager: Webhook = {
  kind: "alertmanager",
  parse: (body) => {
    const { alerts } = parseNotice(notice, body, "Alertmanager");
    const firing = alerts.filter(({ status }) => status === "firing");
    const [first] = firing;
    if (!first) return null;
    const ids = firing.map(({ fingerprint, startsAt }) => `${fingerprint} ${startsAt}`).sort();
    const more = firing.length > 1 ? ` and ${firing.length - 1} more` : "";
    return { key: hash("sha256", ids.join("\n")), reason: `Alert ${first.labels["alertname"] ?? first.fingerprint}${more} fires.` };
  },
};
