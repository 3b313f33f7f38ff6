import { describe, expect, it } from "vitest";
import { isByWanted, isPathWanted, type Selection } from "./kind.js";

const key = (actionId: string, runId = "r") => ({ runId, actionId });

describe("whether a change is selected by whose it is", () => {
  it.each<[what: string, selected: readonly [Omit<Selection, "runId">, by: ReturnType<typeof key>[]], isWanted: boolean]>([
    ["one of the run's", [{}, [key("a1")]], true],
    ["nobody's", [{}, []], false],
    ["another run's", [{}, [key("a1", "other")]], false],
    ["the run's and another's", [{}, [key("a1"), key("b1", "other")]], true],
    ["the action's, among others", [{ actionId: "a1" }, [key("a1"), key("a2")]], true],
    ["another action's", [{ actionId: "a1" }, [key("a2")]], false],
    ["another run's action of that name", [{ actionId: "a1" }, [key("a1", "other")]], false],
    ["one that came after", [{ notBy: new Set(["a1"]) }, [key("a2")]], true],
    ["one that an action before may have done, too", [{ notBy: new Set(["a1"]) }, [key("a2"), key("a1")]], false],
  ])("%s", (_what, [selection, by], isWanted) => {
    expect(isByWanted(by, { runId: "r", ...selection })).toBe(isWanted);
  });
});

it.each<[path: string, only: readonly string[] | undefined, isWanted: boolean]>([
  ["src/a.ts", undefined, true],
  ["src/a.ts", [], false],
  ["src/a.ts", ["src"], true],
  ["src/a.ts", ["docs", "src/a.ts"], true],
  ["src-old/a.ts", ["src"], false],
  ["src", ["src/a.ts"], false],
])("whether %s is among %s: %s", (path, only, isWanted) => {
  expect(isPathWanted(path, only)).toBe(isWanted);
});
