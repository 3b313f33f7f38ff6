import type { Actor, Intervene, InterventionEffect, JsonObject, RunWork, Scope } from "@pullcord/sdk/protocol";
import { transitionRun } from "../domain/run-state.js";
import { nextOrThrow } from "../domain/transition.js";
import type { Held } from "../domain/verdict.js";
import { appendEntry } from "../store/audit.js";
import { insertIntervention } from "../store/interventions.js";
import type { StoredRun } from "../store/runs.js";
import type { CommandContext } from "./context.js";
import { systemActor } from "./system-actor.js";

/** A guardrail's own pause, in the system's name; the held action waits for a person to resume. */
export async function pauseByGuardrail(context: CommandContext, run: StoredRun, pause: NonNullable<Held["pause"]>): Promise<void> {
  const { now, outside } = context;
  const by: Actor = { kind: "system", id: pause.guardrail };
  const id = outside.newId("interventions");
  run.state = nextOrThrow(transitionRun(run.state, { kind: "pause", interventionId: id }, now));
  const effects: InterventionEffect[] = [{ runId: run.id, step: "acknowledged", at: now, by: systemActor }];
  const scope: Scope = { kind: "run", id: run.id };
  const intervention = {
    id,
    kind: "pause",
    scope,
    by,
    reason: pause.reason,
    at: now,
    runIds: [run.id],
    effects,
    cancelledRequests: 0,
  } as const;
  const acting = { ...context, actor: by };
  await recordMaking(acting, intervention);
  await insertIntervention(context.tx, intervention);
  await recordRunEvent(acting, run, { kind: "pause", interventionId: id });
}

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
