import {
  PullcordError,
  type Intervene,
  type Intervention,
  type InterventionEffect,
  type Resolve,
  type Resolution,
  type RunState,
  type RunSummary,
} from "@pullcord/sdk/protocol";
import { id } from "./actions.js";
import { makeGrant } from "./grants.js";
import { endPlansOf } from "./plans.js";
import { record, refreshStatus, type FakeState } from "./state.js";

const person = { kind: "person", id: "ada", via: "console" } as const;
const endedAfterMs = 700;

export function resolve(state: FakeState, requestId: string, { effect, reason, presenceProof, grant }: Resolve) {
  const request = state.requests.get(requestId);
  if (!request) throw new PullcordError("not_found", "unknown_id", "There is no such request.");
  if (request.status !== "pending")
    throw new PullcordError(
      "conflict",
      "already_resolved",
      `${request.resolution?.by.id ?? "Somebody"} was first: it is ${request.status}.`,
    );
  const needsProof =
    effect === "approve" && (request.level === "required" || ["high", "critical"].includes(request.action.assessment?.level ?? "critical"));
  if (needsProof && !presenceProof) throw new PullcordError("forbidden", "presence_required", "This needs a presence check.");
  if (effect === "approve" && grant) makeGrant(state, request, grant);
  const status = effect === "approve" ? "approved" : "denied";
  const resolution: Resolution = { status, by: person, at: Date.now(), ...(reason && { reason }) };
  const resolved = { ...request, status, resolution } as const;
  state.requests.set(requestId, resolved);
  refreshStatus(state);
  record(state, "approval.resolved", { body: { status, request: requestId }, runId: request.runId });
  return resolved;
}

export function intervene(state: FakeState, intervention: Intervene): Intervention {
  const at = Date.now();
  const runs = [...state.runs.values()].filter((run) => concerns(intervention, run));
  const cancelled = intervention.kind === "stop" ? cancelRequests(state, runs) : 0;
  if (intervention.kind === "stop")
    endPlansOf(
      state,
      runs.map((run) => run.id),
    );
  const made: Intervention = {
    id: id("i"),
    by: person,
    at,
    runIds: runs.map((run) => run.id),
    effects: runs.map((run) => ({ runId: run.id, step: "acknowledged", at: at + 12, by: { kind: "system", id: "pullcord" } })),
    cancelledRequests: cancelled,
    ...intervention,
  };
  state.interventions.set(made.id, made);
  for (const run of runs) change(state, run, made);
  record(state, "intervention.made", { body: { id: made.id, kind: made.kind, scope: { ...made.scope } } });
  setTimeout(() => takeEffect(state, made.id), endedAfterMs);
  refreshStatus(state);
  return made;
}

function concerns({ scope }: Intervene, run: RunSummary): boolean {
  if (run.state.status === "stopped" || run.state.status === "finished") return false;
  return scope.kind === "everything" || (scope.kind === "run" ? scope.id === run.id : scope.id === run.agent);
}

function change(state: FakeState, run: RunSummary, made: Intervention): void {
  const next: Partial<Record<Intervene["kind"], RunState>> = {
    stop: { status: "stopped", interventionId: made.id, at: made.at },
    pause: { status: "paused", interventionId: made.id, at: made.at },
    resume: { status: "running" },
  };
  const runState = next[made.kind];
  if (!runState) return;
  state.runs.set(run.id, { ...run, state: runState, lastActivityAt: made.at });
  const past = { stop: "run.stopped", pause: "run.paused", resume: "run.resumed" } as const;
  if (made.kind !== "instruct") record(state, past[made.kind], { runId: run.id });
}

function takeEffect(state: FakeState, interventionId: string): void {
  const made = state.interventions.get(interventionId);
  if (!made) return;
  const step = made.kind === "stop" ? "ended" : "delivered";
  const effects = made.runIds.map((runId, index): InterventionEffect => ({
    runId,
    step,
    at: Date.now(),
    by: { kind: "system", id: "pullcord" },
    ...(step === "ended" && { processesEnded: index + 1, survivors: [] }),
  }));
  state.interventions.set(interventionId, { ...made, effects: [...made.effects, ...effects] });
  record(state, "intervention.took_effect", { body: { id: interventionId } });
}

function cancelRequests(state: FakeState, runs: readonly RunSummary[]): number {
  const ended = [...state.requests.values()].filter(
    (request) => request.status === "pending" && runs.some((run) => run.id === request.runId),
  );
  for (const request of ended)
    state.requests.set(request.id, {
      ...request,
      status: "cancelled",
      resolution: { status: "cancelled", by: person, at: Date.now(), reason: "The run was stopped." },
    });
  return ended.length;
}
