import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { PullcordError, trustTiers, type PersonClient, type TrustTier } from "@pullcord/sdk";
import { clientVersion } from "../claude-code/client.js";
import { isConfirmed } from "../is-confirmed.js";
import { placeGiven, placeOptions, userPlace } from "../claude-code/place.js";
import { excludeFor, planConnection, tokenToCome, type Plan } from "../claude-code/plan.js";
import { readConnections, requireClaudeCode, writeConnections, type Connection } from "../claude-code/record.js";
import { readText, writeText } from "../claude-code/settings-file.js";
import { showChange } from "../claude-code/show-change.js";
import type { Cli } from "../cli.js";
import { exitStatus } from "../exit-status.js";
import { refuseAgent } from "../person-only.js";
import type { Verb } from "../verb.js";

/** Puts the gate into an agent's own settings. */
export const connect: Verb = {
  usage: "connect <agent>",
  summary: "put a coding agent under control: claude-code",
  details:
    "Writes the agent's hook settings beside what is there, after showing the change. pullcord disconnect takes exactly that out again.\nThe agent gets a token that can only propose and report, and starts at the trust that you give here.",
  options: [
    ...placeOptions,
    { flags: "--trust <tier>", summary: "what the agent may do by itself (default: standard, if it has less)", choices: trustTiers },
    { flags: "--shim", summary: "for a client that is too old to block by itself" },
    { flags: "--dry-run", summary: "only show the change" },
    { flags: "--yes", summary: "don't ask" },
  ],
  examples: [
    "connect claude-code",
    "connect claude-code --project . --dry-run",
    "connect claude-code --trust supervised --yes",
    "connect claude-code --managed",
  ],
  run: async (cli, call) => {
    requireClaudeCode(call.argument(0));
    refuseAgent(cli, "change which agents are gated");
    const person = cli.person();
    const place = placeGiven(call, cli.surroundings) ?? userPlace(cli.surroundings);
    const version = await clientVersion({ ...cli.surroundings, signal: cli.signal });
    const older = readConnections(cli.settings).find(({ file }) => file === place.file);
    const plan = planConnection({ place, server: cli.settings.server, version, isShim: call.has("shim"), older });
    const known = await connectionInForce(cli, person, plan);
    if (known) return sayConnectedAlready(cli, known);
    const trust = await trustToSet(person, call.text("trust"));
    if (!cli.isJson) {
      showChange(cli, place.file, { before: plan.now, after: plan.textWith(tokenToCome) });
      sayPlan(cli, plan, trust);
    }
    if (call.has("dryRun"))
      return cli.isJson
        ? cli.screen.json({ wouldWrite: place.file, text: plan.textWith(tokenToCome), trust, warnings: plan.warnings })
        : cli.screen.line("Nothing was changed.");
    if (!(await isConfirmed(cli, call, "Connect claude-code like this?"))) return exitStatus.no;
    const connection = await make(cli, person, plan);
    if (trust !== null) await person.setTrust("claude-code", trust, { reason: "set by pullcord connect" });
    sayConnected(cli, connection, { version, trust, warnings: plan.warnings });
  },
};

/** The connection that this very plan would make again, if it is still as it was made. */
async function connectionInForce({ settings }: Cli, person: PersonClient, { place, now }: Plan): Promise<Connection | null> {
  const known = readConnections(settings).find(({ file, server }) => file === place.file && server === settings.server);
  if (!known || known.after !== now) return null;
  const token = (await person.listAgentTokens()).items.find(({ id }) => id === known.tokenId);
  return token && token.revokedAt === null ? known : null;
}

/** The tier to set: the one asked for, or `standard` where the agent has earned less. */
async function trustToSet(person: PersonClient, asked: string | undefined): Promise<TrustTier | null> {
  const wanted = trustTiers.find((tier) => tier === asked);
  if (wanted) return wanted;
  const agent = (await person.listAgents()).items.find(({ name }) => name === "claude-code");
  return agent && trustTiers.indexOf(agent.trustTier) >= trustTiers.indexOf("standard") ? null : "standard";
}

/** Issues the token, writes the settings, keeps the record; when one fails, what was done is undone. */
async function make(cli: Cli, person: PersonClient, plan: Plan): Promise<Connection> {
  const { settings } = cli;
  const others = readConnections(settings);
  const older = others.find(({ file }) => file === plan.place.file);
  const token = await person.issueAgentToken("claude-code");
  try {
    const after = plan.textWith(token.secret);
    const madeFolders = writeText(plan.place.file, after, plan.place.kind === "managed");
    const exclude = excludeFor(plan.place) ?? older?.exclude;
    const connection: Connection = {
      ...plan.place,
      server: settings.server,
      tokenId: token.id,
      before: plan.origin,
      after,
      added: plan.added,
      madeFolders: older?.madeFolders ?? madeFolders,
      ...(exclude ? { exclude } : {}),
      at: Date.now(),
    };
    if (exclude) addLine(exclude.file, exclude.line);
    writeConnections(settings, [...others.filter((other) => other !== older), connection]);
    if (older) await person.revokeAgentToken(older.tokenId).catch(() => undefined);
    return connection;
  } catch (error) {
    await person.revokeAgentToken(token.id).catch(() => undefined);
    if (plan.now !== null && readText(plan.place.file) !== plan.now) writeText(plan.place.file, plan.now, plan.place.kind === "managed");
    throw error;
  }
}

function addLine(file: string, line: string): void {
  const before = existsSync(file) ? readFileSync(file, "utf8") : "";
  if (before.split("\n").includes(line)) return;
  try {
    appendFileSync(file, `${before === "" || before.endsWith("\n") ? "" : "\n"}${line}\n`);
  } catch (cause) {
    throw new PullcordError("forbidden", "exclude_file", `${file} can't be written, and git would take the token in ${line} in.`, {
      cause,
    });
  }
}

function sayPlan({ screen }: Cli, { warnings, place }: Plan, trust: TrustTier | null): void {
  screen.field("Trust", trust === null ? "stays as it is" : `${trust}: set by you, with this command`);
  screen.field("Token", "a new one, which can only propose, report and read its own runs");
  if (place.project !== undefined && excludeFor(place))
    screen.field("Git", "leaves the file out (.git/info/exclude), since it holds the token");
  for (const warning of warnings) screen.field("Note", warning);
  screen.line();
}

function sayConnectedAlready(cli: Cli, { file, tokenId }: Connection): void {
  if (cli.isJson) return cli.screen.json({ connected: true, changed: false, file, tokenId });
  cli.screen.line(`Claude Code is connected already: ${file}`);
  cli.screen.line("Prove it: pullcord doctor");
}

function sayConnected(
  cli: Cli,
  { file, kind, tokenId }: Connection,
  more: { readonly version: string; readonly trust: TrustTier | null; readonly warnings: readonly string[] },
): void {
  if (cli.isJson) return cli.screen.json({ connected: true, changed: true, file, place: kind, tokenId, ...more });
  cli.screen.line(
    `${cli.screen.paint.strong("Claude Code is connected")} (version ${more.version}). New sessions are gated; restart those that run.`,
  );
  cli.screen.line("Prove it: pullcord doctor      Take it out: pullcord disconnect claude-code");
}
