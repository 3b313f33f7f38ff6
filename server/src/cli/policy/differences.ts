import type { PolicyDifference, PolicyOutcome } from "@pullcord/sdk";
import type { Screen } from "../screen/screen.js";
import { escapeLine } from "../screen/escape.js";

/** Every decision that differs, alike ones together. */
export function showDifferences(screen: Screen, differences: readonly PolicyDifference[]): void {
  for (const { description, agent, before, after, count, actionIds } of differences) {
    screen.line();
    screen.line(`${screen.paint.strong(`${shown(before)} → ${shown(after)}`)}  ${count > 1 ? `${count} times, ` : ""}${escapeLine(agent)}`);
    screen.sentence(escapeLine(description));
    screen.field("before", because(before));
    screen.field("after", because(after));
    screen.field("actions", actionIds.join(" "));
  }
}

/** `allow → deny: 3` and the like, the most frequent first. */
export function changedLines(changed: Readonly<Record<string, number>>): readonly string[] {
  return Object.entries(changed)
    .sort(([, one], [, other]) => other - one)
    .map(([kind, count]) => `${kind.replace(">", " → ")}: ${count}`);
}

function shown({ effect, level }: PolicyOutcome): string {
  return effect === "require_approval" ? `ask (${level})` : effect;
}

function because({ sentence, rule, line }: PolicyOutcome): string {
  const place = rule === undefined ? "" : ` [${escapeLine(rule)}${line === undefined ? "" : `, line ${line}`}]`;
  return `${escapeLine(sentence)}${place}`;
}
