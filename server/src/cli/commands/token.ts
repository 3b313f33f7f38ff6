import { PullcordError, webhookKinds, type AgentToken } from "@pullcord/sdk";
import { refuseAgent } from "../person-only.js";
import { namedScope, scopeOptions, scopeWords } from "../scope.js";
import { escapeLine } from "../screen/escape.js";
import { ago, parseDuration, until } from "../screen/time.js";
import type { Call, Verb } from "../verb.js";

const issue: Verb = {
  usage: "issue <agent>",
  summary: "make a token for an agent; its secret is shown this once",
  options: [{ flags: "--expires <duration>", summary: "how long it is good: 8h, 30d (default: until revoked)" }],
  examples: ["token issue nightly", "token issue ci --expires 8h", 'export PULLCORD_TOKEN="$(pullcord token issue nightly)"'],
  run: async (cli, call) => {
    refuseAgent(cli, "make agent tokens");
    const token = await cli.person().issueAgentToken(call.argument(0), expiryOf(call));
    if (cli.isJson) return cli.screen.json(token);
    cli.screen.line(token.secret);
    cli.screen.note(
      `Token ${token.id} for ${escapeLine(token.agent)}. It can only propose and report. It is not shown again; the program finds it in PULLCORD_TOKEN.`,
    );
  },
};

const webhook: Verb = {
  usage: "webhook <name>",
  summary: "make a token with which another system can stop or pause",
  details:
    "It can only stop, or only pause, and only its scope. Point the other system at the address that is shown, with the token as\nAuthorization: Bearer. Nothing ever resumes by a notice.",
  options: [
    { flags: "--kind <kind>", summary: "whose notices", choices: webhookKinds },
    { flags: "--pause", summary: "pause, in place of stop" },
    ...scopeOptions,
    { flags: "--run <run>", summary: "one run" },
    { flags: "--expires <duration>", summary: "how long it is good: 8h, 30d (default: until revoked)" },
  ],
  examples: ["token webhook prod-alerts --kind alertmanager --all", "token webhook off-switch --kind feature-flag --agent nightly --pause"],
  run: async (cli, call) => {
    refuseAgent(cli, "make webhook tokens");
    const kind = webhookKinds.find((each) => each === call.text("kind"));
    if (!kind) throw new PullcordError("invalid", "kind", `Say whose notices with --kind: ${webhookKinds.join(", ")}.`);
    const person = cli.person();
    const named = namedScope(call, call.text("run"));
    if (!named) throw new PullcordError("invalid", "scope", "Say what it may stop: --agent NAME, --run RUN, or --all for everything.");
    const scope = named.kind === "run" ? ({ kind: "run", id: (await person.getRun(named.id)).id } as const) : named;
    const expiresInMs = expiryOf(call);
    const wanted = { name: call.argument(0), kind, act: call.has("pause") ? "pause" : "stop", scope } as const;
    const token = await person.webhooks.makeToken({ ...wanted, ...(expiresInMs === undefined ? {} : { expiresInMs }) });
    if (cli.isJson) return cli.screen.json(token);
    cli.screen.line(token.secret);
    cli.screen.note(
      `Token ${token.id} may only ${token.act} ${escapeLine(scopeWords(scope))}. Send notices to ${cli.settings.server}${token.path} with Authorization: Bearer and this token; it is not shown again.`,
    );
  },
};

/** @throws PullcordError `invalid`/`expires` */
function expiryOf(call: Call): number | undefined {
  const given = call.text("expires");
  const expiresInMs = given === undefined ? undefined : parseDuration(given);
  if (expiresInMs === null) throw new PullcordError("invalid", "expires", `${given} is no duration. Give one like 8h or 30d.`);
  return expiresInMs;
}

const list: Verb = {
  usage: "list",
  summary: "tokens, without their secrets",
  examples: ["token list", "token list --json"],
  run: async (cli) => {
    const person = cli.person();
    const [page, webhooks] = await Promise.all([person.listAgentTokens(), person.webhooks.listTokens()]);
    if (cli.isJson) return cli.screen.json({ ...page, webhooks: webhooks.items });
    if (page.items.length + webhooks.items.length === 0)
      return cli.screen.line("There is no agent token. pullcord token issue NAME makes one.");
    const now = Date.now();
    const rows = [
      ...page.items.map((token) => [token.id, escapeLine(token.agent), "propose", ago(token.issuedAt, now), stateOf(token, now)]),
      ...webhooks.items.map((token) => [
        token.id,
        `${token.kind} ${escapeLine(token.name)}`,
        `${token.act} ${escapeLine(scopeWords(token.scope))}`,
        ago(token.issuedAt, now),
        stateOf(token, now),
      ]),
    ];
    cli.screen.table(["TOKEN", "WHOSE", "MAY", "ISSUED", "STATE"], rows, 1);
  },
};

function stateOf({ expiresAt, revokedAt }: Pick<AgentToken, "expiresAt" | "revokedAt">, now: number): string {
  if (revokedAt !== null) return `revoked ${ago(revokedAt, now)}`;
  return expiresAt === null ? "good until revoked" : `good, over ${until(expiresAt, now)}`;
}

const revoke: Verb = {
  usage: "revoke <token>",
  summary: "end a token at once",
  options: [{ flags: "--dry-run", summary: "only show what would be revoked" }],
  examples: ["token revoke t7k2m3n4p5"],
  run: async (cli, call) => {
    const given = call.argument(0);
    const person = cli.person();
    const [agents, webhooks] = await Promise.all([person.listAgentTokens(), person.webhooks.listTokens()]);
    const all = [
      ...agents.items.map(({ id, agent }) => ({ id, whose: agent, revoke: () => person.revokeAgentToken(id) })),
      ...webhooks.items.map(({ id, name }) => ({ id, whose: `webhook ${name}`, revoke: () => person.webhooks.revokeToken(id) })),
    ];
    const matches = all.filter(({ id }) => id.startsWith(given));
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
        ? cli.screen.json({ wouldRevoke: { id: token.id, whose: token.whose } })
        : cli.screen.line(`Would revoke ${token.id} of ${escapeLine(token.whose)}`);
    await token.revoke();
    if (cli.isJson) return cli.screen.json({ revoked: token.id });
    cli.screen.line(`Revoked ${token.id}. Whoever uses it is refused from now on.`);
  },
};

/** Tokens of agents, and of other systems' webhooks. */
export const token: Verb = {
  usage: "token",
  summary: "tokens of agents and webhooks: issue, webhook, list, revoke",
  verbs: [issue, webhook, list, revoke],
  examples: ["token issue nightly", "token list", "token revoke t7k2"],
};
