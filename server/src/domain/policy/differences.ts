import { actionLine, type Effect, type PolicyDifference, type PolicyOutcome } from "@pullcord/sdk/protocol";
import type { RecordedAction } from "../recorded.js";

/** Most kinds of differences that are listed one by one. */
const mostListed = 2_000;
/** Most actions named for one kind; the newest. */
const mostNamed = 5;

const freedom: Readonly<Record<Effect, number>> = { deny: 0, require_approval: 1, allow: 2 };

/** One action that two policies decide differently. */
export function differenceOf({ action }: Pick<RecordedAction, "action">, before: PolicyOutcome, after: PolicyOutcome): PolicyDifference {
  const { id, agent, proposed, assessment, decision } = action;
  return {
    description: actionLine(proposed),
    agent,
    score: assessment?.score ?? 100,
    before,
    after,
    count: 1,
    actionIds: [id],
    lastAt: decision.at,
  };
}

/** Puts alike differences together as they come, the newest first. */
export class Differences {
  readonly #kinds = new Map<string, PolicyDifference>();
  readonly #changed: Record<string, number> = {};

  add(one: PolicyDifference): void {
    const { before, after } = one;
    const kind = `${before.effect}>${after.effect}`;
    this.#changed[kind] = (this.#changed[kind] ?? 0) + one.count;
    const key = JSON.stringify([one.agent, one.description, before.effect, before.level, after.effect, after.level, after.rule]);
    const known = this.#kinds.get(key);
    if (!known) this.#kinds.set(key, one);
    else
      this.#kinds.set(key, {
        ...known,
        score: Math.max(known.score, one.score),
        count: known.count + one.count,
        actionIds: [...known.actionIds, ...one.actionIds].slice(0, mostNamed),
        lastAt: Math.max(known.lastAt, one.lastAt),
      });
  }

  /** Those first that let more happen, of those the riskiest. */
  list(): {
    readonly changed: Readonly<Record<string, number>>;
    readonly differences: readonly PolicyDifference[];
    readonly unlisted: number;
  } {
    const all = [...this.#kinds.values()].sort((one, other) => loosening(other) - loosening(one) || other.score - one.score);
    return { changed: this.#changed, differences: all.slice(0, mostListed), unlisted: Math.max(0, all.length - mostListed) };
  }
}

function loosening({ before, after }: PolicyDifference): number {
  return freedom[after.effect] - freedom[before.effect];
}
