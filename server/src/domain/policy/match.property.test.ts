import { effects } from "@pullcord/sdk/protocol";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { policyOf, readingOf } from "../facts-for-tests.js";
import { conditions, ruleLists, subjects } from "./arbitraries-for-tests.js";
import type { Conditions, RuleDocument } from "./document.js";
import { matchRules } from "./match.js";
import { candidates, type RuleIndex } from "./rule-index.js";
import { subjectOf, type Subject } from "./subject.js";

const manyRuns = { numRuns: 300 };
/** Enough for the index to divide them. */
const manyRules = ruleLists({ minLength: 9, maxLength: 60 });

function indexOf(rules: readonly RuleDocument[]): RuleIndex {
  return policyOf({ rules }).rules;
}

/** The same rules, each held against every action. */
function scanOf(index: RuleIndex): RuleIndex {
  return { ...index, tree: { always: index.rules, branches: [] } };
}

function said(index: RuleIndex, subject: Subject) {
  const { denies, asks, allows } = matchRules(index, subject);
  return {
    denies: denies.map(({ id }) => id),
    asks: asks.map(({ rule, fit }) => `${rule.id} ${fit}`),
    allows: allows.map(({ id }) => id),
  };
}

describe("the index", () => {
  it("gives exactly what a scan gives", () => {
    fc.assert(
      fc.property(manyRules, fc.array(subjects, { minLength: 1, maxLength: 8 }), (rules, several) => {
        const index = indexOf(rules);
        for (const subject of several) expect(said(index, subject)).toEqual(said(scanOf(index), subject));
      }),
      manyRuns,
    );
  });

  it("leaves most rules out", () => {
    const rules = Array.from({ length: 1_000 }, (_, at): RuleDocument => ({
      id: `rule-${at}`,
      effect: "deny",
      when: { path: `/srv/${at}/**` },
    }));
    const subject = subjectOf({
      proposed: { type: "file_read", arguments: {} },
      reading: readingOf({ reads: ["/srv/7/a"] }),
      agent: "codex",
      environments: [],
      score: 0,
      now: 0,
      workspace: "/work",
      home: "/home/ada",
    });
    expect([...candidates(indexOf(rules), subject)].map(({ id }) => id)).toEqual(["rule-7"]);
  });

  it("never minds the order of the rules", () => {
    fc.assert(
      fc.property(manyRules, subjects, (rules, subject) => {
        expect(said(indexOf([...rules].reverse()), subject)).toEqual(said(indexOf(rules), subject));
      }),
    );
  });
});

/** What each condition needs an action to have. */
const needed: Readonly<
  Record<Exclude<keyof Conditions, "type" | "agent" | "time" | "risk_at_least" | "matcher">, (subject: Subject) => boolean>
> = {
  program: ({ reading }) => reading.commands.length > 0,
  command: ({ reading, proposed }) => reading.commands.length > 0 || "command" in proposed.arguments,
  flag: ({ reading }) => reading.commands.some(({ words }) => words.length > 0),
  path: ({ reading }) => reading.reads.length + reading.writes.length + reading.deletes.length > 0,
  host: ({ reading }) => reading.hosts.length > 0,
  sql: ({ reading, proposed }) => reading.statements.length > 0 || proposed.type.startsWith("database_"),
  resource: ({ reading, proposed }) =>
    "resource" in proposed.arguments || reading.statements.length > 0 || proposed.type.startsWith("database_"),
  tool: ({ proposed }) => proposed.tool !== undefined,
  environment: ({ environments }) => environments.length > 0,
  arguments: ({ proposed }) => Object.keys(proposed.arguments).length + Object.keys(proposed.tool?.input ?? {}).length > 0,
};

it("a pattern never matches an action that lacks what it tests (A4)", () => {
  expect.hasAssertions();
  fc.assert(
    fc.property(conditions, fc.constantFrom(...effects), subjects, (when, effect, subject) => {
      const { denies, asks, allows } = matchRules(indexOf([{ id: "rule", effect, when }]), subject);
      const lacking = Object.entries(needed).filter(([name, has]) => name in when && !has(subject));
      if (lacking.length > 0) expect([...denies, ...asks, ...allows]).toEqual([]);
    }),
    manyRuns,
  );
});
