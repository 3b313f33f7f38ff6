import type { LimitResponse } from "@pullcord/sdk/protocol";
import type { DecisionFacts } from "../facts.js";
import type { Reading } from "../reading.js";
import { countsFromEqual, newestActions, type Limit } from "./limit.js";
import { limitBasis, newHosts, newKinds } from "./measuring.js";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** "The run would have changed 11 files; the policy asks above 10." */
export function limitSentence(
  limit: Limit,
  { amount, response }: { readonly amount: number | null; readonly response: LimitResponse },
  scene: { readonly reading: Reading; readonly facts: DecisionFacts },
): string {
  const threshold = limit.at[response] ?? 0;
  const found = whatIsSo(limit, amount, scene);
  if (limit.measured === "new_kind" || limit.measured === "new_host") return `${found}.`;
  const from = countsFromEqual(limit) ? "from" : "above";
  return `${found}; the policy ${verbs[response]} ${from} ${inUnit(limit, threshold)}${limit.measured === "error_rate" ? " failed" : ""}.`;
}

const verbs: Readonly<Record<LimitResponse, string>> = { warn: "warns", ask: "asks", pause: "pauses it", stop: "stops it" };

function whatIsSo(limit: Limit, amount: number | null, { reading, facts }: Parameters<typeof limitSentence>[2]): string {
  const who = { run: "The run", agent: "The agent", agent_day: "Today the agent" }[limit.scope];
  const n = amount === null ? "" : inUnit(limit, amount);
  if (limit.measured.startsWith("tool:")) return `${who} would have used ${limit.measured.slice("tool:".length)} ${n} times`;
  const basis = limitBasis(facts);
  switch (limit.measured) {
    case "files":
      return `${who} would have changed ${n} files`;
    case "resources":
      return `${who} would have had to do with ${n} hosts and tables`;
    case "calls":
      return `${who} would have called other hosts ${n} times`;
    case "actions":
      return `${who} would have done ${n} actions`;
    case "questions":
      return `${who} has asked people ${n} questions`;
    case "tokens":
      return `${who} has used ${n} tokens`;
    case "money":
      return amount === null ? "How much this would spend cannot be read" : `${who} would have spent ${n}`;
    case "sub_agents":
      return `${who} would have started ${n} sub-agents`;
    case "time":
      return `The run has been going for ${n} since a person last let it`;
    case "depth":
      return `This would start a sub-agent ${n} deep`;
    case "error_rate":
      return `${facts.counters.recentFailures} of its newest ${facts.counters.recentEnded} actions failed`;
    case "same_action":
      return `The run has come up with this very action ${n} times in its newest ${newestActions}`;
    case "new_kind":
      return `The agent has never done anything of this kind: ${newKinds(reading, facts).join(", ").replaceAll("_", " ")}`;
    case "new_host":
      return `The agent has never called this host: ${newHosts(reading, basis).join(", ")}`;
    default:
      return `The agent has done ${basis.pace?.now ?? 0} actions in ten minutes, its busiest ten minutes before had ${basis.pace?.busiest ?? 0}`;
  }
}

/** An amount with its unit where it has one of its own. */
function inUnit({ measured }: Limit, amount: number): string {
  if (measured === "time")
    return amount >= hourMs ? `${Math.round((amount * 10) / hourMs) / 10} h` : `${Math.floor(amount / minuteMs)} min`;
  if (measured === "error_rate") return `${Math.round(amount * 100)} %`;
  if (measured === "pace") return `${amount} times that`;
  return String(Math.round(amount * 100) / 100);
}
