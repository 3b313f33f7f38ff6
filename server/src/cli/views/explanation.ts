import { basename } from "node:path";
import { actionLine, type Decision, type Effect, type Explanation } from "@pullcord/sdk";
import { escapeLine } from "../screen/escape.js";
import type { Screen } from "../screen/screen.js";
import { wrapped } from "../screen/width.js";
import { shortVersion } from "./policy-version.js";
import { reasonText } from "./request.js";

const effectWords: Readonly<Record<Effect, string>> = {
  allow: "It was allowed",
  require_approval: "A person was asked",
  deny: "It was denied",
};
const todayWords: Readonly<Record<Effect, string>> = {
  allow: "it would run",
  require_approval: "a person would be asked",
  deny: "it would be denied",
};

/** Why it was decided so, what would have changed that, and what has changed since. */
export function showExplanation(screen: Screen, { action, policy, wouldChange, notes, today }: Explanation): void {
  const { decision } = action;
  const file = policy.file === null ? "built-in policy" : basename(policy.file);
  screen.line(`${screen.paint.strong(action.id)}  ${escapeLine(actionLine(action.proposed))}`);
  screen.line();
  if (decision) showDecision(screen, decision, file);
  if (wouldChange.length > 0) {
    screen.line();
    screen.line(screen.paint.strong("What would have changed it"));
    for (const { sentence, line } of wouldChange)
      showItem(screen, `${escapeLine(sentence)}${line === undefined ? "" : ` (${file}:${line})`}`);
  }
  if (notes.length > 0 || today) screen.line();
  for (const note of notes) screen.sentence(escapeLine(note));
  if (today) screen.sentence(`Decided today, ${todayWords[today.effect]}: ${escapeLine(today.sentence)}`);
}

function showDecision(screen: Screen, decision: Decision, file: string): void {
  const [first, ...others] = decision.reasons;
  screen.sentence(`${effectWords[decision.effect]}: ${escapeLine(first?.sentence ?? "no reason is on record")}`);
  screen.line();
  if (first) screen.field("Because", reasonText(first, file));
  for (const reason of others) screen.field("And", reasonText(reason, file));
  screen.field("Dial", dialText(decision));
  screen.field("Policy", `${file}, version ${shortVersion(decision.policyVersion)}`);
  if (decision.obligations.length > 0) screen.field("Along", decision.obligations.map(({ kind }) => kind).join(", "));
  if (decision.breakGlassId !== undefined) screen.field("Override", `break glass ${decision.breakGlassId}`);
}

function dialText({ autonomy, trustTier, basis }: Decision): string {
  if (!basis || basis.autonomySet === autonomy) return `${autonomy}, trust ${trustTier}; the lower one holds`;
  return `${autonomy}: ${basis.autonomySet} was set, and trust ${trustTier} allows no more`;
}

function showItem(screen: Screen, text: string): void {
  for (const [place, line] of wrapped(text, screen.width - itemMark.length).entries())
    screen.line(`${place === 0 ? itemMark : " ".repeat(itemMark.length)}${line}`);
}

const itemMark = "  - ";
