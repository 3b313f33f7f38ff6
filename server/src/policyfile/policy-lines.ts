import { isMap, isNode, isScalar, isSeq, type Document, type LineCounter } from "yaml";
import type { PolicyLines } from "../domain/policy/policy.js";

/** Deepest keys that have a line of their own: `approval.levels.payment`. */
const deepestKeys = 3;

/** Where the parts of a checked policy file stand in its text. */
export function policyLines(yaml: Document.Parsed, counter: LineCounter): PolicyLines {
  const rules: unknown = isMap(yaml.contents) ? yaml.get("rules", true) : null;
  const items: readonly unknown[] = isSeq(rules) ? rules.items : [];
  const settings = new Map<string, number>();
  noteKeys(yaml.contents, [], { counter, settings });
  return { rules: items.map((item) => lineOf(item, counter) ?? 1), settings };
}

interface Noting {
  readonly counter: LineCounter;
  readonly settings: Map<string, number>;
}

function noteKeys(node: unknown, above: readonly string[], noting: Noting): void {
  if (!isMap(node) || above.length >= deepestKeys) return;
  for (const { key, value } of node.items) {
    if (!isScalar(key)) continue;
    const keys = [...above, String(key.value)];
    const line = lineOf(key, noting.counter);
    if (line !== null) noting.settings.set(keys.join("."), line);
    noteKeys(value, keys, noting);
  }
}

function lineOf(node: unknown, counter: LineCounter): number | null {
  return isNode(node) && node.range ? counter.linePos(node.range[0]).line : null;
}
