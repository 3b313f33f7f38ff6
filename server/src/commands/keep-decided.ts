import type { Action } from "@pullcord/sdk/protocol";
import type { DecisionFacts } from "../domain/facts.js";
import { isSameOutcome, outcomeUnder } from "../domain/policy/backtest.js";
import { differenceOf } from "../domain/policy/differences.js";
import { isPolicys, recordedFacts, type RecordedAction } from "../domain/recorded.js";
import { saveDecidedFacts } from "../store/decided-facts.js";
import { insertShadowDecision } from "../store/shadow.js";
import type { CommandContext } from "./context.js";

/** Keeps what a decision can be decided again from, and what the shadow would have decided where that differs. */
export async function keepDecided({ tx, now, outside }: CommandContext, action: Action, facts: DecisionFacts): Promise<void> {
  const { decision } = action;
  if (!decision) return;
  const recorded = recordedFacts(facts, now);
  await saveDecidedFacts(tx, action.id, { facts: recorded, at: decision.at });
  const shadow = outside.shadow();
  if (!shadow) return;
  const decided: RecordedAction = { action: { ...action, decision }, recorded };
  if (!isPolicys(decided.action)) return;
  const [before, after] = [outcomeUnder(facts.policy, decided), outcomeUnder(shadow, decided)];
  if (!isSameOutcome(before, after)) await insertShadowDecision(tx, shadow.version, differenceOf(decided, before, after));
}
