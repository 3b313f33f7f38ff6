import { actionLine, type Plan, type PlanStep, type PlanStepState } from "@pullcord/sdk/protocol";
import { standingKey, type Standing, type StepPlace } from "./digest.js";

/** How an action stands to an approved plan. */
export type Following =
  /** It is a step whose turn it is. */
  | { readonly kind: "next"; readonly step: PlanStep }
  /** It is a step, and one ahead of it has not succeeded. */
  | { readonly kind: "early"; readonly step: PlanStep }
  /** It is a step that has had its one execution. */
  | { readonly kind: "used"; readonly step: PlanStep }
  /** It is a step as the agent handed it in, and a person took it out or put other arguments in its place. */
  | { readonly kind: "withdrawn"; readonly step: PlanStep }
  | { readonly kind: "elsewhere" };

/**
 * Which step an action is. Steps run in their order, each once and only after the ones ahead of it have succeeded: what a
 * person approved is the chain, and the backup stands before the deletion for a reason. What is allowed anyway may come
 * in any order, since the plan is not what lets it through.
 */
export function followingOf(plan: Plan, action: Standing, place: StepPlace): Following {
  const key = standingKey(action, place);
  const same = plan.steps.filter((step) => standingKey(step, place) === key);
  const open = same.find(({ state }) => state.status === "open");
  if (open) return { kind: isTurn(plan, open) ? "next" : "early", step: open };
  const used = same.find(({ state }) => state.status === "failed") ?? same[0];
  if (used) return { kind: "used", step: used };
  const withdrawn = [...plan.steps, ...plan.removed].find(({ proposed }) => standingKey({ proposed }, place) === key);
  return withdrawn ? { kind: "withdrawn", step: withdrawn } : { kind: "elsewhere" };
}

function isTurn({ steps, position }: Plan, step: PlanStep): boolean {
  const at = steps.indexOf(step);
  return at >= position && steps.slice(position, at).every(({ state }) => state.status === "succeeded");
}

/** The step that is to come, in its order; null when none is left. */
export function nextStep({ steps, position }: Plan): PlanStep | null {
  return steps.slice(position).find(({ state }) => state.status === "open") ?? null;
}

/** A step's action may run now: allowed, by the plan or anyway. */
export function beginStep(plan: Plan, number: number, actionId: string): Plan {
  return withState(plan, number, { status: "running", actionId });
}

/**
 * A person let an action run by itself that is a step, although it was not its turn: what was open ahead of it is
 * skipped, and the order goes on from there. A step that had failed may be tried again this way.
 */
export function goOnFrom(plan: Plan, number: number, actionId: string): Plan {
  const at = plan.steps.findIndex((step) => step.number === number);
  if (at < 0) return plan;
  const skipped = plan.steps.map((step, place): PlanStep =>
    place < at && step.state.status === "open" ? { ...step, state: { status: "skipped" } } : step,
  );
  return beginStep({ ...plan, steps: skipped, position: Math.max(at, plan.position) }, number, actionId);
}

/** What came of a step's action, if it is one. */
export function endStep(plan: Plan, actionId: string, status: "succeeded" | "failed"): Plan {
  const step = plan.steps.find(({ state }) => state.status === "running" && state.actionId === actionId);
  return step ? withState(plan, step.number, { status, actionId }) : plan;
}

/** Whether nothing of it is left to run. */
export function isFinished({ steps }: Plan): boolean {
  return steps.every(({ state }) => state.status !== "open" && state.status !== "running");
}

function withState(plan: Plan, number: number, state: PlanStepState): Plan {
  return { ...plan, steps: plan.steps.map((step) => (step.number === number ? { ...step, state } : step)) };
}

/** Why an action that would be asked about is not covered by the plan, and what would have been next. */
export function deviationSentence(plan: Plan, following: Following): string {
  return `This deviates from plan ${plan.id}: ${why(plan, following)} ${nextInWords(plan)}`;
}

function why(plan: Plan, following: Following): string {
  switch (following.kind) {
    case "next":
      return `it is step ${following.step.number}, but it weighs more now than what was approved.`;
    case "early":
      return `it is step ${following.step.number}, and what comes before it has not succeeded.`;
    case "used":
      return `it is step ${following.step.number}, which has had its turn.`;
    case "withdrawn":
      return plan.steps.includes(following.step)
        ? `a person changed step ${following.step.number}, and this is how it was before.`
        : `a person took step ${following.step.number} out.`;
    case "elsewhere":
      return "it is none of its steps.";
  }
}

function nextInWords(plan: Plan): string {
  const next = nextStep(plan);
  if (!next) return "No step is left.";
  const { number, proposed, approvedArguments } = next;
  return `The next step would be ${number}: ${actionLine({ ...proposed, arguments: approvedArguments ?? proposed.arguments })}`;
}
