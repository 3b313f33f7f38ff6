import { z } from "@hono/zod-openapi";
import { changeKinds, type Explanation } from "@pullcord/sdk/protocol";
import { action } from "./actions.js";
import { effect } from "./words.js";

const whatWouldChange = z.object({
  kind: z.enum(changeKinds),
  sentence: z.string(),
  effect,
  rule: z.string().exactOptional(),
  line: z.int().min(1).exactOptional(),
});

export const explanation = z
  .object({
    action,
    policy: z.object({ file: z.string().nullable(), hasChanged: z.boolean() }),
    wouldChange: z.array(whatWouldChange),
    notes: z.array(z.string()),
    today: z.object({ effect, sentence: z.string() }).nullable(),
  })
  .openapi("Explanation") satisfies z.ZodType<Explanation>;
