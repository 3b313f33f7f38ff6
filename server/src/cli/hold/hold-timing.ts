import { existsSync, readFileSync } from "node:fs";
import { PullcordError } from "@pullcord/sdk";

/** How a hold is timed, in milliseconds. People differ, so all of it but the length can be set (L24). */
export interface HoldTiming {
  /** How long to hold (L1). A server may ask for another length (L18). */
  readonly holdMs: number;
  /** Silence after the first press that still counts as held: keyboards wait before they repeat. */
  readonly firstRepeatMs: number;
  /** Silence afterwards that means released. */
  readonly releaseGapMs: number;
  /** False: pressing Enter again and again counts as holding, for whoever can't hold a key. */
  readonly releaseEnds: boolean;
  /** True: sentences in place of a moving bar, for screen readers (L22). */
  readonly announces: boolean;
}

/** Presence is looked at this often (L2). */
export const sampleEveryMs = 300;
/** Input that is older than the question: dropped until it has been quiet for this long (L6). */
export const drainQuietMs = 300;
/** Without input for this long: the message for an agent (L5). */
export const silentMs = 10_000;
/** Without input for this long: refused. */
export const giveUpMs = 60_000;

export const defaultTiming: HoldTiming = { holdMs: 3_000, firstRepeatMs: 900, releaseGapMs: 500, releaseEnds: true, announces: false };
/** Pressing in place of holding: Enter again at least this often. */
const tapping = { firstRepeatMs: 2_500, releaseGapMs: 2_500, releaseEnds: false } as const;

// The upper bounds keep a held key a held key; the lower ones keep a slow keyboard from being refused.
const bounds: Readonly<Record<"firstRepeatMs" | "releaseGapMs", readonly [number, number]>> = {
  firstRepeatMs: [300, 3_000],
  releaseGapMs: [200, 3_000],
};

export interface TimingFlags {
  readonly tap: boolean;
  readonly announce: boolean;
}

/**
 * The timing from `hold.json` in the configuration folder, and from flags. Never from the environment: what loosens a
 * check is not hidden there (E64).
 * @throws PullcordError `invalid`/`hold_file`
 */
export function readTiming(file: string, flags: TimingFlags): HoldTiming {
  const saved = existsSync(file) ? parseTiming(file, readFileSync(file, "utf8")) : {};
  const tap = flags.tap || saved.tap === true;
  const { tap: _, ...numbers } = saved;
  return { ...defaultTiming, ...numbers, ...(tap ? tapping : {}), ...(flags.announce ? { announces: true } : {}) };
}

interface SavedTiming {
  firstRepeatMs?: number;
  releaseGapMs?: number;
  announces?: boolean;
  tap?: boolean;
}

function parseTiming(file: string, text: string): SavedTiming {
  const fault = (what: string) =>
    new PullcordError("invalid", "hold_file", `${file}: ${what}. It may hold firstRepeatMs, releaseGapMs, announces and tap.`);
  const saved: SavedTiming = {};
  for (const [name, value] of Object.entries(jsonObject(text, fault))) {
    if (name === "announces" || name === "tap") {
      if (typeof value !== "boolean") throw fault(`${name} is true or false`);
      saved[name] = value;
    } else if (name === "firstRepeatMs" || name === "releaseGapMs") {
      const [least, most] = bounds[name];
      if (typeof value !== "number" || value < least || value > most) throw fault(`${name} is a number from ${least} to ${most}`);
      saved[name] = value;
    } else {
      throw fault(`${name} is not known`);
    }
  }
  return saved;
}

function jsonObject(text: string, fault: (what: string) => PullcordError): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Falls through to the sentence below.
  }
  throw fault("it is not a JSON object");
}
