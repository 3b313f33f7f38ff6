import { limitResponses, limitScopes, measures, type BreakerState, type Counted, type LimitBasis } from "@pullcord/sdk/protocol";
import * as fc from "fast-check";
import type { GuardrailsDocument, ThresholdsDocument } from "../policy/document.js";
import { countedLimits } from "./limit.js";

/** Arbitraries for tests only; nothing that ships imports this file. */

const amount = fc.integer({ min: 0, max: 12 });

function thresholdsOf(amounts: fc.Arbitrary<number>): fc.Arbitrary<ThresholdsDocument> {
  return fc
    .record({ from: fc.array(amounts, { minLength: 4, maxLength: 4 }), named: fc.subarray([...limitResponses]) })
    .map(({ from, named }) => {
      const rising = from.toSorted((one, other) => one - other);
      return Object.fromEntries(named.map((response) => [response, rising[limitResponses.indexOf(response)]]));
    });
}
const thresholds = thresholdsOf(amount);
const fromOne = thresholdsOf(fc.integer({ min: 1, max: 12 }));

/** Guardrails with a few limits of every nature. */
export const anyGuardrails: fc.Arbitrary<GuardrailsDocument> = fc.record(
  {
    ...Object.fromEntries(countedLimits.filter(({ measured }) => measured !== "questions").map(({ guardrail }) => [guardrail, thresholds])),
    tools: fc.dictionary(fc.constantFrom("Bash", "mcp__x"), thresholds, { maxKeys: 1 }),
    error_rate: fc.record({ of_last: fc.constant(2), ask_at: fc.constantFrom(0.2, 0.4), pause_at: fc.constantFrom(0.5, 0.9) }),
    same_action: fromOne,
    sub_agent_depth: thresholds,
    anomaly: fc.record(
      { new_kind: fc.constantFrom(...limitResponses), new_host: fc.constantFrom(...limitResponses), pace: fromOne },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);

const counted: fc.Arbitrary<Counted> = fc.record(Object.fromEntries([...measures, "tool:Bash"].map((measured) => [measured, amount])), {
  requiredKeys: [],
});

const tripped = { response: fc.constantFrom("ask", "pause", "stop"), reason: fc.constant("Too much."), at: fc.constant(0) };
const until = fc.constantFrom(null, 1, 9_000_000);

const anyBreakerState: fc.Arbitrary<BreakerState> = fc.oneof(
  fc.constant<BreakerState>({ status: "closed" }),
  fc.record({ status: fc.constant("open"), ...tripped, until, probes: fc.constantFrom(0, 3) }),
  fc.record({
    status: fc.constant("half_open"),
    ...tripped,
    probes: fc.constant(3),
    probesLeft: fc.constant(2),
    probe: fc.constantFrom(null, { actionId: "a1", until: 9_000_000 }),
  }),
  fc.record({
    status: fc.constant("held"),
    as: fc.constantFrom("open", "closed"),
    by: fc.constant({ kind: "person", id: "ada" } as const),
    at: fc.constant(0),
    until,
  }),
);

/** What a run and its agent may have used; breakers by the keys of `guardrails`. */
export const anyLimits: fc.Arbitrary<LimitBasis> = fc.record({
  used: fc.record(Object.fromEntries(limitScopes.map((scope) => [scope, counted]))),
  sameAction: fc.integer({ min: 1, max: 12 }),
  depth: fc.integer({ min: 0, max: 5 }),
  newResources: fc.subarray(["x.org", null, "table users"]),
  newKinds: fc.subarray(["command_execute", "payment", "file_write"]),
  newHosts: fc.subarray(["x.org"]),
  pace: fc.option(fc.record({ now: fc.integer({ min: 1, max: 200 }), busiest: fc.integer({ min: 20, max: 40 }) })),
  breakers: fc.dictionary(
    fc.constantFrom("error_rate", "same_action", "anomaly.pace", "tokens_per_run", "money_per_agent_day", "files_per_run"),
    anyBreakerState,
    { maxKeys: 3 },
  ),
});
