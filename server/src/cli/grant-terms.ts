import { bounds, PullcordError, type GrantTerms } from "@pullcord/sdk";
import type { Cli } from "./cli.js";
import { escapeLine } from "./screen/escape.js";
import type { Call, VerbOption } from "./verb.js";

/** How an approval is widened to a grant. */
export const grantOptions: readonly VerbOption[] = [
  { flags: "--for <time>", summary: "not only once: for so long, 30m, 8h, 7d at most" },
  { flags: "--times <count>", summary: "not only once: so many times more (within 7 days, or --for)" },
  { flags: "--covers <number>", summary: "a wider pattern, by its number in: grant options REQUEST" },
  { flags: "--this-run", summary: "with --for or --times: only in the run that asked" },
];

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** What the options grant, shown to the person; undefined where they grant nothing. @throws PullcordError `invalid`/`grant` */
export async function grantTerms(cli: Cli, call: Call, request: string): Promise<GrantTerms | undefined> {
  const [time, times, covers] = [call.text("for"), call.text("times"), call.text("covers")];
  if (time === undefined && times === undefined) {
    if (covers !== undefined || call.has("thisRun")) throw bad("--covers and --this-run go with --for or --times.");
    return undefined;
  }
  const forMs = time === undefined ? bounds.grantMs : grantMilliseconds(time);
  const uses = times === undefined ? undefined : Number(times);
  if (uses !== undefined && !(Number.isInteger(uses) && uses > 0)) throw bad("--times is a whole number from 1 up.");
  const options = await cli.person().grants.options(request);
  const option = options[Number(covers ?? "1") - 1];
  if (!option) throw bad(`--covers is a number from 1 to ${options.length}; see: pullcord grant options ${escapeLine(request)}`);
  if (!cli.isJson) {
    const often = uses === undefined ? "" : `${uses} times more, `;
    cli.screen.line(cli.screen.paint.amber(`Granted ${often}until ${new Date(Date.now() + forMs).toLocaleString()}:`));
    cli.screen.sentence(escapeLine(option.sentence));
  }
  return { covers: option.covers, forMs, ...(uses === undefined ? {} : { uses }), ...(call.has("thisRun") ? { runOnly: true } : {}) };
}

/** `30m`, `8h`, `7d`. @throws PullcordError `invalid`/`grant` */
export function grantMilliseconds(text: string): number {
  const [, amount, unit] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  const ms = Number(amount) * unitMs[(unit ?? "m") as keyof typeof unitMs];
  if (!(ms > 0 && ms <= bounds.grantMs)) throw bad("--for is written like 30m, 8h or 7d, and 7d is the most.");
  return ms;
}

function bad(sentence: string): PullcordError {
  return new PullcordError("invalid", "grant", sentence);
}
