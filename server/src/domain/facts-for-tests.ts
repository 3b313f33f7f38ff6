import { riskLevel, type AffectedNames, type ProposedAction, type RiskAssessment } from "@pullcord/sdk/protocol";
import type { DecisionFacts } from "./facts.js";
import { compilePolicy } from "./policy/compile.js";
import type { PolicyDocument, RuleDocument } from "./policy/document.js";
import type { Policy } from "./policy/policy.js";
import type { ReadCommand, Reading } from "./reading.js";

/** Builders for tests only; nothing that ships imports this file. */

const none = { first: [], count: 0 };

/** A reading of something harmless and understood, with what a test changes. */
export function readingOf({
  assessment,
  ...parts
}: Partial<Omit<Reading, "assessment">> & { readonly assessment?: Partial<RiskAssessment> } = {}): Reading {
  const reading = { commands: [], reads: [], writes: [], deletes: [], hosts: [], statements: [], sqlRuns: [], touchesGate: null, ...parts };
  return { ...reading, assessment: { ...assessmentOf(reading), ...assessment, level: riskLevel(assessment?.score ?? 0) } };
}

function assessmentOf({ reads, writes, deletes, commands, hosts }: Omit<Reading, "assessment">): RiskAssessment {
  return {
    score: 0,
    level: "none",
    factors: [],
    reversibility: writes.length + deletes.length > 0 ? "reversible" : "read_only",
    understood: true,
    affected: {
      reads: names(reads),
      writes: names(writes),
      deletes: names(deletes),
      programs: names(commands.map(({ program }) => program)),
      hosts: names(hosts),
      databases: none,
    },
    alternatives: [],
  };
}

function names(list: readonly (string | null)[]): AffectedNames {
  return { first: list.filter((one) => one !== null).slice(0, 5), count: list.length };
}

/** A command as the reader would hand it on: words split at spaces, nothing more. */
export function commandOf(text: string): ReadCommand {
  const [program = null, ...words] = text.split(" ");
  return { program, words, text };
}

/** A proposed shell command. */
export function shell(command: string): ProposedAction {
  return { type: "command_execute", arguments: { command } };
}

/** A policy of version 1, from the words of the file. */
export function policyOf(document: Omit<PolicyDocument, "version"> = {}): Policy {
  return compilePolicy({ version: 1, ...document }, { version: "0".repeat(64) });
}

/** A policy with these rules. */
export function policyWith(...rules: readonly RuleDocument[]): Policy {
  return policyOf({ rules });
}

export interface FactsForTests extends Partial<Omit<DecisionFacts, "run" | "counters">> {
  readonly run?: Partial<DecisionFacts["run"]>;
  readonly counters?: Partial<DecisionFacts["counters"]>;
}

/** Facts of a running run of a well-trusted agent in `/work`, with what a test changes. */
export function factsOf({ reading = readingOf(), run, counters, ...parts }: FactsForTests = {}): DecisionFacts {
  return {
    proposed: { type: "file_read", arguments: { path: "/work/readme" } },
    agent: "claude-code",
    canary: null,
    review: null,
    killFilePresent: false,
    breakGlass: [],
    surroundings: { workspace: "/work", home: "/home/ada" },
    keepsSnapshots: true,
    policy: policyOf(),
    autonomySet: null,
    trustTier: "autonomous",
    ...parts,
    reading,
    run: { id: "r1", state: { status: "running" }, workingDirectory: "/work", environment: null, openedAt: 0, ...run },
    counters: { actions: 0, filesTouched: 0, recentFailures: 0, recentEnded: 0, calls: 0, openQuestions: 0, ...counters },
  };
}
