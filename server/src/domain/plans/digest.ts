import { hash } from "node:crypto";
import { canonicalJson, type Json, type JsonObject, type Plan, type PlanStep, type ProposedAction } from "@pullcord/sdk/protocol";

/** Where the actions of a run are, unless they say otherwise themselves. */
export interface StepPlace {
  readonly workingDirectory: string | null;
  readonly environment: string | null;
}

/**
 * What a plan's approval is bound to: for whom, which steps, with which arguments, in which order, and what was said of
 * each: one that weighs more than it did has another digest. The agent's own words are left out.
 */
export function planDigest({ agent, runId, steps }: Pick<Plan, "agent" | "runId" | "steps">): string {
  const bound = steps.map(({ number, proposed, approvedArguments, judged: { effect, approvalLevel, assessment } }) => ({
    number,
    proposed: withoutWords(proposed),
    approvedArguments,
    effect,
    approvalLevel,
    score: assessment?.score ?? null,
    reversibility: assessment?.reversibility ?? null,
  }));
  return hash("sha256", canonicalJson({ version: 1, agent, runId, steps: bound }));
}

function withoutWords({ claim: _claim, externalId: _id, expiresInMs: _wish, ...bound }: ProposedAction): JsonObject {
  return bound as unknown as JsonObject;
}

/** An action or a step as it stands: a person's arguments in place of the agent's. */
export type Standing = Pick<PlanStep, "proposed" | "approvedArguments">;

/**
 * What a step is told by when its action comes: two actions with the same key do the same. Of the tool call it keeps the
 * name and whatever the arguments don't say (a timeout, running in the background), but for the call's own `description`,
 * which models word anew each time; where a description has an effect, it stands among the arguments.
 */
export function standingKey({ proposed, approvedArguments }: Standing, place: StepPlace): string {
  return canonicalJson({
    type: proposed.type,
    arguments: approvedArguments ?? proposed.arguments,
    tool: proposed.tool?.name ?? null,
    beyond: beyondArguments(proposed),
    workingDirectory: proposed.workingDirectory ?? place.workingDirectory,
    environment: proposed.environment ?? place.environment,
    subagent: (proposed.subagent as unknown as JsonObject | undefined) ?? null,
  });
}

function beyondArguments({ tool, arguments: given }: ProposedAction): JsonObject {
  const said = new Set(leaves(given));
  const entries = Object.entries(tool?.input ?? {});
  return Object.fromEntries(entries.filter(([name, value]) => name !== "description" && !leaves(value).every((leaf) => said.has(leaf))));
}

/** Every value that holds no others, as canonical JSON. */
function leaves(value: Json): readonly string[] {
  if (typeof value !== "object" || value === null) return [canonicalJson(value)];
  return Object.values(value).flatMap((one: Json) => leaves(one));
}
