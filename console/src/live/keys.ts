import type { AuditEntry, LiveEvent } from "@pullcord/sdk/protocol";

/** Names of everything that the console reads. The first word is the kind, the second which one. */
export const keys = {
  session: ["session"],
  status: ["status"],
  runs: ["runs"],
  run: (id: string) => ["run", id],
  actions: (run: string) => ["actions", run],
  explanation: (action: string) => ["explanation", action],
  log: (run: string) => ["log", run],
  processes: (run: string) => ["processes", run],
  requests: ["requests"],
  request: (id: string) => ["request", id],
  interventions: ["interventions"],
  receipt: (id: string) => ["interventions", "receipt", id],
  stopTimes: ["interventions", "stop-times"],
  changes: (run: string) => ["changes", run],
  review: (run: string) => ["review", run],
  undos: (run: string) => ["undos", run],
  undoPreview: (of: string) => ["undo-preview", of],
  agents: ["agents"],
  autonomy: ["autonomy"],
  trust: (agent: string) => ["trust", agent],
  tokens: ["tokens"],
  webhooks: ["webhooks"],
  grants: ["grants"],
  plans: ["plans"],
  waitingPlans: ["plans", "waiting"],
  runPlans: (run: string) => ["plans", "run", run],
  plan: (id: string) => ["plans", "one", id],
  limits: (whose: string) => ["limits", whose],
  breakers: ["breakers"],
  policy: ["policy"],
  audit: ["audit"],
  drill: ["drill"],
  breakGlass: ["break-glass"],
  breakGlassReport: ["break-glass-report"],
} as const;

export type Key = readonly string[];

/** What may have changed because of one event of the live stream. Pure: the caller reads those again. */
export function staleKeys(event: LiveEvent): readonly Key[] {
  if (event.kind !== "recorded") return [];
  const { entry } = event;
  const noun = entry.type.slice(0, entry.type.indexOf("."));
  switch (noun) {
    case "run":
      return [keys.runs, keys.status, keys.requests, keys.plans, ...ofRun(entry)];
    case "action":
      return [keys.runs, ...ofRun(entry), ...(entry.runId === undefined ? [] : [keys.runPlans(entry.runId), keys.limits(entry.runId)])];
    case "approval":
      return [keys.requests, ["request"], keys.runs, keys.status, ...ofRun(entry)];
    case "intervention":
    case "instruction":
      return [keys.interventions, keys.runs, ...ofRun(entry)];
    case "undo":
      return [["undos"], ["undo-preview"], ["changes"], ["review"]];
    case "autonomy":
      return [keys.autonomy, keys.status, keys.runs, keys.agents, ["run"], ["explanation"]];
    case "trust":
      return [keys.agents, ["trust"], keys.runs, ["explanation"]];
    case "plan":
      return [keys.plans, keys.runs, keys.status, ...ofRun(entry)];
    case "grant":
      return [keys.grants];
    case "breaker":
      return [keys.breakers, ["limits"]];
    case "usage":
      return [["limits"]];
    case "policy":
      return [keys.policy, keys.status, ["explanation"], ["limits"], keys.breakers];
    case "break_glass":
      return [keys.breakGlass, keys.breakGlassReport, keys.status];
    case "drill":
      return [keys.drill];
    case "webhook_token":
      return [keys.webhooks];
    case "agent_token":
      return [keys.tokens, keys.agents];
    default:
      return [keys.status];
  }
}

function ofRun(entry: AuditEntry): readonly Key[] {
  return entry.runId === undefined
    ? []
    : [keys.run(entry.runId), keys.actions(entry.runId), keys.changes(entry.runId), keys.review(entry.runId)];
}
