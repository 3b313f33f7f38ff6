import { describe, expect, it } from "vitest";
import { samplePlans } from "../../../dev/fake/plans.js";
import { sampleRequests } from "../../../dev/fake/requests.js";
import { byUrgency, folded } from "./order.js";
import { isPlanId, questionOfPlan, questionOfRequest } from "./question.js";

const requests = sampleRequests({ shop: "r1", infra: "r2", docs: "r3" }, 1_000_000_000).map(questionOfRequest);

describe("the inbox", () => {
  it("orders by risk, then by time left", () => {
    const ordered = requests.toSorted(byUrgency);
    expect(ordered.map(({ risk }) => risk)).toEqual(["critical", "critical", "high", "medium", "medium", "low"]);
    expect(ordered[0]?.expiresAt).toBeLessThan(ordered[1]?.expiresAt ?? 0);
  });

  it("folds three similar low-risk requests and no others", () => {
    const low = requests.find(({ risk }) => risk === "low");
    const many = [...requests, ...[1, 2].map((n) => ({ ...low, id: `q${n}` }))] as typeof requests;
    const folds = folded(many);
    expect(folds).toHaveLength(requests.length);
    expect(folds.find((fold) => fold.first === low)?.rest).toHaveLength(2);
    expect(folds.filter((fold) => fold.rest.length > 0)).toHaveLength(1);
  });

  it("lists a plan by its gravest step, and never folds it", () => {
    const plan = samplePlans({ shop: "r1", tests: "r2" }, 1_000_000_000).find(({ status }) => status === "pending")!;
    const question = questionOfPlan(plan);
    expect(question).toMatchObject({ risk: plan.whole.level, why: "A plan of 6 steps waits as a whole.", kind: null });
    expect(question.line).toBe("npm test -- cart, and 5 more");
    expect(folded([question, { ...question, id: "n2" }, { ...question, id: "n3" }])).toHaveLength(3);
    expect([isPlanId(plan.id), isPlanId(requests[0]!.id)]).toEqual([true, false]);
  });
});
