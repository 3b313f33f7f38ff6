import type { BreakerState } from "@pullcord/sdk/protocol";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { awake, closed, transitionBreaker, type BreakerEvent } from "./breaker.js";

const now = 1_000;
const by = { kind: "person", id: "ada" } as const;
const tripped = { response: "ask", reason: "Too much.", at: 500 } as const;

const states = {
  closed,
  warned: { status: "closed", warned: { at: 500, until: null } },
  warnedOver: { status: "closed", warned: { at: 500, until: 900 } },
  budget: { status: "open", ...tripped, until: null, probes: 0 },
  budgetOver: { status: "open", ...tripped, until: 900, probes: 0 },
  hot: { status: "open", ...tripped, until: 2_000, probes: 2 },
  cooled: { status: "open", ...tripped, until: 900, probes: 2 },
  halfOpen: { status: "half_open", ...tripped, probes: 2, probesLeft: 2, probe: null },
  probing: { status: "half_open", ...tripped, probes: 2, probesLeft: 2, probe: { actionId: "a1", until: 2_000 } },
  lastProbe: { status: "half_open", ...tripped, probes: 2, probesLeft: 1, probe: { actionId: "a1", until: 2_000 } },
  lostProbe: { status: "half_open", ...tripped, probes: 2, probesLeft: 1, probe: { actionId: "a1", until: 900 } },
  heldOpen: { status: "held", as: "open", by, at: 500, until: null },
  heldClosed: { status: "held", as: "closed", by, at: 500, until: 2_000 },
  heldOver: { status: "held", as: "closed", by, at: 500, until: 900 },
} as const satisfies Record<string, BreakerState>;
type Name = keyof typeof states;
const names = Object.keys(states) as Name[];

const trip = { kind: "trip", response: "pause", reason: "Worse.", until: 3_000, probes: 2 } as const;
const events = {
  warn: { kind: "warn", until: 3_000 },
  trip,
  milder: { ...trip, response: "ask" },
  recover: { kind: "recover" },
  wake: { kind: "wake" },
  probe: { kind: "probe", actionId: "a2", until: 3_000 },
  wentWell: { kind: "end_probe", actionId: "a1", went: "well", coolsAt: 3_000 },
  wentBadly: { kind: "end_probe", actionId: "a1", went: "badly", coolsAt: 3_000 },
  wentNowhere: { kind: "end_probe", actionId: "a1", went: "nowhere", coolsAt: 3_000 },
  strangers: { kind: "end_probe", actionId: "a9", went: "badly", coolsAt: 3_000 },
  reset: { kind: "reset" },
  hold: { kind: "hold", as: "open", by, until: null, reason: "Because." },
  release: { kind: "release" },
} as const satisfies Record<string, BreakerEvent>;
type EventName = keyof typeof events;

const opened = { status: "open", response: "pause", reason: "Worse.", at: now, until: 3_000, probes: 2 } as const;
const openedMildly = { ...opened, response: "ask" } as const;
const failed = { status: "open", response: "ask", reason: "A probe failed.", at: now, until: 3_000, probes: 2 } as const;
const held = { status: "held", as: "open", by, at: now, until: null, reason: "Because." } as const;
const probed = (name: "halfOpen" | "lostProbe") => ({ ...states[name], probe: { actionId: "a2", until: 3_000 } });
const free = (name: "probing" | "lastProbe" | "lostProbe", left = states[name].probesLeft) => ({
  ...states[name],
  probesLeft: left,
  probe: null,
});

/** What is not named here stays as it is. Everything resets and is held; only what is held is released. */
const moves: Readonly<Record<Name, Partial<Record<EventName, BreakerState>>>> = {
  closed: { warn: { status: "closed", warned: { at: now, until: 3_000 } }, trip: opened, milder: openedMildly },
  warned: { trip: opened, milder: openedMildly },
  warnedOver: { trip: opened, milder: openedMildly, wake: closed },
  budget: { trip: opened, recover: closed },
  budgetOver: { trip: opened, recover: closed, wake: closed },
  hot: { trip: opened },
  cooled: { trip: opened, wake: { ...states.halfOpen, at: now } },
  halfOpen: { trip: opened, milder: openedMildly, probe: probed("halfOpen") },
  probing: { trip: opened, milder: openedMildly, wentWell: free("probing", 1), wentBadly: failed, wentNowhere: free("probing") },
  lastProbe: { trip: opened, milder: openedMildly, wentWell: closed, wentBadly: failed, wentNowhere: free("lastProbe") },
  lostProbe: {
    trip: opened,
    milder: openedMildly,
    wake: free("lostProbe"),
    wentWell: closed,
    wentBadly: failed,
    wentNowhere: free("lostProbe"),
  },
  heldOpen: { release: closed },
  heldClosed: { release: closed },
  heldOver: { release: closed, wake: closed },
};

const everyMove = names.flatMap((state) => (Object.keys(events) as EventName[]).map((event) => ({ state, event })));

describe("a circuit breaker", () => {
  it.each(everyMove)("$state, $event", ({ state, event }) => {
    const result = transitionBreaker(states[state], events[event], now);
    if (event === "release" && !state.startsWith("held"))
      expect(result).toMatchObject({ problem: { code: "conflict", reason: "not_held" } });
    else expect(result).toEqual({ ok: event === "reset" ? closed : event === "hold" ? held : (moves[state][event] ?? states[state]) });
  });

  const anyEvent = fc.constantFrom(...Object.values(events)) as fc.Arbitrary<BreakerEvent>;
  const ownEvent = anyEvent.filter(({ kind }) => !["reset", "hold", "release"].includes(kind));

  function after(given: readonly BreakerEvent[], from: BreakerState = closed): BreakerState {
    return given.reduce((state, event, step) => {
      const moved = transitionBreaker(state, event, now + step * 700);
      return "ok" in moved ? moved.ok : state;
    }, from);
  }

  it("is held by people alone, and lets go of by itself only what was held for a time", () => {
    fc.assert(
      fc.property(fc.array(ownEvent, { maxLength: 30 }), (given) => {
        expect(after(given).status).not.toBe("held");
        expect(after(given, states.heldOpen)).toEqual(states.heldOpen);
      }),
    );
  });

  it("never closes a budget without a person or a new day", () => {
    const others = ownEvent.filter(({ kind }) => kind !== "recover");
    fc.assert(
      fc.property(fc.array(others, { maxLength: 30 }), (given) => {
        const budget = given.map((event) => (event.kind === "trip" ? { ...event, until: null, probes: 0 } : event));
        expect(after(budget, states.budget).status).toBe("open");
      }),
    );
  });

  it("closes a rate only after as many probes as it has went well, one at a time", () => {
    fc.assert(
      fc.property(fc.array(ownEvent, { maxLength: 40 }), (given) => {
        let [state, wentWell]: [BreakerState, number] = [states.hot, 0];
        for (const [step, event] of given.entries()) {
          const moved = transitionBreaker(state, event, now + step * 700);
          if (!("ok" in moved)) continue;
          const ended =
            event.kind === "end_probe" && event.went === "well" && state.status === "half_open" && state.probe?.actionId === event.actionId;
          if (ended) wentWell += 1;
          if (moved.ok.status === "open") wentWell = 0;
          const isClosed = moved.ok.status === "closed";
          expect(isClosed ? wentWell : 2).toBe(2);
          if (isClosed) return;
          state = moved.ok;
        }
      }),
    );
  });

  it("is awake as a wake would make it", () => {
    for (const name of names) expect(transitionBreaker(states[name], { kind: "wake" }, now)).toEqual({ ok: awake(states[name], now) });
  });
});
