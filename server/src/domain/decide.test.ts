import type { BreakGlassUse, Decision, ProposedAction } from "@pullcord/sdk/protocol";
import { describe, expect, it } from "vitest";
import { decide } from "./decide.js";
import { commandOf, factsOf, policyOf, policyWith, readingOf, shell, type FactsForTests } from "./facts-for-tests.js";

const now = 1_000_000;
const ada = { kind: "person", id: "ada" } as const;
const use: BreakGlassUse = { id: "b1", scope: { kind: "run", id: "r1" }, by: ada, at: now - 1_000, expiresAt: now + 1_000, actions: 0 };
const write: ProposedAction = { type: "file_write", arguments: { path: "/work/a.ts", content: "" } };
const stopped = { status: "stopped", interventionId: "i1", at: 1 } as const;
const paused = { status: "paused", interventionId: "i1", at: 1 } as const;
const finished = { status: "finished", at: 1, result: "succeeded" } as const;

function decisionOn(facts: FactsForTests): Decision {
  const verdict = decide(factsOf(facts), now);
  if (verdict.kind !== "decided") throw new Error(`held: ${verdict.sentence}`);
  return verdict.decision;
}

describe("deciding without anything special", () => {
  const asksFrom = policyOf({ autonomy: "ask_destructive" });
  const cases: readonly [string, FactsForTests, Decision["effect"]][] = [
    ["reads a file", {}, "allow"],
    ["writes in the workspace", { proposed: write, reading: readingOf({ writes: ["/work/a.ts"] }) }, "allow"],
    ["lists files", { proposed: shell("ls"), reading: readingOf({ commands: [commandOf("ls")] }) }, "allow"],
    [
      "gets a page",
      { proposed: { type: "network_request", arguments: {} }, reading: readingOf({ hosts: ["x.org"], assessment: { score: 10 } }) },
      "allow",
    ],
    ["does what scores 50", { reading: readingOf({ assessment: { score: 50 } }) }, "require_approval"],
    [
      "does what cannot be taken back",
      { reading: readingOf({ assessment: { score: 30, reversibility: "irreversible" } }) },
      "require_approval",
    ],
    ["does what was not understood", { reading: readingOf({ assessment: { score: 5, understood: false } }) }, "require_approval"],
    ["deploys", { proposed: { type: "deployment", arguments: {} }, reading: readingOf({ assessment: { score: 20 } }) }, "require_approval"],
    ["does what scores 95", { reading: readingOf({ assessment: { score: 95 } }) }, "deny"],
    ["is unsure itself", { proposed: { ...write, claim: { confidence: 0.2 } } }, "require_approval"],
    ["says itself that it is risky", { proposed: { ...write, claim: { risk: 60 } } }, "require_approval"],
    ["does something of unknown type", { proposed: { type: "unknown", arguments: {} } }, "require_approval"],
    ["pays", { proposed: { type: "payment", arguments: {} } }, "require_approval"],
  ];
  it.each(cases)("answers an agent that %s", (_title, facts, effect) => {
    expect(decisionOn({ policy: asksFrom, ...facts }).effect).toBe(effect);
  });
});

describe("autonomy and trust", () => {
  it.each([
    ["ask_first", 0, true, "require_approval"],
    ["ask_destructive", 49, true, "allow"],
    ["notify", 84, true, "allow"],
    ["notify", 85, true, "require_approval"],
    ["notify", 59, false, "allow"],
    ["notify", 60, false, "require_approval"],
    ["full", 94, true, "allow"],
    ["full", 94, false, "allow"],
    ["full", 95, true, "deny"],
  ] as const)("at %s with score %i, understood %s: %s", (...[level, score, understood, effect]) => {
    expect(decisionOn({ ...risky(score, understood), autonomySet: { level, from: "run" } }).effect).toBe(effect);
  });

  it("lets ask_first read without asking", () => {
    expect(decisionOn({ autonomySet: { level: "ask_first", from: "run" } }).effect).toBe("allow");
  });

  it("holds the trust tier's ceiling against a higher dial", () => {
    const decision = decisionOn({ ...risky(20), autonomySet: { level: "full", from: "run" }, trustTier: "restricted" });
    expect(decision).toMatchObject({ effect: "require_approval", autonomy: "ask_first" });
    expect(decision.reasons.at(-1)?.sentence).toContain("restricted");
  });

  it("asks for a second factor and an admin at any level", () => {
    const full = { autonomySet: { level: "full", from: "run" } } as const;
    expect(decisionOn({ ...full, proposed: { type: "payment", arguments: {} } }).approvalLevel).toBe("required_2fa");
    expect(decisionOn({ ...full, proposed: { type: "system_modification", arguments: {} } }).approvalLevel).toBe("admin_only");
  });

  it("needs at least required for high risk, and review for any question", () => {
    expect(decisionOn(risky(60))).toMatchObject({ effect: "require_approval", approvalLevel: "required" });
    expect(decisionOn(risky(50))).toMatchObject({ effect: "require_approval", approvalLevel: "review" });
  });

  it("obliges to tell and to keep a snapshot", () => {
    const notify = { autonomySet: { level: "notify", from: "run" } } as const;
    expect(decisionOn({ ...risky(30), ...notify }).obligations).toEqual([{ kind: "notify" }, { kind: "snapshot" }]);
    expect(decisionOn({ ...risky(29), ...notify }).obligations).toEqual([{ kind: "snapshot" }]);
    expect(decisionOn({ ...risky(59), autonomySet: { level: "full", from: "run" } }).obligations).toEqual([{ kind: "snapshot" }]);
    expect(decisionOn({ ...risky(30), ...notify, keepsSnapshots: false }).obligations).toEqual([{ kind: "notify" }]);
  });

  it("puts the gravest factor first among the reasons", () => {
    const factors = [
      { name: "small", score: 10, sentence: "Small." },
      { name: "deletes_files", score: 70, sentence: "Deletes files that git does not have: data/." },
    ];
    const { reasons } = decisionOn({ reading: readingOf({ assessment: { score: 70, factors } }) });
    expect(reasons[0]).toEqual({ step: "risk", sentence: "Deletes files that git does not have: data/.", rule: "deletes_files" });
  });
});

describe("interventions", () => {
  it.each([
    ["a stopped run", { run: { state: stopped } }],
    ["a finished run", { run: { state: finished } }],
    ["a kill file", { killFilePresent: true }],
    ["a kill file in a paused run", { killFilePresent: true, run: { state: paused } }],
  ])("denies under %s, break glass or not, whatever was read", (_title, facts) => {
    for (const breakGlass of [[], [use]]) {
      expect(decide(factsOf({ ...facts, breakGlass, reading: null }), now)).toMatchObject({
        kind: "decided",
        reading: null,
        decision: { effect: "deny" },
      });
    }
  });

  it("holds what a paused run proposes, break glass or not", () => {
    for (const breakGlass of [[], [use]])
      expect(decide(factsOf({ run: { state: paused }, breakGlass }), now)).toMatchObject({ kind: "held", pause: null });
  });

  it("denies in a state that it does not know", () => {
    expect(decisionOn({ run: { state: { status: "odd" } as never } }).effect).toBe("deny");
  });
});

describe("break glass", () => {
  const worst = readingOf({
    commands: [commandOf("make all")],
    assessment: { score: 100, understood: false, reversibility: "irreversible" },
  });
  it("lets through what everything else denies, and names its use", () => {
    const policy = policyWith({ id: "no", effect: "deny", when: { risk_at_least: 0 } });
    expect(decisionOn({ breakGlass: [use], reading: worst, policy, counters: { filesTouched: 900 } })).toMatchObject({
      effect: "allow",
      breakGlassId: "b1",
      obligations: [{ kind: "notify" }, { kind: "snapshot" }],
    });
  });

  it.each([
    ["another run's", { ...use, scope: { kind: "run", id: "r2" } }],
    ["an expired", { ...use, expiresAt: now }],
    ["an ended", { ...use, endedAt: now }],
    ["a program's", { ...use, by: { kind: "agent", id: "claude-code" } }],
  ] as const)("does not count %s use", (_title, other) => {
    expect(decisionOn({ breakGlass: [other], reading: worst })).toMatchObject({ effect: "deny" });
  });

  it("never crosses the hard floor, not even by an action that cannot be read", () => {
    expect(decisionOn({ breakGlass: [use], reading: readingOf({ touchesGate: "Deletes its record." }) }).effect).toBe("deny");
    expect(decisionOn({ breakGlass: [use], reading: null }).effect).toBe("deny");
    const gaveUp = { proposed: shell("$("), reading: readingOf({ assessment: { understood: false } }) };
    expect(decisionOn({ breakGlass: [use], ...gaveUp }).effect).toBe("deny");
  });
});

describe("guardrails", () => {
  const writes = { proposed: write, reading: readingOf({ writes: ["/work/a", "/work/b"] }) };
  it("asks above ten files, whatever rule allows it, and pauses above fifty", () => {
    const policy = policyWith({ id: "ok", effect: "allow", when: { type: "file_write" } });
    expect(decisionOn({ ...writes, policy, counters: { filesTouched: 8 } }).effect).toBe("allow");
    expect(decisionOn({ ...writes, policy, counters: { filesTouched: 9 } }).effect).toBe("require_approval");
    expect(decide(factsOf({ ...writes, counters: { filesTouched: 49 } }), now)).toMatchObject({
      kind: "held",
      pause: { guardrail: "files_per_run" },
    });
  });

  it("does not count a file twice that the run changed before", () => {
    expect(decisionOn({ ...writes, counters: { filesTouched: 10, isTouched: () => true } }).effect).toBe("allow");
    expect(decisionOn({ ...writes, counters: { filesTouched: 10, isTouched: (path) => path === "/work/a" } }).effect).toBe(
      "require_approval",
    );
  });

  it("lets a run that only reads go on", () => {
    expect(decisionOn({ counters: { filesTouched: 900 } }).effect).toBe("allow");
  });

  it("pauses after the time limit, until a person lets it go on", () => {
    const eightHours = 8 * 3_600_000;
    expect(decide(factsOf(), eightHours)).toMatchObject({ kind: "held", pause: { guardrail: "run_time" } });
    expect(decide(factsOf({ run: { authorisedAt: 1 } }), eightHours)).toMatchObject({ kind: "decided" });
  });

  it("pauses when half of the newest twenty actions failed", () => {
    expect(decide(factsOf({ counters: { recentEnded: 20, recentFailures: 10 } }), now)).toMatchObject({
      kind: "held",
      pause: { guardrail: "error_rate" },
    });
    expect(decide(factsOf({ counters: { recentEnded: 19, recentFailures: 19 } }), now)).toMatchObject({ kind: "decided" });
  });

  it.each([
    ["denies a forbidden area", { reads: ["/home/ada/.ssh/id_rsa"] }, "deny"],
    ["denies deleting a folder above one", { deletes: ["/home/ada"] }, "deny"],
    ["asks when the path cannot be known", { writes: [null] }, "require_approval"],
    ["lets its neighbours be", { reads: ["/home/ada/.sshd"] }, "allow"],
  ] as const)("%s", (_title, parts, effect) => {
    const policy = policyOf({ guardrails: { forbidden_paths: ["~/.ssh/**"] }, autonomy: "full" });
    expect(decisionOn({ policy, reading: readingOf(parts) }).effect).toBe(effect);
  });
});

describe("policy", () => {
  const push = { proposed: shell("git push"), reading: readingOf({ commands: [commandOf("git push")], assessment: { score: 60 } }) };
  const gitAllowed = { id: "git", effect: "allow", when: { command: "git push" } } as const;
  it("lifts asking by an allow rule, up to its level", () => {
    const dial = { autonomySet: { level: "ask_destructive", from: "run" } } as const;
    expect(decisionOn({ ...push, ...dial }).effect).toBe("require_approval");
    expect(decisionOn({ ...push, ...dial, policy: policyWith(gitAllowed) })).toMatchObject({ effect: "allow", reasons: [{ rule: "git" }] });
    expect(decisionOn({ ...push, ...dial, policy: policyWith({ ...gitAllowed, level: "review" }) }).effect).toBe("require_approval");
  });

  it("lifts a second factor only where the rule says so", () => {
    expect(decisionOn(pays()).effect).toBe("require_approval");
    expect(decisionOn(pays("required_2fa")).effect).toBe("allow");
  });

  it("does not lift the doubt of an agent that is unsure", () => {
    const proposed = { ...push.proposed, claim: { confidence: 0.1 } };
    expect(decisionOn({ ...push, proposed, policy: policyWith(gitAllowed) }).effect).toBe("require_approval");
  });

  it("denies over asking over allowing", () => {
    const asks = { id: "asks", effect: "require_approval", when: { program: "git" }, level: "admin_only" } as const;
    const denies = { id: "denies", effect: "deny", when: { program: "git" }, reason: "Not here." } as const;
    expect(decisionOn({ ...push, policy: policyWith(gitAllowed, asks) })).toMatchObject({
      effect: "require_approval",
      approvalLevel: "admin_only",
    });
    expect(decisionOn({ ...push, policy: policyWith(gitAllowed, asks, denies) }).reasons[0]).toEqual({
      step: "policy",
      sentence: "Not here.",
      rule: "denies",
    });
  });

  it("asks at full autonomy when a denied thing may hide in what cannot be known", () => {
    const policy = policyWith({ id: "no-git", effect: "deny", when: { program: "git" } });
    const reading = readingOf({ commands: [{ program: null, words: [], text: "$X" }] });
    expect(decisionOn({ proposed: shell("$X"), reading, policy, autonomySet: { level: "full", from: "run" } }).effect).toBe(
      "require_approval",
    );
  });
});

/** An action of this risk that writes in the workspace. */
function risky(score: number, understood = true): FactsForTests {
  return { proposed: write, reading: readingOf({ writes: ["/work/a"], assessment: { score, understood } }) };
}

/** A payment of 5, and a rule that allows small ones. */
function pays(level?: "required_2fa"): FactsForTests {
  const rule = { id: "small", effect: "allow", when: { type: "payment", arguments: { amount: { at_most: 10 } } }, level } as const;
  return { proposed: { type: "payment", arguments: { amount: 5 } }, policy: policyWith(rule) };
}
