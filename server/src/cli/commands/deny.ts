import { actionLine } from "@pullcord/sdk";
import { denyPlan, isPlanId } from "../plan/answer-plan.js";
import { escapeLine } from "../screen/escape.js";
import type { Verb } from "../verb.js";

/** Says no. Anybody may, an agent too: it can only make things safer. */
export const deny: Verb = {
  usage: "deny <request>",
  summary: "deny a request or a plan; the reason reaches the agent",
  options: [
    { flags: "--reason <text>", summary: "why, for the agent to do better" },
    { flags: "--dry-run", summary: "only show what would be denied" },
  ],
  examples: ['deny q7k2 --reason "Use the staging database"', "deny q7k2"],
  run: async (cli, call) => {
    if (isPlanId(call.argument(0))) return denyPlan(cli, call);
    const person = cli.person();
    const request = await person.getApprovalRequest(call.argument(0));
    const what = escapeLine(actionLine(request.action.proposed));
    if (call.has("dryRun"))
      return cli.isJson ? cli.screen.json({ wouldDeny: request }) : cli.screen.line(`Would deny ${request.id}: ${what}`);
    const reason = call.text("reason");
    const denied = await person.resolve(request.id, {
      effect: "deny",
      digest: request.action.digest,
      ...(reason === undefined ? {} : { reason }),
    });
    if (cli.isJson) return cli.screen.json(denied);
    cli.screen.line(`Denied ${request.id}: ${what}`);
    cli.screen.line(
      cli.screen.paint.faint(
        reason === undefined ? "The agent was told no, without a reason. --reason gives one." : "The agent was told why.",
      ),
    );
  },
};
