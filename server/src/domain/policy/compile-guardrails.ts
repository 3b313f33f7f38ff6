import { limitResponses, type LimitResponse } from "@pullcord/sdk/protocol";
import { countedLimits, type Limit } from "../limits/limit.js";
import { defaultGuardrails } from "./defaults.js";
import type { GuardrailsDocument, ThresholdsDocument } from "./document.js";
import { durationMs } from "./duration.js";
import { pathPattern } from "./path-pattern.js";
import type { Guardrails } from "./policy.js";

/** The guardrails of a checked document; what it leaves out gets the defaults. */
export function compileGuardrails(written: GuardrailsDocument = {}): Guardrails {
  const { errorsOfLast, anomalyAfter, breaker, dayZone } = defaultGuardrails;
  return {
    // Without an amount there is nothing to hold anything against.
    limits: limitsOf(written).filter(({ at }) => Object.keys(at).length > 0),
    errorsOfLast: written.error_rate?.of_last ?? errorsOfLast,
    anomalyAfter: written.anomaly?.after ?? anomalyAfter,
    breaker: {
      coolDownMs: durationMs(written.breaker?.cool_down ?? "") ?? breaker.coolDownMs,
      probes: written.breaker?.probes ?? breaker.probes,
    },
    dayZone: written.day_zone ?? dayZone,
    forbiddenPaths: (written.forbidden_paths ?? []).map((pattern) => pathPattern(pattern, { cautious: true })),
  };
}

function limitsOf(written: GuardrailsDocument): readonly Limit[] {
  const { filesPerRun, runTime, errorRate } = defaultGuardrails;
  const { anomaly, error_rate, tools = {} } = written;
  return [
    { guardrail: "run_time", measured: "time", scope: "run", at: { ...runTime, ...runTimes(written.run_time) } },
    { guardrail: "error_rate", measured: "error_rate", scope: "run", at: { ...errorRate, ...shares(error_rate) } },
    ...countedLimits.map(({ guardrail, ...limit }): Limit => {
      const defaults = guardrail === "files_per_run" ? filesPerRun : {};
      return { ...limit, guardrail, at: { ...defaults, ...amounts(written[guardrail]) } };
    }),
    ...Object.entries(tools).map(([tool, at]): Limit => ({
      guardrail: `tools.${tool}`,
      measured: `tool:${tool}`,
      scope: "run",
      at: amounts(at),
    })),
    { guardrail: "same_action", measured: "same_action", scope: "run", at: amounts(written.same_action) },
    { guardrail: "sub_agent_depth", measured: "depth", scope: "run", at: amounts(written.sub_agent_depth) },
    { guardrail: "anomaly.new_kind", measured: "new_kind", scope: "agent", at: fromTheFirst(anomaly?.new_kind) },
    { guardrail: "anomaly.new_host", measured: "new_host", scope: "agent", at: fromTheFirst(anomaly?.new_host) },
    { guardrail: "anomaly.pace", measured: "pace", scope: "agent", at: amounts(anomaly?.pace) },
  ];
}

function amounts(written: ThresholdsDocument | undefined): Limit["at"] {
  return byResponse((response) => written?.[response]);
}

/** `8h` alone pauses. */
function runTimes(written: GuardrailsDocument["run_time"]): Limit["at"] {
  const named = typeof written === "string" ? { pause: written } : written;
  return byResponse((response) => durationMs(named?.[response] ?? "") ?? undefined);
}

function shares(written: GuardrailsDocument["error_rate"]): Limit["at"] {
  return byResponse((response) => written?.[`${response}_at`]);
}

function fromTheFirst(response: LimitResponse | undefined): Limit["at"] {
  return response === undefined ? {} : { [response]: 0 };
}

function byResponse(amountOf: (response: LimitResponse) => number | undefined): Limit["at"] {
  const at: Partial<Record<LimitResponse, number>> = {};
  for (const response of limitResponses) {
    const amount = amountOf(response);
    if (amount !== undefined) at[response] = amount;
  }
  return at;
}
