import { actionTypes, PullcordError, trustTiers, type ActionType, type AgentTrust, type TrustTier } from "@pullcord/sdk";
import type { Cli } from "../cli.js";
import { refuseAgent } from "../person-only.js";
import { escapeLine } from "../screen/escape.js";
import type { Screen } from "../screen/screen.js";
import { ago } from "../screen/time.js";
import type { Call, Verb } from "../verb.js";

/** Shows what an agent has earned; with a tier, a person ratifies it or takes it back (P33 to P39). */
export const trust: Verb = {
  usage: "trust <agent> [tier]",
  summary: "what an agent has earned; with a tier, from restricted to autonomous, set it",
  details: `Tiers, from least to most: ${trustTiers.join(", ")}. Trust is earned and lost for each type of action by itself; what is earned holds once a person says so.`,
  options: [
    { flags: "--for <type>", summary: "only for this type of action (default: for all)", choices: actionTypes },
    { flags: "--reason <text>", summary: "why, for the record" },
  ],
  examples: [
    "trust claude-code",
    "trust claude-code standard",
    "trust claude-code trusted --for file_write",
    'trust nightly restricted --reason "Deleted the wrong folder"',
  ],
  run: async (cli, call) => {
    const agent = call.argument(0);
    if (call.args.length < 2) return showTrust(cli, await cli.person().agentTrust(agent));
    refuseAgent(cli, "set an agent's trust");
    const tier = tierIn(call);
    const capability = actionTypes.find((type) => type === call.text("for"));
    const reason = call.text("reason");
    await cli.person().setTrust(agent, tier, { ...(capability && { capability }), ...(reason !== undefined && { reason }) });
    if (cli.isJson) return cli.screen.json({ agent, tier, ...(capability && { capability }) });
    cli.screen.line(`${escapeLine(agent)} is ${tier}${capability ? ` for ${spoken(capability)}` : ""} from its next action on.`);
  },
};

function tierIn(call: Call): TrustTier {
  const tier = trustTiers.find((each) => each === call.argument(1));
  if (tier) return tier;
  throw new PullcordError("invalid", "tier", `${call.argument(1)} is no tier. There are ${trustTiers.join(", ")}.`);
}

function showTrust({ screen, isJson }: Cli, standing: AgentTrust): void {
  if (isJson) return screen.json(standing);
  const { agent, tier, limits, capabilities } = standing;
  screen.sentence(
    `${escapeLine(agent)} is ${tier}: by itself it may call other hosts ${limits.calls} times and change ${limits.files} files in a run.`,
  );
  if (capabilities.length === 0) return screen.sentence("It has neither earned nor lost anything since.");
  screen.line();
  const rows = capabilities.map((one) => [
    spoken(one.capability),
    one.tier,
    one.score.toFixed(2),
    one.proposed ?? "-",
    ago(one.at, Date.now()),
  ]);
  screen.table(["FOR", "TRUST", "SCORE", "EARNED", "MOVED"], rows, 0);
  sayProposed(screen, standing);
}

function sayProposed(screen: Screen, { agent, capabilities }: AgentTrust): void {
  const proposed = capabilities.filter((one) => one.proposed !== null);
  if (proposed.length === 0) return;
  screen.line();
  screen.sentence("What is earned holds once you say so:");
  for (const { capability, proposed: tier } of proposed) screen.line(`  pullcord trust ${escapeLine(agent)} ${tier} --for ${capability}`);
}

function spoken(type: ActionType): string {
  return type.replaceAll("_", " ");
}
