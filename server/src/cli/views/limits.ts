import { limitResponses, type BreakerState, type LimitStanding } from "@pullcord/sdk";
import type { Paint } from "../screen/paint.js";
import { duration, until } from "../screen/time.js";

export const limitHead = ["LIMIT", "OF", "USED", "FROM HERE ON", "BREAKER"];

/** A limit as one line of a list. */
export function limitRow({ guardrail, owner, unit, used, at, state, resetsAt }: LimitStanding, paint: Paint): string[] {
  const responses = limitResponses.flatMap((response) => (at[response] === undefined ? [] : [`${response} ${amount(at[response], unit)}`]));
  const day = resetsAt === null ? "" : `, anew ${until(resetsAt, Date.now())}`;
  return [guardrail, owner.kind, amount(used, unit), `${responses.join(", ")}${day}`, breakerWords(state, paint)];
}

/** A state in words, never in colour alone. */
export function breakerWords(state: BreakerState, paint: Paint): string {
  const now = Date.now();
  const end = (at: number | null) => (at === null ? "until a person says so" : `over ${until(at, now)}`);
  switch (state.status) {
    case "closed":
      return state.warned ? paint.amber("! warned") : "closed";
    case "open":
      return paint.red(`x open, ${state.response}s, ${end(state.until)}`);
    case "half_open":
      return paint.amber(`~ half-open, ${state.probesLeft} to go well`);
    case "held":
      return paint.amber(`= held ${state.as} by ${state.by.id}, ${end(state.until)}`);
  }
}

function amount(value: number, unit: LimitStanding["unit"]): string {
  if (unit === "milliseconds") return duration(value);
  if (unit === "share") return `${Math.round(value * 100)} %`;
  return `${Math.round(value * 100) / 100}${unit === "times" ? " times" : ""}`;
}
