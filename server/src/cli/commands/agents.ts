import { escapeLine } from "../screen/escape.js";
import { ago } from "../screen/time.js";
import type { Verb } from "../verb.js";

/** Who is known, and what each may do. */
export const agents: Verb = {
  usage: "agents",
  summary: "the agents that are known, with their trust and dial",
  examples: ["agents", "agents --json"],
  run: async (cli) => {
    const page = await cli.person().listAgents();
    if (cli.isJson) return cli.screen.json(page);
    if (page.items.length === 0) return cli.screen.line("No agent yet. pullcord connect claude-code, or pullcord token issue NAME.");
    const rows = page.items.map(({ name, trustTier, autonomy, runs, firstSeenAt }) => [
      escapeLine(name),
      trustTier,
      autonomy ?? "-",
      String(runs),
      ago(firstSeenAt, Date.now()),
    ]);
    cli.screen.table(["AGENT", "TRUST", "DIAL", "RUNS", "FIRST SEEN"], rows, 0);
  },
};
