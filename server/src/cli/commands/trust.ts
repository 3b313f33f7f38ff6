import { PullcordError, trustTiers } from "@pullcord/sdk";
import { refuseAgent } from "../person-only.js";
import { escapeLine } from "../screen/escape.js";
import type { Verb } from "../verb.js";

/** A person ratifies what an agent has earned, or takes it back (P33). */
export const trust: Verb = {
  usage: "trust <agent> <tier>",
  summary: "set what an agent has earned, from restricted to autonomous",
  details: `Tiers, from least to most: ${trustTiers.join(", ")}.`,
  options: [{ flags: "--reason <text>", summary: "why, for the record" }],
  examples: ["trust claude-code standard", 'trust nightly restricted --reason "Deleted the wrong folder"'],
  run: async (cli, call) => {
    refuseAgent(cli, "set an agent's trust");
    const agent = call.argument(0);
    const tier = trustTiers.find((each) => each === call.argument(1));
    if (tier === undefined)
      throw new PullcordError("invalid", "tier", `${call.argument(1)} is no tier. There are ${trustTiers.join(", ")}.`);
    await cli.person().setTrust(agent, tier, call.text("reason"));
    if (cli.isJson) return cli.screen.json({ agent, tier });
    cli.screen.line(`${escapeLine(agent)} is ${tier} from its next action on.`);
  },
};
