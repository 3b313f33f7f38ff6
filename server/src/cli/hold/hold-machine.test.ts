import { describe, expect, it } from "vitest";
import { beginHold, heldShare, isOver, isSilent, nextHold, type HoldEvent, type HoldState } from "./hold-machine.js";
import { defaultTiming, type HoldTiming } from "./hold-timing.js";
import type { Key, KeyPhase } from "./keys.js";

const press = (key: Key, phase: KeyPhase = "press"): HoldEvent => ({ kind: "key", key, phase });
const tick: HoldEvent = { kind: "tick" };
type Timed = readonly [at: number, event: HoldEvent];

interface Playing {
  readonly tellsRelease?: boolean;
  readonly timing?: HoldTiming;
  readonly until?: number;
}

/** Plays events at their times, with a tick every 50 ms between them. */
function play(events: readonly Timed[], { tellsRelease = false, timing = defaultTiming, until = 0 }: Playing = {}): HoldState {
  let state = beginHold(0);
  const end = Math.max(until, events.at(-1)?.[0] ?? 0);
  const waiting = [...events];
  for (let now = 0; now <= end; now += 10) {
    while (waiting[0] && waiting[0][0] <= now) state = nextHold(state, waiting.shift()?.[1] ?? tick, { now, timing, tellsRelease });
    if (now % 50 === 0) state = nextHold(state, tick, { now, timing, tellsRelease });
  }
  return state;
}

/** Enter as a keyboard repeats it: at once, after its delay, and then again and again. */
function heldEnter(from: number, forMs: number, { delay = 500, every = 30 } = {}): Timed[] {
  const times = [
    from,
    ...Array.from({ length: Math.max(0, Math.floor((forMs - delay) / every) + 1) }, (_, index) => from + delay + index * every),
  ];
  return times.map((at) => [at, press("enter")] as const);
}

const opened: Timed[] = [[1_000, press("space")]];

describe("holding Enter", () => {
  it.each<{ title: string; events: readonly Timed[]; playing?: Playing; phase: HoldState["phase"]; reason?: string }>([
    { title: "is done after three seconds of a repeating key", events: [...opened, ...heldEnter(2_000, 3_100)], phase: "held" },
    {
      title: "is not done by silence after the last repeat",
      events: [...opened, ...heldEnter(2_000, 2_800)],
      playing: { until: 6_000 },
      phase: "refused",
      reason: "released_early",
    },
    {
      title: "is refused when released after two seconds",
      events: [...opened, ...heldEnter(2_000, 2_000)],
      playing: { until: 6_000 },
      phase: "refused",
      reason: "released_early",
    },
    {
      title: "is refused after a single press",
      events: [...opened, [2_000, press("enter")]],
      playing: { until: 4_000 },
      phase: "refused",
      reason: "released_early",
    },
    {
      title: "is refused when another key comes in between",
      events: [...opened, ...heldEnter(2_000, 1_000), [3_050, press("other")]],
      phase: "refused",
      reason: "other_key",
    },
    {
      title: "is refused by Space in place of Enter",
      events: [...opened, ...heldEnter(2_000, 1_000), [3_050, press("space")]],
      phase: "refused",
      reason: "other_key",
    },
    {
      title: "waits for a slow keyboard to begin repeating",
      events: [...opened, ...heldEnter(2_000, 3_200, { delay: 850 })],
      phase: "held",
    },
    { title: "stays open while a person reads", events: opened, playing: { until: 30_000 }, phase: "armed" },
    { title: "ends when nobody answers for a minute", events: [], playing: { until: 61_000 }, phase: "refused", reason: "silent" },
    {
      title: "ends when nobody goes on after Space for a minute",
      events: opened,
      playing: { until: 62_000 },
      phase: "refused",
      reason: "silent",
    },
    { title: "is cancelled by Ctrl+C before Space", events: [[500, press("interrupt")]], phase: "cancelled" },
    { title: "is cancelled by Ctrl+C at once, while input is dropped", events: [[10, press("interrupt")]], phase: "cancelled" },
    {
      title: "is cancelled by Ctrl+C while holding",
      events: [...opened, ...heldEnter(2_000, 1_000), [3_020, press("interrupt")]],
      phase: "cancelled",
    },
  ])("$title", ({ events, playing, phase, reason }) => {
    const state = play(events, playing);
    expect(state.phase).toBe(phase);
    if (state.phase === "refused") expect(state.reason).toBe(reason);
  });

  it("drops what was pressed before the question, however long that goes on", () => {
    const queued: Timed[] = Array.from({ length: 200 }, (_, index) => [index * 30, press("enter")] as const);
    expect(play(queued, { until: 6_200 }).phase).toBe("draining");
    expect(play(queued, { until: 7_000 }).phase).toBe("ready");
  });

  it("counts Enter only after Space", () => {
    expect(play(heldEnter(1_000, 5_000)).phase).toBe("ready");
  });

  it("takes a length that the server chose", () => {
    const longer: Timed[] = [...opened, [2_000, press("enter")], [2_010, { kind: "length", holdMs: 4_000 }], ...heldEnter(2_020, 3_500)];
    expect(play(longer).phase).toBe("holding");
    expect(play([...longer, ...heldEnter(5_600, 600, { delay: 30 })]).phase).toBe("held");
  });

  it("tells how far it is, and when an agent should be told what to ask", () => {
    const half = play([...opened, ...heldEnter(2_000, 1_500)]);
    expect(heldShare(half, 3_500)).toBeCloseTo(0.5, 1);
    expect(isSilent(play([], { until: 9_000 }), 9_000)).toBe(false);
    expect(isSilent(play([], { until: 11_000 }), 11_000)).toBe(true);
  });

  it("moves no more once it is over", () => {
    for (const state of [
      { phase: "held", tookMs: 3_000 },
      { phase: "cancelled" },
      { phase: "refused", reason: "silent", heldMs: 0 },
    ] as const) {
      expect(isOver(state)).toBe(true);
      for (const event of [tick, press("enter"), press("interrupt"), press("space")]) {
        expect(nextHold(state, event, { now: 9_999, timing: defaultTiming, tellsRelease: true })).toBe(state);
      }
    }
  });
});

describe("on a terminal that tells releases", () => {
  const kitty = { tellsRelease: true };

  it("is done while the key stays down, with or without repeats", () => {
    expect(play([...opened, [2_000, press("enter")]], { ...kitty, until: 5_100 }).phase).toBe("held");
  });

  it("is refused at the very release", () => {
    const state = play([...opened, [2_000, press("enter")], [4_900, press("enter", "release")]], { ...kitty, until: 6_000 });
    expect(state).toMatchObject({ phase: "refused", reason: "released_early" });
  });

  it("takes no notice of the release of a key that was down before", () => {
    expect(
      play([...opened, [1_200, press("space", "release")], [1_300, press("enter", "repeat")], [1_350, press("enter", "release")]], kitty)
        .phase,
    ).toBe("armed");
  });
});

describe("for whoever can't hold a key", () => {
  const tapping: HoldTiming = { ...defaultTiming, firstRepeatMs: 2_500, releaseGapMs: 2_500, releaseEnds: false };

  it.each([false, true])("pressing again and again counts (releases told: %s)", (tellsRelease) => {
    const taps: Timed[] = [0, 900, 1_900, 3_100].flatMap((after) => [
      [2_000 + after, press("enter")] as const,
      ...(tellsRelease ? [[2_000 + after + 100, press("enter", "release")] as const] : []),
    ]);
    expect(play([...opened, ...taps], { tellsRelease, timing: tapping }).phase).toBe("held");
  });

  it("one press is not enough", () => {
    expect(play([...opened, [2_000, press("enter")]], { timing: tapping, tellsRelease: true, until: 8_000 })).toMatchObject({
      phase: "refused",
      reason: "released_early",
    });
  });
});
