import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { isPullcordError } from "@pullcord/sdk";
import { isConfirmed } from "../is-confirmed.js";
import { placeGiven, placeOptions } from "../claude-code/place.js";
import { textBefore } from "../claude-code/plan.js";
import { readConnections, requireClaudeCode, writeConnections, type Connection } from "../claude-code/record.js";
import { readText, removeFile, removeFolders, writeText } from "../claude-code/settings-file.js";
import { showChange } from "../claude-code/show-change.js";
import type { Cli } from "../cli.js";
import { exitStatus } from "../exit-status.js";
import { refuseAgent } from "../person-only.js";
import type { Verb } from "../verb.js";

/** Takes the gate out of an agent's settings; works without the server. */
export const disconnect: Verb = {
  usage: "disconnect <agent>",
  summary: "take the gate out of a coding agent again",
  details:
    "Puts the settings back as they were before pullcord connect. Where they were changed since, only Pullcord's own part is taken out.\nThe agent's token is revoked. Sessions that run stay gated until they are restarted.",
  options: [...placeOptions, { flags: "--dry-run", summary: "only show the change" }, { flags: "--yes", summary: "don't ask" }],
  examples: ["disconnect claude-code", "disconnect claude-code --project . --dry-run"],
  run: async (cli, call) => {
    requireClaudeCode(call.argument(0));
    refuseAgent(cli, "change which agents are gated");
    const place = placeGiven(call, cli.surroundings);
    const chosen = readConnections(cli.settings).filter(({ file }) => place === null || file === place.file);
    if (chosen.length === 0) return sayNone(cli);
    const changes = chosen.map((connection) => {
      const before = readText(connection.file);
      return { connection, before, after: textBefore(connection, before) };
    });
    if (!cli.isJson) for (const { connection, before, after } of changes) showChange(cli, connection.file, { before, after });
    if (call.has("dryRun"))
      return cli.isJson ? cli.screen.json({ wouldRestore: chosen.map(({ file }) => file) }) : cli.screen.line("Nothing was changed.");
    if (!(await isConfirmed(cli, call, "Take the gate out like this?"))) return exitStatus.no;
    const unrevoked: string[] = [];
    for (const { connection, before, after } of changes) {
      if (before !== after) restore(connection, after);
      if (!(await isRevoked(cli, connection.tokenId))) unrevoked.push(connection.tokenId);
      writeConnections(
        cli.settings,
        readConnections(cli.settings).filter(({ file }) => file !== connection.file),
      );
    }
    sayDisconnected(cli, chosen, unrevoked);
  },
};

function restore({ file, kind, madeFolders, exclude }: Connection, text: string | null): void {
  if (text === null) {
    removeFile(file);
    removeFolders(madeFolders);
  } else {
    writeText(file, text, kind === "managed");
  }
  if (exclude && existsSync(exclude.file)) {
    const lines = readFileSync(exclude.file, "utf8").split("\n");
    writeFileSync(exclude.file, lines.filter((line) => line !== exclude.line).join("\n"));
  }
}

/** Taking the gate out must not depend on the server; its token is then left, and named. */
async function isRevoked(cli: Cli, tokenId: string): Promise<boolean> {
  try {
    await cli.person().revokeAgentToken(tokenId);
    return true;
  } catch (error) {
    return isPullcordError(error) && error.code === "not_found";
  }
}

function sayNone(cli: Cli): void {
  if (cli.isJson) return cli.screen.json({ disconnected: [] });
  cli.screen.line("Claude Code is not connected by this account. Nothing was changed.");
}

function sayDisconnected(cli: Cli, connections: readonly Connection[], unrevoked: readonly string[]): void {
  if (cli.isJson) return cli.screen.json({ disconnected: connections.map(({ file }) => file), unrevokedTokens: unrevoked });
  for (const { file } of connections) cli.screen.line(`The gate is out of ${file}.`);
  cli.screen.line("Sessions that run stay gated until they are restarted.");
  if (unrevoked.length > 0)
    cli.screen.sentence(
      `The server did not answer, so these tokens are still good: ${unrevoked.join(", ")}. Revoke them in the console when it is up.`,
    );
}
