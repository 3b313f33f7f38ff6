import { z } from "@hono/zod-openapi";
import { changeKinds, bounds, type DryRun, type DryRunAnswer, type Explanation } from "@pullcord/sdk/protocol";
import { action, decision, proposedAction, riskAssessment } from "./actions.js";
import { rowsPreview } from "./rows-preview.js";
import { effect, name, reversibility, riskLevel, text } from "./words.js";

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

export const dryRun = z
  .strictObject({
    run: name.exactOptional(),
    agent: name.exactOptional(),
    workingDirectory: text.exactOptional(),
    environment: name.exactOptional(),
    actions: z.array(proposedAction).min(1).max(bounds.dryRunActions),
    rows: z.boolean().exactOptional(),
  })
  .openapi("DryRun") satisfies z.ZodType<DryRun>;

const { reasons, approvalLevel, obligations } = decision.shape;

export const dryRunAnswer = z
  .object({
    actions: z.array(
      z.object({
        proposed: proposedAction,
        assessment: riskAssessment.nullable(),
        effect,
        reasons,
        approvalLevel,
        obligations,
        rows: rowsPreview.exactOptional(),
      }),
    ),
    plan: z.object({ effect, reversibility, score: z.number(), level: riskLevel }),
  })
  .openapi("DryRunAnswer") satisfies z.ZodType<DryRunAnswer>;
