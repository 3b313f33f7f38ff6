import { showExplanation } from "../views/explanation.js";
import { showAction } from "../views/request.js";
import type { Verb } from "../verb.js";

/** Why an action was decided as it was, and what would have changed that. */
export const explain: Verb = {
  usage: "explain <action>",
  summary: "why an action was allowed, asked about or denied, and what would have changed that",
  details:
    "Names the step, the rule and the risk factor that decided, with the line of the policy file, and the smallest single changes\nthat would have given another answer: each was worked out by deciding again. A request's id works too.",
  examples: ["explain a3f9", "explain q7k2", "explain a3f9 --json"],
  run: async (cli, call) => {
    const id = call.argument(0);
    const action = id.startsWith("q") ? (await cli.person().getApprovalRequest(id)).action.id : id;
    const explanation = await cli.person().explain(action);
    if (cli.isJson) return cli.screen.json(explanation);
    showExplanation(cli.screen, explanation);
    cli.screen.line();
    // The reasons stand above, with their lines.
    showAction(cli.screen, explanation.action, { reasons: [] });
  },
};
