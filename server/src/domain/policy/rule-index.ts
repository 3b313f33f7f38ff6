import type { ActionType } from "@pullcord/sdk/protocol";
import type { Rule } from "./rule.js";
import type { Subject } from "./subject.js";

/** Rules by what tells them apart soonest, so that a decision holds only those against an action that can match it. */
export interface RuleIndex {
  /** How many there are in all. */
  readonly count: number;
  /** Every rule. */
  readonly rules: readonly Rule[];
  /** Rules about commands, by the first word of those. */
  readonly byFirstWord: ReadonlyMap<string, readonly Rule[]>;
  /** The others, by action type. */
  readonly byType: ReadonlyMap<ActionType, readonly Rule[]>;
  /** Rules that neither tells apart. */
  readonly others: readonly Rule[];
}

/** Sorts rules into an index. */
export function indexRules(rules: readonly Rule[]): RuleIndex {
  const byFirstWord = new Map<string, Rule[]>();
  const byType = new Map<ActionType, Rule[]>();
  const others: Rule[] = [];
  for (const rule of rules) {
    if (rule.firstWords) for (const word of rule.firstWords) listIn(byFirstWord, word).push(rule);
    else if (rule.types.length > 0) for (const type of rule.types) listIn(byType, type).push(rule);
    else others.push(rule);
  }
  return { count: rules.length, rules, byFirstWord, byType, others };
}

/** The rules that can match an action; all of them when it runs a program that cannot be known. */
export function candidates({ rules, byFirstWord, byType, others }: RuleIndex, { lines, types, proposed }: Subject): Iterable<Rule> {
  if (lines.some(({ program }) => program === null)) return rules;
  const found = new Set(others);
  for (const type of types) for (const rule of byType.get(type) ?? []) found.add(rule);
  const { command } = proposed.arguments;
  const texts = lines.flatMap(({ program, text, start }) => [program ?? "", text, start]);
  if (typeof command === "string") texts.push(command);
  for (const text of texts) for (const rule of byFirstWord.get(firstWord(text)) ?? []) found.add(rule);
  for (const { program } of lines) for (const rule of byFirstWord.get(program ?? "") ?? []) found.add(rule);
  return found;
}

/** The first word of a command, and of a pattern over commands. */
export function firstWord(text: string): string {
  return /^\s*(\S*)/.exec(text)?.[1] ?? "";
}

function listIn<Key>(lists: Map<Key, Rule[]>, key: Key): Rule[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}
