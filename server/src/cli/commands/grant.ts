import type { Grant } from "@pullcord/sdk";
import type { Cli } from "../cli.js";
import { refuseAgent } from "../person-only.js";
import { escapeLine } from "../screen/escape.js";
import { clockTime } from "../screen/time.js";
import type { Verb } from "../verb.js";

const list: Verb = {
  usage: "list",
  summary: "what was granted beyond once, and still holds",
  options: [
    { flags: "--agent <agent>", summary: "only this agent's" },
    { flags: "--all", summary: "also what has ended" },
  ],
  examples: ["grant list", "grant list --agent claude-code --all"],
  run: async (cli, call) => {
    const agent = call.text("agent");
    const { items } = await cli.person().grants.list(agent === undefined ? {} : { agent });
    const shown = call.has("all") ? items : items.filter(holds);
    if (cli.isJson) return cli.screen.json({ items: shown });
    if (shown.length === 0)
      return cli.screen.line("Nothing is granted beyond once. Grant along with an approval: pullcord approve REQUEST --for 30m");
    const rows = shown.map((grant) => [
      grant.id,
      escapeLine(grant.agent),
      grant.runId ?? "any run",
      left(grant),
      clockTime(grant.expiresAt),
      escapeLine(grant.sentence),
    ]);
    cli.screen.table(["grant", "agent", "run", "uses left", "until", "covers"], rows, 5);
  },
};

const options: Verb = {
  usage: "options <request>",
  summary: "what an approval of this request could cover",
  examples: ["grant options q7k2"],
  run: async (cli, call) => {
    const items = await cli.person().grants.options(call.argument(0));
    if (cli.isJson) return cli.screen.json({ items });
    for (const [at, { sentence }] of items.entries()) cli.screen.field(String(at + 1), escapeLine(sentence));
    cli.screen.line(`Grant one with: pullcord approve ${escapeLine(call.argument(0))} --for 30m --covers NUMBER`);
  },
};

const revoke: Verb = {
  usage: "revoke <grant>",
  summary: "take a grant back, from the next action on",
  examples: ["grant revoke g7k2"],
  run: async (cli, call) => revokeGrant(cli, call.argument(0)),
};

async function revokeGrant(cli: Cli, id: string): Promise<void> {
  refuseAgent(cli, "take back a grant");
  const grant = await cli.person().grants.end(id);
  if (cli.isJson) return cli.screen.json(grant);
  cli.screen.line(`Grant ${grant.id} is taken back. It was used ${grant.used} times.`);
}

function holds({ endedAt, expiresAt }: Grant): boolean {
  return endedAt === null && expiresAt > Date.now();
}

function left({ usesLeft }: Grant): string {
  return usesLeft === null ? "any" : String(usesLeft);
}

/** Between "once" and "always". */
export const grant: Verb = {
  usage: "grant",
  summary: "what people granted beyond once: list it, take it back",
  verbs: [list, options, revoke],
  examples: ["grant list", "grant revoke g7k2"],
};
