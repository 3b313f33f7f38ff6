import type { Cli } from "../cli.js";
import { type Action, actionLine } from "@pullcord/sdk";
import { escapeLine } from "../screen/escape.js";
import { showAction } from "../views/request.js";
import type { Verb } from "../verb.js";

/** Why an action was decided as it was, step by step. */
export const explain: Verb = {
  usage: "explain <action>",
  summary: "why an action was allowed, asked about or denied",
  examples: ["explain a3f9", "explain q7k2", "explain a3f9 --json"],
  run: async (cli, call) => {
    const id = call.argument(0);
    const action = id.startsWith("q") ? (await cli.person().getApprovalRequest(id)).action : await cli.person().getAction(id);
    if (cli.isJson)
      return cli.screen.json({ id: action.id, status: action.state.status, assessment: action.assessment, decision: action.decision });
    explainAction(cli, action);
  },
};

const effectWords = { allow: "It was allowed", require_approval: "A person was asked", deny: "It was denied" } as const;

function explainAction({ screen }: Cli, action: Action): void {
  const { decision } = action;
  screen.line(`${screen.paint.strong(action.id)}  ${escapeLine(actionLine(action.proposed))}`);
  screen.line();
  if (!decision) screen.sentence("Nothing is decided yet: the run is paused, and this waits for the resume.");
  else {
    const [first] = decision.reasons;
    screen.sentence(`${effectWords[decision.effect]}: ${escapeLine(first?.sentence ?? "no reason is on record")}`);
    screen.field("Dial", `${decision.autonomy}, trust ${decision.trustTier}; the lower one holds`);
    screen.field("Policy", decision.policyVersion);
    if (decision.obligations.length > 0) screen.field("Along", decision.obligations.map(({ kind }) => kind).join(", "));
    if (decision.breakGlassId !== undefined) screen.field("Override", `break glass ${decision.breakGlassId}`);
  }
  screen.line();
  showAction(screen, action);
}
