import { theySaid } from "../they-said.js";
import type { Plan, PlanStep } from "@pullcord/sdk/protocol";

/** An approved plan as a model can follow it: what stands, complete and in its order, what a person changed, what is out. */
export function planInWords({ id, steps, removed, resolution, holdsUntil }: Plan): string {
  const isChanged = removed.length > 0 || steps.some(({ number, approvedArguments }, at) => approvedArguments || number !== at + 1);
  const until = new Date(holdsUntil ?? 0).toISOString().slice(0, 16).replace("T", " ");
  return [
    `Pullcord: your human approved plan ${id}${isChanged ? ", with changes" : ""}. Do exactly these steps, in this order, each once, until ${until} UTC:`,
    ...steps.map(inWords),
    ...removed.map((step) => `Taken out, do not do it: ${inWords(step)}`),
    ...(resolution?.reason === undefined ? [] : [theySaid(resolution.reason)]),
    "Each step waits for the one before it to succeed. Whatever is not in this list is asked about as usual.",
  ].join("\n");
}

function inWords({ number, proposed, approvedArguments }: PlanStep): string {
  const what = proposed.tool?.name ?? proposed.type;
  if (approvedArguments) return `${number}. ${what}, changed by your human; it now has to be: ${JSON.stringify(approvedArguments)}`;
  return `${number}. ${what} ${JSON.stringify(proposed.tool?.input ?? proposed.arguments)}`;
}
