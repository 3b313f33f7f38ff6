import type { Json, JsonObject } from "@pullcord/sdk/protocol";
import type { ArgumentBounds, ArgumentCondition } from "../document.js";
import { exactOnly, type Dimension } from "../keys.js";
import { argumentsOf, type Fit, type Test } from "../subject.js";
import { listOf } from "../values.js";
import { wildcard } from "../wildcard.js";
import type { Matcher } from "./matcher.js";

/** One argument by its name, dots leading inwards (`recipient.country`), in Pullcord's arguments and the tool's own input. */
export const argument =
  (name: string): Matcher<ArgumentCondition> =>
  (conditions): Test => {
    const tests = conditions.map(valueTest);
    const path = name.split(".");
    return (subject) =>
      argumentsOf(subject)
        .flatMap((object) => valuesAt(object, path))
        .map((value): Fit => (tests.some((test) => test(value)) ? "yes" : "no"));
  };

/** The values at a path, lists opened; none where it does not lead anywhere. */
function valuesAt(object: JsonObject, path: readonly string[]): readonly Json[] {
  let found: readonly Json[] = [object];
  for (const step of path) {
    found = found
      .flatMap((value) => opened(value))
      .flatMap((value) => (isObject(value) && Object.hasOwn(value, step) ? [value[step] ?? null] : []));
  }
  return found.flatMap((value) => opened(value));
}

function opened(value: Json): readonly Json[] {
  return Array.isArray(value) ? value : [value];
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function valueTest(condition: ArgumentCondition): (value: Json) => boolean {
  if (typeof condition === "string") {
    const pattern = wildcard(condition);
    return (value) =>
      (typeof value === "string" || typeof value === "number" || typeof value === "boolean") && pattern.matches(String(value));
  }
  if (typeof condition === "number" || typeof condition === "boolean") return (value) => value === condition || value === String(condition);
  if ("length" in condition) {
    const tests = condition.map(valueTest);
    return (value) => tests.some((test) => test(value));
  }
  return (value) => withinBounds(value, condition);
}

/** Numbers, and texts that are nothing but a number. */
function withinBounds(value: Json, bounds: ArgumentBounds): boolean {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number !== "number" || Number.isNaN(number)) return false;
  if (bounds.at_least !== undefined && number < bounds.at_least) return false;
  if (bounds.at_most !== undefined && number > bounds.at_most) return false;
  if (bounds.above !== undefined && number <= bounds.above) return false;
  return bounds.below === undefined || number < bounds.below;
}

/** Of a longer value, only this much tells rules apart, in characters. */
const longestKey = 200;
/** An action with more values than this is held against every rule about arguments. */
const mostKeys = 1_000;

/** Arguments by name and value, or by name alone. */
export const byArgument: Dimension = {
  ofRule: ({ arguments: named = {} }) => {
    const conditions = Object.entries(named);
    for (const [name, condition] of conditions) {
      const values = exactValues(condition);
      if (values) return { keys: values.map((value) => keyOf(name, value)) };
    }
    const [first] = conditions;
    return first ? { keys: [first[0]] } : null;
  },
  ofAction: (subject) => {
    const keys = new Set<string>();
    for (const object of argumentsOf(subject)) addKeys(keys, object, "");
    return keys.size > mostKeys ? "open" : keys;
  },
};

function exactValues(condition: ArgumentCondition): readonly string[] | null {
  if (typeof condition === "object" && !("length" in condition)) return null;
  return exactOnly(listOf<string | number | boolean>(condition).map(String));
}

/** Every value by the names that lead to it, as `valuesAt` would find it. */
function addKeys(keys: Set<string>, object: JsonObject, above: string): void {
  for (const [step, value] of Object.entries(object)) {
    if (keys.size > mostKeys) return;
    const name = `${above}${step}`;
    keys.add(name);
    for (const one of opened(value)) {
      if (isObject(one)) addKeys(keys, one, `${name}.`);
      else if (!Array.isArray(one) && one !== null) keys.add(keyOf(name, String(one)));
    }
  }
}

function keyOf(name: string, value: string): string {
  return `${name}=${value.slice(0, longestKey)}`;
}
