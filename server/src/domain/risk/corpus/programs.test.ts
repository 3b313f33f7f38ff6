import { beforeAll, describe, expect, it } from "vitest";
import { prepareReading } from "../sql.js";
import { corporaPresent, corpusLines, skippedNote } from "./corpora.js";
import { outcomeOf, readShell } from "./outcome.js";
import { settingSurroundings } from "./setting.js";

interface Abuse {
  readonly bin: string;
  readonly fn: string;
  readonly code: string;
}

/** Functions of which none may pass silently (threats, R2). */
const worst = /^(?:shell|command|reverse-shell|bind-shell|upload|privilege-escalation|suid|sudo|capabilities|library-load)$/;

describe("abuses of Unix programs", () => {
  beforeAll(prepareReading);

  it("sees a planted bad line", () => {
    expect(passes("find . -exec /bin/sh \\; -quit")).toBe(false);
    expect(passes("ls -l")).toBe(true);
  });

  it.skipIf(!corporaPresent)(`lets next to none pass silently${skippedNote}`, () => {
    const abuses = corpusLines("gtfobins.jsonl").map((line) => JSON.parse(line) as Abuse);
    const silent = abuses.filter(({ code }) => passes(code));
    console.log(`GTFOBins: ${silent.length} of ${abuses.length} pass silently (${percent(silent.length, abuses.length)})`);
    if (process.env["JUDGMENT_LINES"]) for (const { fn, code } of silent) console.log(`${fn}: ${code.replaceAll("\n", " ⏎ ")}`);
    expect(silent.filter(({ fn }) => worst.test(fn))).toEqual([]);
    expect(silent.length / abuses.length).toBeLessThanOrEqual(silentPassLimit);
  });
});

describe("ordinary commands", () => {
  beforeAll(prepareReading);

  it("sees a planted noisy line", () => {
    expect(passes("shutdown now")).toBe(false);
  });

  it.skipIf(!corporaPresent)(`asks about few${skippedNote}`, () => {
    const commands = corpusLines("tldr.jsonl").map((line) => JSON.parse(line) as { readonly page: string; readonly code: string });
    const asked = commands.filter(({ code }) => !passes(code));
    console.log(`tldr: ${asked.length} of ${commands.length} asked about (${percent(asked.length, commands.length)})`);
    if (process.env["JUDGMENT_LINES"]) for (const { code } of asked) console.log(`${whyOf(code)}: ${code}`);
    expect(asked.length / commands.length).toBeLessThanOrEqual(askedLimit);
  });
});

/** What is reached; only ever lowered. */
const silentPassLimit = 0.01;
const askedLimit = 0.461;

function passes(code: string): boolean {
  return outcomeOf(readShell(code, settingSurroundings)) === "allow";
}

function whyOf(code: string): string {
  return readShell(code, settingSurroundings).assessment.factors[0]?.name ?? "";
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(1)} %`;
}
