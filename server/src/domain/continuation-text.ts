import type { ReceiptAction, RunReceipt } from "@pullcord/sdk/protocol";

/** Most actions that are named one by one. */
const mostNamed = 20;

const parts: readonly (readonly [ReceiptAction["fate"], string])[] = [
  ["cut_short", "Cut short, so perhaps half done"],
  ["unreported", "Begun, and nobody knows how it ended"],
  ["finished", "Finished while it was being stopped"],
  ["never_begun", "Asked for and never begun"],
];

/** What an agent has to know that goes on after a stop: where it was, and what not to take for done (E7). */
export function continuationText({ runId, finished, actions }: RunReceipt): string {
  const done = finished === 1 ? "1 action was" : `${finished} actions were`;
  return [
    `A person lets you go on from run ${runId}, which was stopped. Before the stop ${done} done.`,
    ...parts.flatMap(([fate, name]) =>
      lineOf(
        name,
        actions.filter((action) => action.fate === fate),
      ),
    ),
    "Look at what is there before you repeat any of it.",
  ].join("\n");
}

function lineOf(name: string, actions: readonly ReceiptAction[]): string[] {
  if (actions.length === 0) return [];
  const named = actions.slice(0, mostNamed).map(({ sentence }) => JSON.stringify(sentence));
  const more = actions.length > mostNamed ? [`and ${actions.length - mostNamed} more`] : [];
  return [`${name}: ${[...named, ...more].join(", ")}.`];
}
