import type { Json, PreviewItem, ProposedAction } from "@pullcord/sdk/protocol";
import type { Reading } from "../../reading.js";

/** Most values of an action's arguments that are looked at. */
const mostValues = 2_000;
/** Most amounts that are named. */
const mostAmounts = 5;
/** Longest text that amounts are looked for in, in UTF-16 code units. */
const longestText = 20_000;

/** Longest name of a field, in UTF-16 code units. */
const longestName = 100;
const amountName =
  /^(?:[\w-]*[_-])?(?:amount|total|price|cost|sum|fee|refund|salary|budget|donation|tip)(?:[_-](?:cents|minor|usd|eur|gbp|chf))?$/i;
const currencyName = /^(?:[\w-]*[_-])?(?:currency|currency[_-]code|ccy)$/i;
const number = /^[-+]?\d+(?:[.,]\d+)*$/;

/** One amount, by the name that it goes by. */
export interface NamedAmount {
  readonly name: string;
  readonly value: string | number;
  /** Three letters, as written. */
  readonly currency: string | null;
}

/**
 * The amounts and currencies that an action names, as written: whether 2000 is 20.00 is the receiver's convention, so
 * nothing is converted. Looked for in the arguments of any tool, in forms and JSON that are sent, and in command lines.
 */
export function money(proposed: ProposedAction, reading: Pick<Reading, "commands">): readonly PreviewItem[] {
  const texts = namedAmounts(proposed, reading).map(
    ({ name, value, currency }) => `${name} ${value}${currency ? ` ${currency.toUpperCase()}` : ""}`,
  );
  const amounts = [...new Set(texts)];
  if (amounts.length === 0) return [];
  const more = amounts.length - mostAmounts;
  return [
    { about: "money", sentence: `Money: ${amounts.slice(0, mostAmounts).join("; ")}${more > 0 ? `; and ${more} more` : ""}, as written.` },
  ];
}

/** Every amount that an action names, in the order found; one that stands in two places is there twice. */
export function namedAmounts({ arguments: given, tool }: ProposedAction, { commands }: Pick<Reading, "commands">): readonly NamedAmount[] {
  const found: NamedAmount[] = [];
  let left = mostValues;
  const look = (value: Json): void => {
    left -= 1;
    if (left < 0 || value === null) return;
    if (Array.isArray(value)) for (const one of value as readonly Json[]) look(one);
    else if (typeof value === "object") {
      const named = Object.entries(value);
      found.push(...amountsIn(named));
      for (const [, one] of named) look(one);
    } else if (typeof value === "string" && value.length <= longestText) found.push(...amountsIn(sentAs(value)));
  };
  look(given);
  if (tool) look(tool.input);
  for (const { words } of commands) found.push(...amountsIn(flagsOf(words)));
  return found;
}

type Named = readonly (readonly [name: string, value: Json])[];

function amountsIn(named: Named): readonly NamedAmount[] {
  const currency = named.find(
    ([name, value]) => name.length <= longestName && currencyName.test(name) && typeof value === "string" && /^\p{L}{3}$/u.test(value),
  )?.[1];
  return named.flatMap(([name, value]) => {
    const isAmount = typeof value === "number" || (typeof value === "string" && number.test(value));
    return isAmount && name.length <= longestName && amountName.test(name)
      ? [{ name, value, currency: typeof currency === "string" ? currency : null }]
      : [];
  });
}

/** A text that is JSON or a form, as the fields it holds. */
function sentAs(text: string): Named {
  if (/^\s*\{/.test(text)) {
    try {
      return Object.entries(JSON.parse(text) as Readonly<Record<string, Json>>);
    } catch {
      return [];
    }
  }
  const form = text.replace(/^[^?#\s]*\?/, "");
  return /^[\w.[\]-]+=/.test(form) && !/\s/.test(form) ? [...new URLSearchParams(form)] : [];
}

/** `--amount 20`, `--amount=20`, `amount=20`, and forms and JSON given as a word. */
function flagsOf(words: readonly (string | null)[]): Named {
  return words.flatMap((word, place) => {
    if (word === null || word.length > longestText) return [];
    const next = words[place + 1];
    const name = /^--?([\w-]+)$/.exec(word)?.[1];
    if (name !== undefined) return typeof next === "string" ? [[name, next] as const] : [];
    return sentAs(word.replace(/^--?(?=[\w-]+=)/, ""));
  });
}
