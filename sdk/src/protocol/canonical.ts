import type { Json } from "./json.js";
import { PullcordError } from "./problem.js";

/**
 * Canonical JSON (RFC 8785): the one byte sequence that a digest or a leaf hash is made over.
 * Properties with the value `undefined` are left out, as `JSON.stringify` does.
 * @throws PullcordError `invalid`/`not_canonical` for a lone surrogate, NaN or an infinity
 */
export function canonicalJson(value: Json | undefined | object): string {
  if (value === null) return "null";
  switch (typeof value) {
    case "string":
      return canonicalString(value);
    case "number":
      if (!Number.isFinite(value)) throw notCanonical(`the number ${value}`);
      return JSON.stringify(value);
    case "boolean":
      return value ? "true" : "false";
    case "object":
      return Array.isArray(value) ? canonicalArray(value as readonly Json[]) : canonicalObject(value as Record<string, Json>);
    default:
      throw notCanonical(`a ${typeof value}`);
  }
}

function canonicalString(text: string): string {
  if (!text.isWellFormed()) throw notCanonical("a lone surrogate");
  return JSON.stringify(text);
}

function canonicalArray(items: readonly Json[]): string {
  return `[${items.map((item) => canonicalJson(item ?? null)).join(",")}]`;
}

function canonicalObject(object: Record<string, Json | undefined>): string {
  let out = "{";
  // The default sort compares UTF-16 code units, which is what RFC 8785, 3.2.3 asks for.
  for (const key of Object.keys(object).sort()) {
    const value = object[key];
    if (value === undefined) continue;
    if (out.length > 1) out += ",";
    out += `${canonicalString(key)}:${canonicalJson(value)}`;
  }
  return `${out}}`;
}

function notCanonical(what: string): PullcordError {
  return new PullcordError(
    "invalid",
    "not_canonical",
    `JSON cannot carry ${what}. Send text as valid Unicode and numbers as finite values.`,
  );
}
