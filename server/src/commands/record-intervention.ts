import type { Intervene, JsonObject, RunWork } from "@pullcord/sdk/protocol";
import { appendEntry } from "../store/audit.js";
import type { StoredRun } from "../store/runs.js";
import type { CommandContext } from "./context.js";

export async function recordRunEvent(
  { tx, now, actor }: CommandContext,
  run: StoredRun,
  { kind, interventionId, work }: RunEventOnRecord,
): Promise<void> {
  const type = ({ stop: "run.stopped", pause: "run.paused", resume: "run.resumed" } as const)[kind];
  await appendEntry(tx, { type, at: now, actor, runId: run.id, body: { interventionId, ...(work ? { work: workOnRecord(work) } : {}) } });
}

interface RunEventOnRecord {
  readonly kind: "stop" | "pause" | "resume";
  readonly interventionId: string;
  /** How a stop found the run. */
  readonly work?: RunWork | null;
}

function workOnRecord({ finished, underWay, neverBegun, permitsRevoked, requestsCancelled }: RunWork): JsonObject {
  return { finished, underWay: [...underWay], neverBegun: [...neverBegun], permitsRevoked, requestsCancelled };
}

interface Made extends Intervene {
  readonly id: string;
  readonly runIds: readonly string[];
  /** Since when a stop held that could not be recorded before. */
  readonly heldSince?: number;
}

/** The act itself comes first in the record, what it did to each run after it. */
export async function recordMaking(
  { tx, now, actor }: CommandContext,
  { id, kind, scope, reason, text, runIds, heldSince }: Made,
): Promise<void> {
  await appendEntry(tx, {
    type: "intervention.made",
    at: now,
    actor,
    ...(scope.kind === "run" ? { runId: scope.id } : {}),
    body: {
      id,
      kind,
      scope: { ...scope },
      runIds: [...runIds],
      ...(reason === undefined ? {} : { reason }),
      ...(text === undefined ? {} : { text }),
      ...(heldSince === undefined ? {} : { heldSince }),
    },
  });
}
