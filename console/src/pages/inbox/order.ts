import { riskLevels } from "@pullcord/sdk/protocol";
import type { Question } from "./question.js";

/** Highest risk first, then least time left. */
export function byUrgency(a: Question, b: Question): number {
  return riskLevels.indexOf(b.risk) - riskLevels.indexOf(a.risk) || a.expiresAt - b.expiresAt || a.id.localeCompare(b.id);
}

export interface Fold {
  readonly first: Question;
  readonly rest: readonly Question[];
}

const fewestToFold = 3;

/** Puts similar low-risk requests of one agent together once there are three, where the first of them stands. */
export function folded(questions: readonly Question[]): readonly Fold[] {
  const kinds = Map.groupBy(questions, ({ id, kind }) => kind ?? id);
  return questions.flatMap((question): Fold[] => {
    const alike = kinds.get(question.kind ?? question.id) ?? [];
    if (alike.length < fewestToFold) return [{ first: question, rest: [] }];
    return alike[0] === question ? [{ first: question, rest: alike.slice(1) }] : [];
  });
}
