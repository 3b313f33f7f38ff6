import { actionLine, PullcordError, type Intervention, type RunReceipt, type StopReceipt, type StopTimes } from "@pullcord/sdk/protocol";
import type { FakeState } from "./state.js";

const dayMs = 86_400_000;

/** The receipt of a stop, as the server words it. */
export function stopReceipt(state: FakeState, made: Intervention | undefined): StopReceipt {
  if (made?.kind !== "stop") throw new PullcordError("not_found", "unknown_intervention", "There is no such stop.");
  const runs = made.runIds.map((runId) => runReceipt(state, made, runId));
  const isOpen = runs.some(({ processes }) => processes.status === "awaited");
  const ended = runs.reduce((sum, { processes }) => sum + processes.ended, 0);
  const last = Math.max(made.at, ...runs.map(({ processes }) => processes.at ?? 0));
  const which = `${runs.length} run${runs.length === 1 ? "" : "s"}`;
  const stopped = `Stopped ${which} in ${((last - made.at) / 1_000).toFixed(1)} s: ${ended} processes ended, 0 survivors.`;
  const stopping = `Stopping ${which}: nothing more is allowed; waiting for word about the processes.`;
  return {
    intervention: made,
    standing: isOpen ? "stopping" : "stopped",
    sentence: runs.length === 0 ? "Nothing was running." : isOpen ? stopping : stopped,
    steps: [
      { step: "requested", at: made.at },
      { step: "acknowledged", at: made.at + 3, count: runs.length },
      { step: "permits_revoked", at: made.at + 3, count: 0 },
      { step: "requests_cancelled", at: made.at + 3, count: made.cancelledRequests },
      ...(isOpen ? [] : [{ step: "processes_ended", at: last, count: ended } as const]),
    ],
    runs,
  };
}

function runReceipt(state: FakeState, made: Intervention, runId: string): RunReceipt {
  const run = state.runs.get(runId);
  const report = made.effects.find((effect) => effect.runId === runId && effect.step === "ended");
  const actions = state.actions.get(runId) ?? [];
  const finished = actions.filter(({ state: { status } }) => status === "succeeded" || status === "failed");
  const waiting = actions.filter(({ state: { status } }) => status === "waiting");
  return {
    runId,
    agent: run?.agent ?? "",
    task: run?.task ?? "",
    acknowledgedAt: made.at + 3,
    processes: report
      ? { status: "ended", ended: report.processesEnded ?? 0, survivors: [], unknown: 0, at: report.at }
      : { status: "awaited", ended: 0, survivors: [], unknown: 0 },
    finished: finished.length,
    permitsRevoked: 0,
    requestsCancelled: waiting.length,
    actions: waiting.map((action) => ({ actionId: action.id, sentence: actionLine(action.proposed), fate: "never_begun" as const })),
    resume: `pullcord resume ${runId}, then: claude --resume 5f1c2a`,
  };
}

/** A quiet week with one stop that was not proven. */
export function stopTimes(): StopTimes {
  const to = Date.now();
  const days = [3, 0, 5, 2, 1, 0, 4].map((stops, index) => ({
    day: new Date(to - (6 - index) * dayMs).toISOString().slice(0, 10),
    stops,
    unproven: index === 2 ? 1 : 0,
    endedP99: stops === 0 ? null : 90 + index * 31,
  }));
  return {
    from: to - 7 * dayMs,
    to,
    stops: 15,
    unproven: 1,
    acknowledgedMs: { p50: 2, p99: 9 },
    endedMs: { p50: 84, p99: 276 },
    days: days.filter(({ stops }) => stops > 0),
  };
}
