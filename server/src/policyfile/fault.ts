import { isMap, isNode, isScalar, type Document } from "yaml";
import type { z } from "zod";
import { nearest } from "../nearest.js";
import { keysAt } from "./known-keys.js";

/** What is wrong with a policy file, and where in its text. */
export interface Fault {
  readonly offset: number | null;
  readonly sentence: string;
}

type Issue = z.core.$ZodIssue;

/** A text, and the JSON Schema it was held against. */
export interface Held {
  readonly yaml: Document.Parsed;
  readonly schema: () => object;
}

/** The first fault in the order of the text. */
export function firstFault(issues: readonly Issue[], yaml: Held): Fault {
  const faults = shapeFirst(issues)
    .flatMap((issue) => faultsOf(issue, yaml, []))
    .sort((one, other) => (one.offset ?? 0) - (other.offset ?? 0));
  return faults[0] ?? { offset: null, sentence: "The file is not what it has to be." };
}

function faultsOf(issue: Issue, yaml: Held, above: readonly PropertyKey[]): readonly Fault[] {
  const path = [...above, ...issue.path];
  if (issue.code === "invalid_union") return unionFaults(issue, yaml, path);
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey(key, yaml, path));
  if (issue.code === "invalid_key") return [unknownKey(String(path.at(-1)), yaml, path.slice(0, -1))];
  return [{ offset: offsetOf(yaml.yaml, path), sentence: sentenceOf(issue, yaml.yaml, path) }];
}

/** Of several shapes a value may have, the one it is nearest to: whichever went wrong deepest inside. */
function unionFaults(issue: Extract<Issue, { code: "invalid_union" }>, yaml: Held, path: readonly PropertyKey[]): readonly Fault[] {
  const depth = (branch: readonly Issue[]): number =>
    Math.max(0, ...branch.map((one) => one.path.length + (one.code === "invalid_type" ? 0 : 1)));
  const [best] = [...issue.errors].sort((one, other) => depth(other) - depth(one));
  if (!best || best.length === 0)
    return [{ offset: offsetOf(yaml.yaml, path), sentence: `${nameOf(path)} has a value of the wrong kind.` }];
  return shapeFirst(best).flatMap((one) => faultsOf(one, yaml, path));
}

/** Rules across keys are worth telling only once every key and value is right. */
function shapeFirst(issues: readonly Issue[]): readonly Issue[] {
  const shape = issues.filter((issue) => issue.code !== "custom");
  return shape.length > 0 ? shape : issues;
}

function unknownKey(key: string, { yaml, schema }: Held, path: readonly PropertyKey[]): Fault {
  const known = keysAt(schema(), path);
  const guess = nearest(key, known);
  const where = path.length === 0 ? "in this file" : `in ${nameOf(path)}`;
  const hint = guess === null ? `Known are: ${known.join(", ")}.` : `Did you mean ${guess}?`;
  return { offset: keyOffset(yaml, path, key), sentence: `There is no key ${JSON.stringify(key)} ${where}. ${hint}` };
}

function sentenceOf(issue: Issue, yaml: Document.Parsed, path: readonly PropertyKey[]): string {
  const name = nameOf(path);
  switch (issue.code) {
    case "invalid_type":
      return yaml.hasIn([...path]) ? `${name} has to be a ${words[issue.expected] ?? issue.expected}.` : `${name} is missing.`;
    case "invalid_value": {
      if (!yaml.hasIn([...path])) return `${name} is missing.`;
      const known = issue.values.map(String);
      const guess = nearest(String(yaml.getIn([...path])), known);
      return `${name} has to be ${known.length === 1 ? known[0] : `one of ${known.join(", ")}`}.${guess ? ` Did you mean ${guess}?` : ""}`;
    }
    case "too_big":
      return `${name} is too ${words[issue.origin] ? "long" : "large"}: at most ${issue.maximum}.`;
    case "too_small":
      return `${name} is too ${words[issue.origin] ? "short" : "small"}: at least ${issue.minimum}.`;
    default:
      return `${name}: ${issue.message}`;
  }
}

const words: Partial<Record<string, string>> = { string: "text", array: "list", object: "group of keys", record: "group of keys" };

/** `rules[2].when.path`, for people. */
function nameOf(path: readonly PropertyKey[]): string {
  return (
    path.reduce<string>((name, key) => (typeof key === "number" ? `${name}[${key + 1}]` : `${name}${name ? "." : ""}${String(key)}`), "") ||
    "The file"
  );
}

function offsetOf(yaml: Document.Parsed, path: readonly PropertyKey[]): number | null {
  for (let length = path.length; length >= 0; length--) {
    const node: unknown = length === 0 ? yaml.contents : yaml.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return null;
}

function keyOffset(yaml: Document.Parsed, path: readonly PropertyKey[], key: string): number | null {
  const map: unknown = path.length === 0 ? yaml.contents : yaml.getIn([...path], true);
  if (!isMap(map)) return offsetOf(yaml, path);
  const pair = map.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
  return isScalar(pair?.key) && pair.key.range ? pair.key.range[0] : offsetOf(yaml, path);
}
