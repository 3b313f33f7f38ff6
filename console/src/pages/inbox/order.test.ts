import { describe, expect, it } from "vitest";
import { sampleRequests } from "../../../dev/fake/requests.js";
import { byUrgency, folded } from "./order.js";

const requests = sampleRequests({ shop: "r1", infra: "r2", docs: "r3" }, 1_000_000_000);

describe("the inbox", () => {
  it("orders by risk, then by time left", () => {
    const ordered = requests.toSorted(byUrgency);
    const scores = ordered.map((request) => request.action.assessment?.level);
    expect(scores).toEqual(["critical", "critical", "high", "medium", "medium", "low"]);
    expect(ordered[0]?.expiresAt).toBeLessThan(ordered[1]?.expiresAt ?? 0);
  });

  it("folds three similar low-risk requests and no others", () => {
    const low = requests.find((request) => request.action.assessment?.level === "low");
    const many = [...requests, ...[1, 2].map((n) => ({ ...low, id: `q${n}` }))] as typeof requests;
    const folds = folded(many);
    expect(folds).toHaveLength(requests.length);
    expect(folds.find((fold) => fold.first === low)?.rest).toHaveLength(2);
    expect(folds.filter((fold) => fold.rest.length > 0)).toHaveLength(1);
  });
});
