import { PullcordError } from "@pullcord/sdk";
import { refuseAgent } from "../person-only.js";
import { escapeLine } from "../screen/escape.js";
import { ago, parseDuration, until } from "../screen/time.js";
import type { Verb } from "../verb.js";

const issue: Verb = {
  usage: "issue <agent>",
  summary: "make a token for an agent; its secret is shown this once",
  options: [{ flags: "--expires <duration>", summary: "how long it is good: 8h, 30d (default: until revoked)" }],
  examples: ["token issue nightly", "token issue ci --expires 8h", 'export PULLCORD_TOKEN="$(pullcord token issue nightly)"'],
  run: async (cli, call) => {
    refuseAgent(cli, "make agent tokens");
    const given = call.text("expires");
    const expiresInMs = given === undefined ? undefined : parseDuration(given);
    if (expiresInMs === null) throw new PullcordError("invalid", "expires", `${given} is no duration. Give one like 8h or 30d.`);
    const token = await cli.person().issueAgentToken(call.argument(0), expiresInMs);
    if (cli.isJson) return cli.screen.json(token);
    cli.screen.line(token.secret);
    cli.screen.note(
      `Token ${token.id} for ${escapeLine(token.agent)}. It can only propose and report. It is not shown again; the program finds it in PULLCORD_TOKEN.`,
    );
  },
};

const list: Verb = {
  usage: "list",
  summary: "tokens, without their secrets",
  examples: ["token list", "token list --json"],
  run: async (cli) => {
    const page = await cli.person().listAgentTokens();
    if (cli.isJson) return cli.screen.json(page);
    if (page.items.length === 0) return cli.screen.line("There is no agent token. pullcord token issue NAME makes one.");
    const now = Date.now();
    const rows = page.items.map(({ id, agent, issuedAt, expiresAt, revokedAt }) => [
      id,
      escapeLine(agent),
      ago(issuedAt, now),
      revokedAt !== null
        ? `revoked ${ago(revokedAt, now)}`
        : expiresAt === null
          ? "good until revoked"
          : `good, over ${until(expiresAt, now)}`,
    ]);
    cli.screen.table(["TOKEN", "AGENT", "ISSUED", "STATE"], rows, 1);
  },
};

const revoke: Verb = {
  usage: "revoke <token>",
  summary: "end a token at once",
  options: [{ flags: "--dry-run", summary: "only show what would be revoked" }],
  examples: ["token revoke t7k2m3n4p5"],
  run: async (cli, call) => {
    const given = call.argument(0);
    const page = await cli.person().listAgentTokens();
    const matches = page.items.filter(({ id }) => id.startsWith(given));
    const [token] = matches;
    if (!token) throw new PullcordError("not_found", "unknown_token", `There is no token ${given}. pullcord token list shows them.`);
    if (matches.length > 1)
      throw new PullcordError(
        "conflict",
        "ambiguous_id",
        `${given} could be ${matches.map(({ id }) => id).join(", ")}. Give more letters.`,
      );
    if (call.has("dryRun"))
      return cli.isJson
        ? cli.screen.json({ wouldRevoke: token })
        : cli.screen.line(`Would revoke ${token.id} of ${escapeLine(token.agent)}`);
    await cli.person().revokeAgentToken(token.id);
    if (cli.isJson) return cli.screen.json({ revoked: token.id });
    cli.screen.line(`Revoked ${token.id}. Whoever uses it is refused from now on.`);
  },
};

/** Agent tokens. */
export const token: Verb = {
  usage: "token",
  summary: "agent tokens: issue, list, revoke",
  verbs: [issue, list, revoke],
  examples: ["token issue nightly", "token list", "token revoke t7k2"],
};
