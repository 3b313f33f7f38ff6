import { breakGlassMaxMs, PullcordError, type BreakGlassReport, type BreakGlassUse } from "@pullcord/sdk";
import type { Cli } from "../cli.js";
import { refuseAgent } from "../person-only.js";
import { namedScope, scopeOptions, scopeWords } from "../scope.js";
import { escapeLine } from "../screen/escape.js";
import { ago, clockTime, parseDuration, until } from "../screen/time.js";
import type { Call, Verb } from "../verb.js";

const defaultDurationMs = breakGlassMaxMs;

/** The emergency override (B1 to B16): always there, always recorded, no reason demanded. */
export const breakGlass: Verb = {
  usage: "break-glass [run]",
  summary: "the emergency override: force approval for at most 15 minutes",
  details:
    "Overrides the gate's judgment within one named scope. It lifts no stop, and never lets an agent touch Pullcord itself. Each use is counted, dated and yours. No reason is demanded; one helps.\nWithout a scope it shows the uses so far, and their rate.",
  options: [
    ...scopeOptions,
    { flags: "--for <duration>", summary: "how long, at most 15m (default: 15m)" },
    { flags: "--reason <text>", summary: "why, for the record" },
    { flags: "--end <use>", summary: "end a use before its time" },
    { flags: "--dry-run", summary: "only show what would be done" },
  ],
  examples: [
    "break-glass",
    "break-glass r7k2",
    'break-glass --agent deployer --for 5m --reason "The gate is wrong about the hotfix"',
    "break-glass --end b7k2",
  ],
  run: async (cli, call) => {
    const ended = call.text("end");
    if (ended !== undefined) return end(cli, ended);
    const scope = namedScope(call, call.args[0]);
    if (scope === null) return report(cli);
    refuseAgent(cli, "break glass");
    const durationMs = durationOf(call);
    if (call.has("dryRun")) {
      return cli.isJson
        ? cli.screen.json({ wouldBreakGlass: { scope, durationMs } })
        : cli.screen.line(`Would force approval for ${escapeLine(scopeWords(scope))} for ${durationMs / 60_000} min.`);
    }
    const reason = call.text("reason");
    const use = await cli.person().breakGlass({ scope, durationMs, ...(reason === undefined ? {} : { reason }) });
    if (cli.isJson) return cli.screen.json(use);
    cli.screen.line(cli.screen.paint.amber(`Broken: ${escapeLine(scopeWords(use.scope))} is approved until ${clockTime(use.expiresAt)}.`));
    cli.screen.line(`Record: ${use.id}. End it sooner: pullcord break-glass --end ${use.id}`);
  },
};

function durationOf(call: Call): number {
  const given = call.text("for");
  if (given === undefined) return defaultDurationMs;
  const durationMs = parseDuration(given);
  if (durationMs !== null && durationMs > 0 && durationMs <= breakGlassMaxMs) return durationMs;
  throw new PullcordError("invalid", "duration", `${given} is no duration up to 15m. Give one like 5m or 90s.`);
}

async function end({ person, screen, isJson }: Cli, id: string): Promise<void> {
  const use = await person().endBreakGlass(id);
  if (isJson) return screen.json(use);
  screen.line(`Ended ${use.id}: it let ${use.actions} actions through. The gate judges again.`);
}

async function report(cli: Cli): Promise<void> {
  const { screen, isJson } = cli;
  const [figures, uses] = await Promise.all([cli.person().breakGlassReport(), cli.person().listBreakGlass()]);
  if (isJson) return screen.json({ report: figures, uses: uses.items });
  screen.line(rateSentence(figures));
  if (uses.items.length > 0) screen.table(["USE", "WHEN", "SCOPE", "BY", "ACTIONS", "STATE"], uses.items.map(row), 2);
  screen.line();
  screen.line(screen.paint.faint("To use it: pullcord break-glass RUN, or --agent NAME, or --all"));
}

function rateSentence({ uses, gatedDecisions, rate }: BreakGlassReport): string {
  return `Break glass: ${uses} uses in ${gatedDecisions} gated decisions in 30 days, ${(rate * 100).toFixed(1)} %.`;
}

function row({ id, at, scope, by, actions, expiresAt, endedAt }: BreakGlassUse): string[] {
  const now = Date.now();
  const state = endedAt !== undefined ? "ended" : expiresAt <= now ? "over" : `active, over ${until(expiresAt, now)}`;
  return [id, ago(at, now), escapeLine(scopeWords(scope)), escapeLine(by.id), String(actions), state];
}
