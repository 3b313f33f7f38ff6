import { describe, expect, it } from "vitest";
import { fillRuns, ids } from "../../../dev/fake/sample-runs.js";
import { seed } from "../../../dev/fake/seed.js";
import { arrange } from "./settle.js";

// Noon, so that "today" holds what ended this morning.
const noon = new Date(2026, 10, 21, 12).getTime();

describe("the board's order", () => {
  it("puts what needs a person first, then running, paused and ended today", () => {
    const runs = [...seed(noon).runs.values()];
    const groups = arrange(runs, noon).map((place) => place.group);
    expect(groups).toEqual(["needs_you", "needs_you", "needs_you", "running", "paused", "ended", "ended"]);
  });

  it("leaves out what ended before today", () => {
    const state = seed(noon, true);
    fillRuns(state, noon);
    const tomorrow = noon + 24 * 3_600_000;
    expect(arrange([...state.runs.values()], tomorrow).some((place) => place.id === ids.done)).toBe(false);
  });

  it("shows the newest run of a group first", () => {
    const needsYou = arrange([...seed(noon).runs.values()], noon).filter((place) => place.group === "needs_you");
    expect(needsYou[0]?.id).toBe(ids.infra);
  });
});
