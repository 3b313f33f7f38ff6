import { autonomyLevels, autonomySources, type AutonomyLevel } from "@pullcord/sdk/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { setByPeople, type DialSet } from "./autonomy.js";

const rank = (level: AutonomyLevel) => autonomyLevels.indexOf(level);
const level = fc.constantFrom(...autonomyLevels);
const kinds = autonomySources.filter((source) => source !== "policy");
const settings = fc.uniqueArray(fc.record({ from: fc.constantFrom(...kinds), level }), { selector: ({ from }) => from });

describe("the dial", () => {
  it("is the narrowest of run, agent and everything, and the policy's where nobody set it", () => {
    const set: readonly DialSet[] = [
      { from: "everything", level: "full" },
      { from: "agent", level: "ask_first" },
      { from: "run", level: "notify" },
    ];
    const policy = { autonomy: "ask_destructive" } as const;
    expect(setByPeople(set, policy)).toEqual({ from: "run", level: "notify" });
    expect(setByPeople(set.slice(0, 2), policy)).toEqual({ from: "agent", level: "ask_first" });
    expect(setByPeople(set.slice(0, 1), policy)).toEqual({ from: "everything", level: "full" });
    expect(setByPeople([], policy)).toBe(null);
  });

  it.each(["task", "environment"] as const)("is held back by a %s, and never let go by one", (from) => {
    const policy = { autonomy: "ask_destructive" } as const;
    expect(setByPeople([{ from, level: "ask_first" }], policy)).toEqual({ from, level: "ask_first" });
    expect(setByPeople([{ from, level: "full" }], policy)).toBe(null);
    expect(
      setByPeople(
        [
          { from: "run", level: "full" },
          { from, level: "ask_first" },
        ],
        policy,
      ),
    ).toEqual({ from, level: "ask_first" });
  });

  it("gives no more freedom for what an agent names: without task and environment it is at least as free", () => {
    fc.assert(
      fc.property(settings, level, (set, autonomy) => {
        const all = setByPeople(set, { autonomy })?.level ?? autonomy;
        const byPeopleAlone = set.filter(({ from }) => from !== "task" && from !== "environment");
        expect(rank(all)).toBeLessThanOrEqual(rank(setByPeople(byPeopleAlone, { autonomy })?.level ?? autonomy));
        for (const { from, level: ceiling } of set)
          if (from === "task" || from === "environment") expect(rank(all)).toBeLessThanOrEqual(rank(ceiling));
      }),
    );
  });
});
