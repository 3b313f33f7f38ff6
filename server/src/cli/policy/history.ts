import { PullcordError, type PolicySuggestion } from "@pullcord/sdk";
import type { Cli } from "../cli.js";
import { exitStatus } from "../exit-status.js";
import { refuseAgent } from "../person-only.js";
import { escapeLine, escapeLines } from "../screen/escape.js";
import { clockTime } from "../screen/time.js";
import type { Call } from "../verb.js";
import { shortVersion } from "../views/policy-version.js";
import { changedLines, showDifferences } from "./differences.js";
import { pathOf, readText } from "./files.js";

/** Recorded history under another policy. @returns `no` where a decision would differ */
export async function backtestPolicy(cli: Cli, call: Call): Promise<number> {
  const most = call.text("last");
  const text = readText(pathOf(cli, call.argument(0)));
  const result = await cli.person().policies.backtest(text, most === undefined ? undefined : Number(most), { signal: cli.signal });
  const { screen, isJson } = cli;
  const differs = Object.keys(result.changed).length > 0;
  if (isJson) screen.json(result);
  else {
    screen.line(
      `${result.replayed} recorded actions decided again${result.from === null ? "" : `, since ${clockTime(result.from)}`}; ${result.leftOut} left out.`,
    );
    if (result.reachesBackTo !== null) screen.line(`What decisions were made from is kept since ${clockTime(result.reachesBackTo)}.`);
    for (const line of changedLines(result.changed)) screen.line(line);
    if (!differs) screen.line("No decision would differ.");
    showDifferences(screen, result.differences);
    if (result.unlisted > 0) screen.line(`And ${result.unlisted} more kinds.`);
  }
  return differs ? exitStatus.no : exitStatus.ok;
}

/** Shows, sets or ends the policy that only logs. */
export async function shadowPolicy(cli: Cli, call: Call): Promise<void> {
  const { policies } = cli.person();
  const [file] = call.args;
  if (call.has("off")) {
    refuseAgent(cli, "end the shadow policy");
    await policies.endShadow();
    return cli.isJson ? cli.screen.json({ shadow: null }) : cli.screen.line("No shadow policy runs any more.");
  }
  if (file !== undefined) refuseAgent(cli, "set the shadow policy");
  const shadow = file === undefined ? await policies.shadow() : await policies.setShadow(readText(pathOf(cli, file)));
  if (cli.isJson) return cli.screen.json({ shadow });
  if (shadow === null) return cli.screen.line("No shadow policy runs. Set one with: pullcord policy shadow FILE");
  cli.screen.line(
    `Shadow policy ${shortVersion(shadow.version)} since ${clockTime(shadow.since)}: it only logs. ${shadow.compared} actions decided by both.`,
  );
  for (const line of changedLines(shadow.changed)) cli.screen.line(line);
  showDifferences(cli.screen, shadow.differences);
}

/** Lists rules that history proposes, or puts one in force. */
export async function suggestPolicy(cli: Cli, call: Call): Promise<void> {
  const { items } = await cli.person().policies.suggestions({ signal: cli.signal });
  const wanted = call.text("ratify");
  if (wanted !== undefined) return ratify(cli, items, wanted);
  if (cli.isJson) return cli.screen.json({ items });
  if (items.length === 0)
    return cli.screen.line("History proposes no rule: no question of the same kind was approved three times and never denied.");
  for (const { id, rule, sentence, letThrough } of items) {
    cli.screen.line();
    cli.screen.line(cli.screen.paint.strong(id));
    cli.screen.sentence(sentence);
    for (const line of escapeLines(rule.trimEnd())) cli.screen.line(`  ${line}`);
    cli.screen.line(`It would have let through:`);
    showDifferences(cli.screen, letThrough);
  }
  cli.screen.line();
  cli.screen.line("Nothing is in force by itself. Ratify one with: pullcord policy suggest --ratify ID");
}

async function ratify(cli: Cli, items: readonly PolicySuggestion[], id: string): Promise<void> {
  refuseAgent(cli, "ratify a policy rule");
  const chosen = items.find((one) => one.id === id);
  if (!chosen)
    throw new PullcordError("not_found", "unknown_suggestion", `History does not propose ${id} any more. See: pullcord policy suggest`);
  const { version } = await cli
    .person()
    .policies.replace({ text: chosen.text, base: chosen.base, reason: `Ratified the proposed rule ${id}.` });
  if (cli.isJson) return cli.screen.json({ ratified: id, version });
  cli.screen.line(`The rule ${escapeLine(id)} is in force, policy version ${shortVersion(version)}.`);
}

/** Puts a file's text in force. */
export async function applyPolicy(cli: Cli, call: Call): Promise<void> {
  refuseAgent(cli, "change the policy");
  const text = readText(pathOf(cli, call.argument(0)));
  const { version: base } = await cli.person().policy();
  const reason = call.text("reason");
  const { version, file } = await cli.person().policies.replace({ text, base, ...(reason === undefined ? {} : { reason }) });
  if (cli.isJson) return cli.screen.json({ version, file });
  cli.screen.line(`In force, version ${shortVersion(version)}, and in ${file ?? "memory"}.`);
}

/** The policies that were in force. */
export async function listVersions(cli: Cli): Promise<void> {
  const { items } = await cli.person().policies.versions();
  if (cli.isJson) return cli.screen.json({ items });
  const rows = items.map(({ version, at, by, reason }) => [
    shortVersion(version),
    clockTime(at),
    escapeLine(`${by.kind} ${by.id}`),
    escapeLine(reason ?? ""),
  ]);
  cli.screen.table(["version", "since", "by", "why"], rows, 3);
}
