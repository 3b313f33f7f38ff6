import type { JsonObject, JudgedStep, Plan, PlanStep, ProposedAction } from "@pullcord/sdk/protocol";
import { readingOf, shell } from "../facts-for-tests.js";
import { planDigest } from "./digest.js";
import { wholeOf } from "./plan.js";

/** Builders for tests only; nothing that ships imports this file. */

/** What a person was shown of a step that the rule `asks` asks about. */
export function judgedOf(parts: Partial<JudgedStep> = {}): JudgedStep {
  const { assessment } = readingOf();
  const reasons = [{ step: "policy", sentence: "The rule asks.", rule: "asks" }] as const;
  return { assessment, effect: "require_approval", reasons, approvalLevel: "review", ...parts };
}

export interface StepForTests {
  readonly number: number;
  readonly proposed: ProposedAction;
  readonly approvedArguments?: JsonObject;
  readonly judged?: JudgedStep;
}

/** A plan of these steps in run `r1`, approved unless `parts` say otherwise. */
export function planWith(steps: readonly StepForTests[], parts: Partial<Plan> = {}): Plan {
  const standing = steps.map((step): PlanStep => ({ judged: judgedOf(), ...step, state: { status: "open" } }));
  const of = { agent: "claude-code", runId: "r1" };
  return {
    id: "n1",
    ...of,
    digest: planDigest({ ...of, steps: standing }),
    steps: standing,
    removed: [],
    whole: wholeOf(standing),
    level: "review",
    status: "approved",
    resolution: { status: "approved", by: { kind: "person", id: "ada" }, at: 0 },
    createdAt: 0,
    expiresAt: 3_600_000,
    holdsUntil: 3_600_000,
    ended: null,
    position: 0,
    deviations: 0,
    ...parts,
  };
}

/** A plan of shell commands. */
export function planOfCommands(commands: readonly string[], parts: Partial<Plan> = {}): Plan {
  return planWith(
    commands.map((command, at) => ({ number: at + 1, proposed: shell(command) })),
    parts,
  );
}
