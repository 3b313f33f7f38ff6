import { z } from "zod";
import type { Webhook } from "../webhook.js";
import { parseNotice } from "../parse-notice.js";

const longestText = 2_000;
const id = z.string().min(1).max(100);

/** PagerDuty's webhooks, version 3 (developer.pagerduty.com, "Webhooks Overview"). */
const notice = z.object({
  event: z.object({
    id,
    event_type: z.string().max(100),
    data: z.object({ id, title: z.string().max(longestText).optional() }).optional(),
  }),
});

/** Acts when an incident begins or begins again; everything else that may be told of one asks for nothing. */
export const pagerduty: Webhook = {
  kind: "pagerduty",
  parse: (body) => {
    const { event } = parseNotice(notice, body, "PagerDuty");
    const { data } = event;
    if (!data || !["incident.triggered", "incident.reopened"].includes(event.event_type)) return null;
    return { key: event.id, reason: `Incident ${data.id}${data.title === undefined ? "" : `: ${data.title}`}` };
  },
};
