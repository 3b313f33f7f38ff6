import type { Dimension, RuleKeys } from "./keys.js";
import { dimensions } from "./matchers/index.js";
import type { Rule } from "./rule.js";
import type { Subject } from "./subject.js";

/**
 * Rules as a tree of keys, so that a decision holds only those against an action that can match it. Each rule hangs in
 * the dimension that tells it apart from most others, and a branch that is still crowded is divided by another one.
 * Looking a rule up gives no more than that it may match: `match.ts` decides.
 */
export interface RuleIndex {
  readonly rules: readonly Rule[];
  readonly tree: Node;
}

interface Node {
  /** Rules that nothing tells apart here. */
  readonly always: readonly Rule[];
  readonly branches: readonly Branch[];
}

interface Branch {
  readonly dimension: Dimension;
  /** Every rule of this branch, for an action whose keys cannot be known. */
  readonly all: readonly Rule[];
  readonly nodes: ReadonlyMap<string, Node>;
}

/** So many rules are held against an action one after the other; more are divided further. */
const crowded = 8;
/** Deepest division. */
const mostDivisions = 3;
/** A rule with more keys than this is not repeated under each of them in a further division. */
const mostRepeats = 8;

/** Steps of work that may be interrupted after any of them. */
type Steps<Result> = Generator<undefined, Result, undefined>;

/** Sorts rules into an index, in small steps. */
export function* indexing(rules: readonly Rule[]): Steps<RuleIndex> {
  return { rules, tree: yield* divide(rules, dimensions, mostDivisions) };
}

/** The same index without one rule. */
export function indexWithout({ rules, tree }: RuleIndex, rule: Rule): RuleIndex {
  const isOther = (one: Rule) => one !== rule;
  const prune = ({ always, branches }: Node): Node => ({
    always: always.filter(isOther),
    branches: branches.map(({ dimension, all, nodes }) => ({
      dimension,
      all: all.filter(isOther),
      nodes: new Map([...nodes].map(([key, node]) => [key, prune(node)])),
    })),
  });
  return { rules: rules.filter(isOther), tree: prune(tree) };
}

/** The rules that can match an action, each once. */
export function candidates({ tree }: RuleIndex, subject: Subject): Iterable<Rule> {
  const found = new Set<Rule>();
  collect(tree, { subject, keys: new Map(), found });
  return found;
}

interface Looking {
  readonly subject: Subject;
  /** The action's keys, worked out once for each dimension. */
  readonly keys: Map<Dimension, Iterable<string> | "open">;
  readonly found: Set<Rule>;
}

function collect({ always, branches }: Node, looking: Looking): void {
  for (const rule of always) looking.found.add(rule);
  for (const { dimension, all, nodes } of branches) {
    const keys = looking.keys.get(dimension) ?? dimension.ofAction(looking.subject);
    looking.keys.set(dimension, keys);
    if (keys === "open") for (const rule of all) looking.found.add(rule);
    else
      for (const key of keys) {
        const node = nodes.get(key);
        if (node) collect(node, looking);
      }
  }
}

function* divide(rules: readonly Rule[], by: readonly Dimension[], divisions: number): Steps<Node> {
  if (divisions === 0 || rules.length <= crowded || by.length === 0) return { always: rules, branches: [] };
  const ways: (readonly Way[])[] = [];
  const counts = new Map<Dimension, Map<string, number>>();
  for (const rule of rules) {
    const own = waysOf(rule, by, divisions === mostDivisions ? Infinity : mostRepeats);
    for (const way of own) count(counts, way);
    ways.push(own);
    yield;
  }
  const always: Rule[] = [];
  const chosen = new Map<Dimension, Hung>();
  for (const [at, rule] of rules.entries()) {
    const best = bestWay(ways[at] ?? [], counts, rules.length);
    if (best) hang(chosen, best, rule);
    else always.push(rule);
    yield;
  }
  const branches: Branch[] = [];
  for (const [dimension, { all, lists }] of chosen) {
    const others = by.filter((one) => one !== dimension);
    const nodes = new Map<string, Node>();
    for (const [key, list] of lists) {
      nodes.set(key, yield* divide(list, others, divisions - 1));
      yield;
    }
    branches.push({ dimension, all, nodes });
  }
  return { always, branches };
}

/** A dimension that a rule can hang in, and where. */
interface Way {
  readonly dimension: Dimension;
  readonly keys: RuleKeys;
}

interface Hung {
  readonly all: Rule[];
  readonly lists: Map<string, Rule[]>;
}

function waysOf({ when, effect }: Rule, by: readonly Dimension[], mostKeys: number): readonly Way[] {
  const ways: Way[] = [];
  for (const dimension of by) {
    const keys = dimension.ofRule(when, effect);
    if (keys && keys.keys.length + (keys.rare?.length ?? 0) <= mostKeys) ways.push({ dimension, keys });
  }
  return ways;
}

function count(counts: Map<Dimension, Map<string, number>>, { dimension, keys }: Way): void {
  const own = counts.get(dimension) ?? new Map<string, number>();
  counts.set(dimension, own);
  for (const key of keys.keys) own.set(key, (own.get(key) ?? 0) + 1);
}

/** The way in which the fewest other rules share its fullest key. */
function bestWay(ways: readonly Way[], counts: ReadonlyMap<Dimension, ReadonlyMap<string, number>>, all: number): Way | null {
  let best: Way | null = null;
  let fewest = all;
  for (const way of ways) {
    const own = counts.get(way.dimension);
    const sharing = way.keys.keys.reduce((most, key) => Math.max(most, own?.get(key) ?? 0), 0);
    if (sharing < fewest) [best, fewest] = [way, sharing];
  }
  return best;
}

function hang(chosen: Map<Dimension, Hung>, { dimension, keys }: Way, rule: Rule): void {
  const { all, lists } = chosen.get(dimension) ?? { all: [], lists: new Map<string, Rule[]>() };
  chosen.set(dimension, { all, lists });
  all.push(rule);
  for (const key of new Set([...keys.keys, ...(keys.rare ?? [])])) {
    const list = lists.get(key) ?? [];
    lists.set(key, list);
    list.push(rule);
  }
}
