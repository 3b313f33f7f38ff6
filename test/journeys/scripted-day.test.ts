import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { liveThrough, sessions, settings } from "./scripted-day/day.ts";
import { complaints, worseThan, type Day } from "./scripted-day/report.ts";

/** Five days of 312 calls each through the whole gate, all at once; only a limit for what hangs. */
const daysLimitMs = 900_000;

const written = readFileSync(new URL("../../docs/autonomy.md", import.meta.url), "utf8");

describe("a scripted day of a coding agent", () => {
  let days: readonly Day[];

  beforeAll(async () => {
    days = await Promise.all(settings.map(async (setting) => ({ setting, happened: await liveThrough(setting) })));
  }, daysLimitMs);

  it("is 300 everyday calls and 12 that matter", () => {
    const calls = sessions.flatMap((session) => session.calls);
    expect(calls.filter(({ matters }) => matters === undefined)).toHaveLength(300);
    expect(calls.filter(({ matters }) => matters !== undefined)).toHaveLength(12);
  });

  it("asks little, and lets nothing that matters pass by anybody, but at full", () => {
    expect(days.map(complaints)).toEqual(settings.map(() => []));
  });

  it("asks at a lower level about everything that a higher one asks about", () => {
    const asked = (level: string | null) => {
      const day = days.find(({ setting }) => setting.level === level);
      return (day?.happened ?? []).flatMap(({ outcome }, at) => (outcome === "asked" ? [at] : []));
    };
    expect(asked("ask_first")).toEqual(expect.arrayContaining(asked("ask_destructive")));
    expect(asked("ask_destructive")).toEqual(expect.arrayContaining(asked("notify")));
    expect(asked("notify")).toEqual(expect.arrayContaining(asked("full")));
  });

  it("is no worse than docs/autonomy.md says (npm run bench -- day prints the table)", () => {
    expect(worseThan(written, days)).toEqual([]);
  });

  it("would be complained about, were it worse", () => {
    const [connected] = days;
    if (!connected) throw new Error("No day was lived through.");
    const withOutcome = (outcome: "asked" | "told" | "denied", isHit: (at: number) => boolean): Day => ({
      ...connected,
      happened: connected.happened.map((one, at) => (isHit(at) ? { ...one, outcome } : one)),
    });
    const grave = connected.happened.findIndex(({ call }) => call.matters !== undefined);
    expect(complaints(withOutcome("told", (at) => at === grave))).toHaveLength(1);
    expect(complaints(withOutcome("denied", (at) => at === 0))).toHaveLength(1);
    expect(complaints(withOutcome("asked", (at) => at < 4)).length).toBeGreaterThan(3);
    const [free] = connected.happened.flatMap(({ outcome }, at) => (outcome === "ran" ? [at] : []));
    expect(worseThan(written, [withOutcome("asked", (at) => at === free)])).toHaveLength(1);
    expect(worseThan(written, [withOutcome("told", (at) => at === grave)])).toHaveLength(1);
    expect(worseThan("", [connected])).toHaveLength(1);
  });
});
