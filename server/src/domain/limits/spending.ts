import type { ProposedAction } from "@pullcord/sdk/protocol";
import type { Reading } from "../reading.js";
import { namedAmounts, type NamedAmount } from "../risk/preview/money.js";

/**
 * The money that an action would spend: the largest amount it names, since a total and its parts are often both there.
 * Nothing where it can be taken back here, or nothing happens for real; null for a payment that names no amount.
 * What an agent calls its action doesn't count, only what it does: an amount sent in a shell's request is one, too.
 */
export function spending(proposed: ProposedAction, reading: Reading): number | null {
  const { reversibility } = reading.assessment;
  if (reading.simulated || reversibility === "read_only") return 0;
  if (proposed.type !== "payment" && reversibility === "reversible") return 0;
  const amounts = namedAmounts(proposed, reading).map(amountOf);
  if (amounts.length === 0) return proposed.type === "payment" ? null : 0;
  return Math.max(0, ...amounts);
}

/** The amount in whole units. Where a text could be read in two ways, the larger holds: `1.000` is a thousand. */
function amountOf({ name, value }: NamedAmount): number {
  const amount = Math.abs(typeof value === "number" ? value : numberIn(value));
  return /[_-](?:cents|minor)$/i.test(name) ? amount / 100 : amount;
}

function numberIn(text: string): number {
  const digits = text.replace(/^[-+]/, "");
  const mark = /[.,](?=\d{1,2}$|\d{4,}$)/.exec(digits)?.index ?? -1;
  const whole = (mark < 0 ? digits : digits.slice(0, mark)).replaceAll(/[.,]/g, "");
  return Number(mark < 0 ? whole : `${whole}.${digits.slice(mark + 1)}`);
}
