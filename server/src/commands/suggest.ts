import type { PolicySuggestion } from "@pullcord/sdk/protocol";
import { outcomeUnder } from "../domain/policy/backtest.js";
import { differenceOf, Differences } from "../domain/policy/differences.js";
import type { RuleDocument } from "../domain/policy/document.js";
import type { Policy } from "../domain/policy/policy.js";
import { candidateRules, wasApproved } from "../domain/policy/suggest.js";
import { isPolicys, type RecordedAction } from "../domain/recorded.js";
import type { Reader } from "../store/transaction.js";
import { history } from "./backtest.js";

/** The newest recorded actions that are looked at, and the newest questions among them. */
const mostActions = 20_000;
const mostQuestions = 3_000;

/** The policy in force, and what it would be with one more rule. */
export interface SuggestFrom {
  readonly policy: Policy;
  readonly withRule: (rule: RuleDocument) => Promise<{ readonly policy: Policy; readonly text: string; readonly rule: string }>;
}

/**
 * Rules that would have saved questions, each with all that it would have let through. One that would have let through
 * what a person denied is never proposed. Nothing is put in force: a person ratifies.
 */
export async function suggestRules(reader: Reader, { policy, withRule }: SuggestFrom): Promise<readonly PolicySuggestion[]> {
  const asked = await questions(reader);
  const suggestions: PolicySuggestion[] = [];
  const covered = new Set<string>();
  for (const rule of candidateRules(asked)) {
    const made = await withRule(rule);
    const passed = asked.filter((one) => outcomeUnder(policy, one).effect !== "allow" && outcomeUnder(made.policy, one).effect === "allow");
    const saved = passed.filter(wasApproved);
    if (saved.length === 0 || passed.some(({ action }) => action.state.status === "denied")) continue;
    // A wider rule that saves nothing more than a narrower one before it is not worth its width.
    const ids = saved.map(({ action }) => action.id);
    if (ids.every((id) => covered.has(id))) continue;
    for (const id of ids) covered.add(id);
    const through = new Differences();
    for (const one of passed) through.add(differenceOf(one, outcomeUnder(policy, one), outcomeUnder(made.policy, one)));
    suggestions.push({
      id: rule.id,
      rule: made.rule,
      sentence: `People said yes to all ${saved.length} of these questions; nobody would have been asked.`,
      saved: saved.length,
      letThrough: through.list().differences,
      text: made.text,
      base: policy.version,
    });
  }
  return suggestions;
}

async function questions(reader: Reader): Promise<readonly RecordedAction[]> {
  const asked: RecordedAction[] = [];
  for await (const one of history(reader, mostActions)) {
    if (asked.length === mostQuestions) break;
    if (one.action.decision.effect === "require_approval" && isPolicys(one.action)) asked.push(one);
  }
  return asked;
}
