import { limitResponses, type LimitResponse, type PolicyChange } from "@pullcord/sdk/protocol";
import type { Limit } from "../limits/limit.js";
import { compileGuardrails } from "./compile-guardrails.js";
import type { GuardrailsDocument } from "./document.js";

/**
 * Whether a changed setting of the guardrails lets more through, by what holds before and after, defaults included: null
 * where it is none of a limit, or the change makes no difference.
 */
export function limitDirection(
  what: string,
  before: GuardrailsDocument | undefined,
  after: GuardrailsDocument | undefined,
): PolicyChange["direction"] {
  const [old, fresh] = [compileGuardrails(before), compileGuardrails(after)];
  const limit = [...old.limits, ...fresh.limits].find(({ guardrail }) => isOf(guardrail, what));
  if (!limit) return null;
  const named = limitResponses.find((response) => what.endsWith(`.${response}`) || what.endsWith(`.${response}_at`));
  const responses = named ? [named] : limitResponses;
  const amounts = ({ limits }: typeof old) => responses.map((response) => amountOf(limits, limit, response));
  const [one, other] = [amounts(old), amounts(fresh)];
  const risen = other.some((amount, place) => amount > (one[place] ?? Infinity));
  const fallen = other.some((amount, place) => amount < (one[place] ?? Infinity));
  if (risen === fallen) return risen ? graver(one, other) : null;
  return risen ? "looser" : "tighter";
}

function isOf(guardrail: string, what: string): boolean {
  return what === `guardrails.${guardrail}` || what.startsWith(`guardrails.${guardrail}.`);
}

/** What is not limited is reached by no amount. */
function amountOf(limits: readonly Limit[], { guardrail }: Limit, response: LimitResponse): number {
  return limits.find((one) => one.guardrail === guardrail)?.at[response] ?? Infinity;
}

/** Where one response took another's place, the graver of them tells. */
function graver(before: readonly number[], after: readonly number[]): PolicyChange["direction"] {
  const gravest = (amounts: readonly number[]) => amounts.findLastIndex((amount) => amount < Infinity);
  return gravest(after) > gravest(before) ? "tighter" : "looser";
}
