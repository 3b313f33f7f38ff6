import type { AuditType, Breaker, BreakerState, JsonObject, LimitOwner } from "@pullcord/sdk/protocol";
import { withUnusualPace } from "../domain/limits/agent-tally.js";
import { awake, closed, transitionBreaker, type BreakerEvent } from "../domain/limits/breaker.js";
import { nextOrThrow } from "../domain/transition.js";
import type { BreakerMove } from "../domain/verdict.js";
import { findAgent, saveAgentTally } from "../store/agents.js";
import { appendEntry } from "../store/audit.js";
import { breakersOf, dueBreakers, saveBreaker } from "../store/breakers.js";
import type { StoredRun } from "../store/runs.js";
import type { Command, CommandContext } from "./context.js";
import { systemActor } from "./system-actor.js";

/** How long a probe may take before another one is let through, in milliseconds. */
const probeMs = 30 * 60_000;

/** What a decision made of breakers, written down: by Pullcord itself, on record, and remembered over restarts. */
export async function moveBreakers(
  context: CommandContext,
  run: StoredRun,
  { moves, actionId, isAllowed }: { readonly moves: readonly BreakerMove[]; readonly actionId: string; readonly isAllowed: boolean },
): Promise<void> {
  // What was not let through proves nothing.
  const real = moves.filter(({ event }) => isAllowed || event.kind !== "probe");
  if (real.length === 0) return;
  const known = await breakersOf(context.tx, run.id, run.agent);
  for (const { guardrail, scope, event } of real) {
    const owner: LimitOwner = scope === "run" ? { kind: "run", id: run.id } : { kind: "agent", id: run.agent };
    const state = known.find((one) => one.guardrail === guardrail && one.owner.kind === owner.kind)?.state ?? closed;
    const full: BreakerEvent = event.kind === "probe" ? { kind: "probe", actionId, until: context.now + probeMs } : event;
    await moveBreaker(context, { guardrail, owner, state }, full);
    if (event.kind === "trip") await measureAnew(context, run, guardrail);
  }
}

/** A rate that tripped is measured anew, or its past would trip it again as soon as it is tried. Changes `run`. */
async function measureAnew({ tx, now }: CommandContext, run: StoredRun, guardrail: string): Promise<void> {
  if (guardrail === "error_rate") run.tally.failures = [];
  if (guardrail === "same_action") run.tally.recent = [];
  if (guardrail !== "anomaly.pace") return;
  const agent = await findAgent(tx, run.agent);
  if (agent) await saveAgentTally(tx, run.agent, { ...agent.tally, past: withUnusualPace(agent.tally.past, now) });
}

/** An action that was a probe has ended: its breaker closes, or opens anew. */
export async function endProbe(
  context: CommandContext,
  run: StoredRun,
  { actionId, went }: { readonly actionId: string; readonly went: "well" | "badly" | "nowhere" },
): Promise<void> {
  const coolsAt = context.now + context.outside.policy().guardrails.breaker.coolDownMs;
  for (const breaker of await breakersOf(context.tx, run.id, run.agent))
    if (breaker.state.status === "half_open" && breaker.state.probe?.actionId === actionId)
      await moveBreaker(context, breaker, { kind: "end_probe", actionId, went, coolsAt });
}

/** What time alone changes: cooled down, a new day, a hold that is over. Returns how many it woke. */
export const wakeBreakers: Command<void, number> = async (context) => {
  const due = await dueBreakers(context.tx, context.now);
  for (const breaker of due) await moveBreaker(context, breaker, { kind: "wake" });
  return due.length;
};

/** A person let the run go on: what had tripped counts anew. What a person holds stays held. */
export async function resetRunBreakers(context: CommandContext, run: StoredRun): Promise<void> {
  for (const breaker of await breakersOf(context.tx, run.id, run.agent))
    if (breaker.owner.kind === "run" && breaker.state.status !== "held") await moveBreaker(context, breaker, { kind: "reset" });
}

/**
 * Moves one breaker and writes down what changed. @throws PullcordError `conflict`/`not_held`
 * @returns the breaker as it is then
 */
export async function moveBreaker(context: CommandContext, breaker: Breaker, event: BreakerEvent): Promise<Breaker> {
  const { tx, now } = context;
  const before = awake(breaker.state, now);
  const state = nextOrThrow(transitionBreaker(before, event, now));
  const moved = { ...breaker, state };
  if (isSame(state, breaker.state)) return moved;
  await saveBreaker(tx, moved);
  const type = recordType(breaker.state, state, event);
  if (type === null) return moved;
  const isPersons = event.kind === "hold" || event.kind === "release" || event.kind === "reset";
  await appendEntry(tx, {
    type,
    at: now,
    actor: isPersons ? context.actor : systemActor,
    ...(breaker.owner.kind === "run" ? { runId: breaker.owner.id } : {}),
    body: { guardrail: breaker.guardrail, owner: { ...breaker.owner }, from: breaker.state.status, ...bodyOf(state, event) },
  });
  return moved;
}

function isSame(one: BreakerState, other: BreakerState): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Probes that come and go are on record as actions. */
function recordType(before: BreakerState, after: BreakerState, event: BreakerEvent): AuditType | null {
  if (event.kind === "hold") return "breaker.held";
  if (event.kind === "release") return "breaker.released";
  if (event.kind === "reset") return "breaker.reset";
  if (event.kind === "warn") return "breaker.warned";
  if (before.status === after.status) return after.status === "open" ? "breaker.tripped" : null;
  if (after.status === "open") return "breaker.tripped";
  if (after.status === "half_open") return "breaker.half_opened";
  return before.status === "held" ? "breaker.released" : "breaker.closed";
}

function bodyOf(state: BreakerState, event: BreakerEvent): JsonObject {
  switch (state.status) {
    case "open":
      return { to: "open", response: state.response, sentence: state.reason, until: state.until };
    case "held":
      return { to: "held", as: state.as, until: state.until, ...(state.reason === undefined ? {} : { reason: state.reason }) };
    default:
      return { to: state.status, event: event.kind };
  }
}
