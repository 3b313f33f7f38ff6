import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rowSteps, type RowStep } from "./step.js";
import type { Row } from "./session.js";
import { chained } from "./chained.js";

const table = { name: "t", key: ["id"] };
const row = fc.record({ id: fc.constantFrom("1", "2"), a: fc.constantFrom("1", "2", "NULL"), b: fc.constantFrom("'x'", "'y'") });
const state = fc.uniqueArray(row, { selector: ({ id }) => id });
const between = (before: readonly Row[], after: readonly Row[]) => rowSteps(table, before, after) as RowStep[];
const sorted = (steps: readonly RowStep[]) =>
  steps
    .map((step) =>
      JSON.stringify(
        [step.key, step.before, step.after].map(
          (each) => each && Object.entries(each).toSorted(([one], [other]) => one.localeCompare(other)),
        ),
      ),
    )
    .toSorted();

describe("steps that follow upon each other", () => {
  it("come to what happened from the first state to the last, whatever was in between", () => {
    fc.assert(
      fc.property(fc.array(state, { minLength: 2, maxLength: 6 }), (states) => {
        const steps = states.slice(1).flatMap((now, at) => between(states[at] ?? [], now));
        expect(sorted(chained(steps))).toEqual(sorted(between(states[0] ?? [], states.at(-1) ?? [])));
      }),
    );
  });

  it("stay apart where somebody changed the row in between", () => {
    const first: RowStep = { kind: "row", table: "t", key: { id: "1" }, before: { a: "1" }, after: { a: "2" } };
    const second: RowStep = { ...first, before: { a: "3" }, after: { a: "4" } };
    expect(chained([first, second])).toEqual([first, second]);
    const gone: RowStep = { ...first, before: { id: "1", a: "2" }, after: null };
    expect(chained([first, gone, second])).toEqual([{ ...gone, before: { id: "1", a: "1" } }, second]);
  });
});
