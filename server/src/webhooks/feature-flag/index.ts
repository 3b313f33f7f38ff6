import { z } from "zod";
import type { Webhook } from "../webhook.js";
import { parseNotice } from "../parse-notice.js";

const longestName = 200;

/** The plain shape that any feature-flag service can be told to send. */
const notice = z.object({
  /** Name of the kill switch. */
  flag: z.string().min(1).max(longestName),
  /** True: the kill switch is on, so agents have to halt. */
  on: z.boolean(),
  /** Counts up with each change of the flag. */
  version: z.union([z.int().min(0), z.string().min(1).max(longestName)]),
});

/** Acts when a kill switch is on; switching it off resumes nothing. */
export const featureFlag: Webhook = {
  kind: "feature-flag",
  parse: (body) => {
    const { flag, on, version } = parseNotice(notice, body, "a feature flag");
    return on ? { key: `${flag} ${version}`, reason: `The kill switch ${flag} is on.` } : null;
  },
};
