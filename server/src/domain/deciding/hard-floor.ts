import { actionTypes } from "@pullcord/sdk/protocol";
import { autonomyInForce } from "../autonomy.js";
import type { DecisionFacts } from "../facts.js";
import type { Reading } from "../reading.js";
import { ask, deny, type Draft, type Step } from "./draft.js";

const unreadable = "Pullcord could not read this action, so it is denied. Propose it in a simpler form, one step at a time.";

/**
 * Takes up the reading and denies whatever touches Pullcord itself. No policy, no approval and no break glass crosses
 * this floor; who means to change Pullcord does it outside an agent.
 */
export const guardTheFloor: Step = (draft, facts) => {
  const reading = soundOrNull(facts);
  if (!reading || (draft.breakGlass && isUnread(facts, reading)))
    return deny(draft, { step: "guardrails", sentence: unreadable, rule: "unreadable" });
  if (reading.touchesGate === null) return guardUnread({ ...draft, reading }, facts);
  const sentence = `Touches Pullcord itself: ${reading.touchesGate} No agent may do that, approved or not.`;
  return deny({ ...draft, reading }, { step: "guardrails", sentence, rule: "hard_floor" });
};

/**
 * What was not read to its end may touch Pullcord behind that: a person may still see what it is and decide, but where
 * nobody would be asked it is denied, and no `allow` rule lifts the asking.
 */
function guardUnread(draft: Draft, facts: DecisionFacts): Draft {
  if (!draft.reading?.cutShort) return draft;
  const { level } = autonomyInForce(facts);
  if (draft.breakGlass || level === "notify" || level === "full")
    return deny(draft, { step: "guardrails", sentence: unreadable, rule: "unreadable" });
  const sentence = "This is too long or too tangled to be read to its end, so a person decides.";
  return ask(draft, { reasons: [{ step: "guardrails", sentence, rule: "unreadable" }], level: "review", isLiftable: false });
}

function soundOrNull({ proposed, reading }: DecisionFacts): Reading | null {
  if (!(actionTypes as readonly string[]).includes(proposed.type)) return null;
  return reading && isScore(reading.assessment.score) ? reading : null;
}

/** A command in which no command was found: a reader that gave up would otherwise be the way across, once glass is broken. */
function isUnread({ proposed }: DecisionFacts, { assessment, commands }: Reading): boolean {
  return proposed.type === "command_execute" && !assessment.understood && commands.length === 0;
}

function isScore(score: number): boolean {
  return score >= 0 && score <= 100;
}
