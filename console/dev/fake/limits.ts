import { PullcordError, type ActOnBreaker, type Breaker, type LimitStanding } from "@pullcord/sdk/protocol";
import { ids } from "./sample-runs.js";
import type { Route } from "./routes.js";
import { record, type FakeState } from "./state.js";

const minute = 60_000;
const closed = { status: "closed" } as const;

/** Limits as a server would show them: one budget of an agent is used up, everything else is within its limits. */
export function sampleLimits(): LimitStanding[] {
  const now = Date.now();
  const midnight = Math.ceil(now / (24 * 60 * minute)) * 24 * 60 * minute;
  const run = { kind: "run", id: ids.shop } as const;
  const agent = { kind: "agent", id: "claude-code" } as const;
  return [
    {
      guardrail: "run_time",
      owner: run,
      unit: "milliseconds",
      used: 95 * minute,
      at: { pause: 8 * 60 * minute },
      state: closed,
      resetsAt: null,
    },
    { guardrail: "error_rate", owner: run, unit: "share", used: 0.1, at: { pause: 0.5 }, state: closed, resetsAt: null },
    { guardrail: "files_per_run", owner: run, unit: "count", used: 7, at: { ask: 10, pause: 50 }, state: closed, resetsAt: null },
    {
      guardrail: "money_per_agent_day",
      owner: agent,
      unit: "count",
      used: 21.4,
      at: { warn: 10, ask: 20, stop: 100 },
      state: {
        status: "open",
        response: "ask",
        reason: "Today the agent would have spent 21.4; the policy asks above 20.",
        at: now - 12 * minute,
        until: midnight,
        probes: 0,
      },
      resetsAt: midnight,
    },
  ];
}

export const limitRoutes: readonly Route[] = [
  ["GET", /^\/v1\/limits$/u, ({ state, query }) => ({ items: limitsOf(state, query) })],
  ["GET", /^\/v1\/breakers$/u, ({ state }) => ({ items: state.limits.filter((one) => one.state.status !== "closed"), next: null })],
  ["POST", /^\/v1\/breaker-acts$/u, ({ state, body }) => act(state, body as unknown as ActOnBreaker)],
];

/** A run's limits, and those of its agent. */
function limitsOf({ runs, limits }: FakeState, query: URLSearchParams): readonly LimitStanding[] {
  const run = runs.get(query.get("run") ?? "");
  const agent = run?.agent ?? query.get("agent");
  return limits.flatMap((one) => {
    if (one.owner.kind === "agent") return one.owner.id === agent ? [one] : [];
    return run ? [{ ...one, owner: { kind: "run" as const, id: run.id } }] : [];
  });
}

function act(state: FakeState, { guardrail, owner, act: kind, forMs, reason }: ActOnBreaker): Breaker {
  const place = state.limits.findIndex((one) => one.guardrail === guardrail && one.owner.kind === owner.kind);
  const found = state.limits[place];
  if (!found) throw new PullcordError("not_found", "unknown_guardrail", `The policy has no limit ${guardrail}.`);
  if (kind === "release" && found.state.status !== "held")
    throw new PullcordError("conflict", "not_held", "Nobody holds this breaker, so there is nothing to release.");
  const at = Date.now();
  const isHold = kind === "hold_open" || kind === "hold_closed";
  const held = {
    status: "held",
    as: kind === "hold_open" ? "open" : "closed",
    by: { kind: "person", id: "ada" },
    at,
    until: forMs === undefined ? null : at + forMs,
    ...(reason === undefined ? {} : { reason }),
  } as const;
  const changed: LimitStanding = { ...found, used: kind === "reset" ? 0 : found.used, state: isHold ? held : closed };
  state.limits[place] = changed;
  record(state, isHold ? "breaker.held" : kind === "reset" ? "breaker.reset" : "breaker.released", {
    body: { guardrail, owner: { ...owner } },
  });
  return changed;
}
