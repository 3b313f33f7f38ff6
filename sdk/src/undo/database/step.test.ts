import { describe, expect, it } from "vitest";
import { rowSteps } from "./step.js";

const orders = { name: "orders", key: ["id"] };
const rows = (...ids: readonly number[]) => ids.map((id) => ({ id: String(id), state: "'open'" }));

describe("what happened to rows", () => {
  it("is told by their keys as people count, in whatever order the database names them", () => {
    const gone = rowSteps(orders, rows(10, 9, 100, 1), []);
    expect(gone.map((step) => (step.kind === "row" ? step.key["id"] : "none"))).toEqual(["1", "9", "10", "100"]);
    const both = rowSteps(orders, rows(10, 2), rows(30, 10, 1));
    expect(both.map((step) => (step.kind === "row" ? [step.key["id"], step.before === null] : "none"))).toEqual([
      ["1", true],
      ["2", false],
      ["30", true],
    ]);
  });
});
