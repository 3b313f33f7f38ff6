import type { DecisionFacts } from "./facts.js";
import type { Places } from "./policy/path-pattern.js";

/** The folders that path patterns start from. */
export function placesOf({ surroundings, run }: Pick<DecisionFacts, "surroundings" | "run">): Places {
  return { workspace: surroundings?.workspace ?? run.workingDirectory, home: surroundings?.home ?? null };
}
