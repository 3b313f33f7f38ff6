import { approvalLevels, type Grant } from "@pullcord/sdk/protocol";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide } from "./decide.js";
import { commandOf, factsOf, policyOf, readingOf, shell } from "./facts-for-tests.js";
import { covers, grantDigest } from "./grants.js";
import { conditions, subjects } from "./policy/arbitraries-for-tests.js";
import { matchRules } from "./policy/match.js";

const now = 1_000;

function grantOf(parts: Partial<Grant> = {}): Grant {
  return {
    id: "g1",
    agent: "claude-code",
    runId: null,
    covers: { kind: "action" },
    digest: "",
    sentence: "exactly this",
    score: 100,
    isIrreversible: true,
    level: "required",
    usesLeft: null,
    used: 0,
    by: { kind: "person", id: "ada" },
    at: 0,
    expiresAt: 7 * 86_400_000 + 1,
    endedAt: null,
    ...parts,
  };
}

describe("a grant never covers more than was shown", () => {
  it("of a pattern, only what the pattern allows as a rule", () => {
    fc.assert(
      fc.property(conditions, subjects, fc.boolean(), (when, subject, isIrreversible) => {
        const grant = grantOf({ agent: subject.agent, covers: { kind: "pattern", when: when as never } });
        const { rules } = policyOf({ rules: [{ id: "shown", effect: "allow", when }] });
        const isShown = matchRules(rules, subject).allows.length > 0;
        expect(covers(grant, { runId: "r1", subject, isIrreversible })).toBe(isShown);
      }),
      { numRuns: 500 },
    );
  });

  it("of an action, only the very same one", () => {
    fc.assert(
      fc.property(subjects, subjects, (shown, other) => {
        const grant = grantOf({ agent: shown.agent, digest: grantDigest(shown.agent, shown.proposed) });
        const isSame = other.agent === shown.agent && JSON.stringify(other.proposed) === JSON.stringify(shown.proposed);
        expect(covers(grant, { runId: "r1", subject: shown, isIrreversible: false })).toBe(true);
        if (!isSame) expect(covers(grant, { runId: "r1", subject: other, isIrreversible: false })).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it.each<[string, Partial<Grant>]>([
    ["another agent's", { agent: "codex" }],
    ["another run's", { runId: "r2" }],
    ["one that is over", { expiresAt: now }],
    ["one that was taken back", { endedAt: 1 }],
    ["one that is used up", { usesLeft: 0 }],
    ["one for less risk", { score: 29 }],
    ["one for what can be taken back", { isIrreversible: false }],
  ])("not %s", (_, parts) => {
    const proposed = shell("make x");
    const facts = { agent: "claude-code", proposed, reading: readingOf(), environments: [], workspace: "/work", home: "/home/ada" };
    const subject = { ...facts, score: 40, now, types: [proposed.type], lines: [], isOnlyCommands: true };
    const same = { digest: grantDigest("claude-code", proposed) };
    const action = { runId: "r1", subject, isIrreversible: true };
    expect(covers(grantOf(same), action)).toBe(true);
    expect(covers(grantOf({ ...same, ...parts }), action)).toBe(false);
  });
});

describe("deciding with a grant", () => {
  const proposed = shell("make x");
  const granted = grantOf({ digest: grantDigest("claude-code", proposed) });
  const reading = readingOf({ commands: [commandOf("make x")], assessment: { understood: false, score: 55 } });

  function decided(policy: Parameters<typeof policyOf>[0], grant: Grant = granted, confidence?: number) {
    const claimed = confidence === undefined ? proposed : { ...proposed, claim: { confidence } };
    const verdict = decide(factsOf({ proposed: claimed, reading, policy: policyOf(policy), grants: [grant] }), now);
    if (verdict.kind !== "decided") throw new Error("held");
    const { effect, grantId = null } = verdict.decision;
    return [effect, grantId];
  }

  it("answers what autonomy and what a rule would ask, and says by which", () => {
    expect(decided({})).toEqual(["allow", "g1"]);
    expect(decided({ rules: [{ id: "asks", effect: "require_approval", when: { program: "make" } }] })).toEqual(["allow", "g1"]);
  });

  it.each(approvalLevels.slice(2))("lifts %s only when that much proof was given", (level) => {
    const policy = { rules: [{ id: "asks", effect: "require_approval" as const, when: { program: "make" }, level }] };
    expect(decided(policy, { ...granted, level: "review" })[0]).toBe(level === "review" ? "allow" : "require_approval");
  });

  it("lifts no denial, no limit and no doubt of the agent's own", () => {
    expect(decided({ rules: [{ id: "no", effect: "deny", when: { program: "make" } }] })).toEqual(["deny", null]);
    expect(decided({ thresholds: { ask_at: 10, deny_at: 55 } })).toEqual(["deny", null]);
    expect(decided({}, granted, 0.1)).toEqual(["require_approval", null]);
  });

  it("is not used where nothing would be asked", () => {
    const verdict = decide(factsOf({ proposed, reading: readingOf({ commands: [commandOf("make x")] }), grants: [granted] }), now);
    expect(verdict.kind === "decided" && verdict.decision.grantId).toBeUndefined();
  });
});
