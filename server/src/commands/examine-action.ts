import type { ProposedAction } from "@pullcord/sdk/protocol";
import type { DecisionFacts } from "../domain/facts.js";
import type { Reading, Surroundings } from "../domain/reading.js";
import type { StoredRun } from "../store/runs.js";
import type { LookContext, Outside } from "./context.js";

/** What is found out about an action before it is decided: from itself, the machine it would run on, and a model. */
export type Examination = Required<Pick<DecisionFacts, "reading" | "review" | "surroundings">>;

/** Reads an action. It looks at files and git, so it is done in `lookAhead`, before the one writer's turn. */
export function examine({ outside }: Pick<LookContext, "outside">, { opening }: StoredRun, proposed: ProposedAction): Examination {
  const surroundings = outside.surroundings(opening.workingDirectory ?? null);
  return { surroundings, reading: readOrNull(outside, proposed, surroundings), review: null };
}

function readOrNull({ read }: Outside, proposed: ProposedAction, surroundings: Surroundings): Reading | null {
  try {
    return read(proposed, surroundings);
  } catch {
    // Whatever an agent sent that the reader cannot stand: it is denied.
    return null;
  }
}
