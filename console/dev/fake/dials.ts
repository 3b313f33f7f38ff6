import { autonomyLevels, type AutonomySetting, type DialScope, type RunSummary, type SetAutonomy } from "@pullcord/sdk/protocol";
import { record, type FakeState } from "./state.js";

/** Turns the dial, as the server does: run over agent over everything; task and environment only hold back. */
export function setAutonomy(state: FakeState, { scope, level }: SetAutonomy): void {
  const at = state.dials.findIndex((one) => isSame(one.scope, scope));
  if (at >= 0) state.dials.splice(at, 1);
  if (level) state.dials.unshift({ scope, level, setAt: Date.now() });
  if (scope.kind === "everything" && level) state.status = { ...state.status, autonomy: level };
  for (const run of state.runs.values()) state.runs.set(run.id, { ...run, autonomy: inForce(state, run) });
  for (const [index, agent] of state.agents.entries())
    if (scope.kind === "agent" && scope.id === agent.name) state.agents[index] = { ...agent, autonomy: level };
  record(state, "autonomy.changed", { body: { scope: { ...scope }, level } });
}

function inForce({ dials, status }: FakeState, { id, agent, task, environment }: RunSummary): RunSummary["autonomy"] {
  const setting = (kind: DialScope["kind"], of?: string): AutonomySetting | undefined =>
    dials.find(({ scope }) => scope.kind === kind && (scope.kind === "everything" || scope.id === of));
  const own = setting("run", id) ?? setting("agent", agent);
  let held: RunSummary["autonomy"] = own ? { level: own.level, from: own.scope.kind } : { level: status.autonomy, from: "everything" };
  for (const ceiling of [setting("task", task), setting("environment", environment)])
    if (ceiling && autonomyLevels.indexOf(ceiling.level) < autonomyLevels.indexOf(held.level))
      held = { level: ceiling.level, from: ceiling.scope.kind };
  return held;
}

function isSame(one: DialScope, other: DialScope): boolean {
  return one.kind === other.kind && (one.kind === "everything" || other.kind === "everything" || one.id === other.id);
}
