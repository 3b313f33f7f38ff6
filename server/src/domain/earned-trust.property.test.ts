import { riskLevelFloor, trustFloor, trustTiers, type ActionType, type TrustTier } from "@pullcord/sdk/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { givenTrust, movedTrust, proposedTier, standing, tierFor, type Trust, type TrustCause } from "./earned-trust.js";

const dayMs = 24 * 3_600_000;
const rank = (tier: TrustTier) => trustTiers.indexOf(tier);
const causes: readonly TrustCause[] = ["succeeded", "failed", "refused", "unanswered"];
const types: readonly ActionType[] = ["command_execute", "file_write", "network_request", "deployment"];

const event = fc.record({
  capability: fc.constantFrom(...types),
  cause: fc.constantFrom(...causes),
  risk: fc.integer({ min: 0, max: 100 }),
  afterMs: fc.integer({ min: 0, max: 60 * dayMs }),
});
const tier = fc.constantFrom(...trustTiers);

function after(trust: Trust, moves: readonly { capability: ActionType; cause: TrustCause; risk: number }[], now = 0): Trust {
  let current = trust;
  for (const { capability, ...move } of moves) {
    const moved = movedTrust(current, { capability, ...move }, now);
    if (moved) current = { ...current, capabilities: { ...current.capabilities, [capability]: moved } };
  }
  return current;
}

describe("trust", () => {
  it("never rises by itself, whatever happens and however long it takes", () => {
    fc.assert(
      fc.property(tier, fc.array(event, { maxLength: 60 }), (given, events) => {
        let trust: Trust = { tier: given, capabilities: {} };
        let now = 0;
        for (const { afterMs, ...move } of events) {
          const before = tierFor(trust, [move.capability], now);
          now += afterMs;
          trust = after(trust, [move], now);
          expect(rank(tierFor(trust, [move.capability], now))).toBeLessThanOrEqual(rank(before));
        }
      }),
    );
  });

  it("is that of the least trusted thing that an action is", () => {
    fc.assert(
      fc.property(tier, tier, tier, (base, one, other) => {
        let trust: Trust = { tier: base, capabilities: {} };
        trust = givenTrust(trust, { tier: one, capability: "file_write" }, 0);
        trust = givenTrust(trust, { tier: other, capability: "network_request" }, 0);
        expect(tierFor(trust, ["file_write", "network_request"], 0)).toBe(rank(one) < rank(other) ? one : other);
        expect(tierFor(trust, ["deployment"], 0)).toBe(base);
      }),
    );
  });

  it("keeps the score between 0 and 1, and the tier in force at or below what the score gives", () => {
    fc.assert(
      fc.property(tier, fc.array(event, { maxLength: 60 }), (given, events) => {
        const trust = after({ tier: given, capabilities: {} }, events);
        for (const kept of Object.values(trust.capabilities)) {
          expect(kept.score).toBeGreaterThanOrEqual(0);
          expect(kept.score).toBeLessThanOrEqual(1);
          expect(kept.score).toBeGreaterThanOrEqual(trustFloor[kept.tier]);
        }
      }),
    );
  });
});

describe("ten thousand successes", () => {
  const restricted: Trust = { tier: "restricted", capabilities: {} };
  const tenThousand = (risk: number) =>
    after(
      restricted,
      Array.from({ length: 10_000 }, () => ({ capability: "command_execute" as const, cause: "succeeded" as const, risk })),
    );

  it("of trivial actions earn nothing", () => {
    for (let risk = 0; risk < riskLevelFloor.low; risk += 1) expect(tenThousand(risk)).toEqual(restricted);
  });

  it.each([
    ["low", 29, "supervised"],
    ["medium", 59, "trusted"],
    ["high", 84, "autonomous"],
  ] as const)("at %s risk propose %s at most, and for nothing else", (_, risk, most) => {
    const trust = tenThousand(risk);
    expect(proposedTier(standing(trust, "command_execute", 0))).toBe(most);
    expect(tierFor(trust, ["command_execute"], 0)).toBe("restricted");
    expect(proposedTier(standing(trust, "deployment", 0))).toBe(null);
  });
});

describe("a score", () => {
  const at = (score: number): Trust => ({ tier: "standard", capabilities: { payment: { tier: "standard", score, at: 0 } } });

  it.each([
    ["a success at full weight adds 0.02 of what is missing", "succeeded", 60, 0.7 + 0.02 * 0.3],
    ["a success at half the weight adds half", "succeeded", 30, 0.7 + 0.02 * 0.3 * 0.5],
    ["a failure takes 0.1 times its severity", "failed", 80, 0.7 - 0.08],
    ["a failure of everyday work, like a red test, takes nothing", "failed", 29, 0.7],
    ["a person's no takes 0.1 times the severity, a tenth at least", "refused", 0, 0.7 - 0.01],
    ["a question that nobody answered takes 0.01", "unanswered", 0, 0.7 - 0.01],
  ] as const)("%s", (...[, cause, risk, score]) => {
    const moved = movedTrust(at(0.7), { capability: "payment", cause, risk }, 0);
    expect(moved?.score ?? 0.7).toBeCloseTo(score, 10);
  });

  it("that falls below its tier is demoted at once, and climbing back needs a person", () => {
    const fallen = after(at(0.61), [{ capability: "payment", cause: "failed", risk: 90 }]);
    expect(tierFor(fallen, ["payment"], 0)).toBe("supervised");
    const risen = after(
      fallen,
      Array.from({ length: 40 }, () => ({ capability: "payment" as const, cause: "succeeded" as const, risk: 90 })),
    );
    expect(tierFor(risen, ["payment"], 0)).toBe("supervised");
    expect(proposedTier(standing(risen, "payment", 0))).toBe("standard");
    expect(tierFor(givenTrust(risen, { tier: "standard", capability: "payment" }, 0), ["payment"], 0)).toBe("standard");
  });

  it("falls while idle, by half of the way to 0.3 in 180 days, and no further", () => {
    expect(standing(at(0.9), "payment", 180 * dayMs).score).toBeCloseTo(0.6, 10);
    expect(standing(at(0.9), "payment", 10_000 * dayMs).score).toBeCloseTo(0.3, 5);
    expect(standing(at(0.2), "payment", 10_000 * dayMs).score).toBe(0.2);
  });
});
