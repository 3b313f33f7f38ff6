import { bounds, PullcordError, type Json } from "@pullcord/sdk/protocol";

/**
 * Reads JSON from an untrusted body, refusing what two readers could understand differently (R34): duplicate keys,
 * `__proto__`, lone surrogates, numbers that a double cannot hold, nesting without end.
 * @throws PullcordError `invalid` with the reason and, where there is one, the key
 */
export function parseStrictJson(text: string): Json {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (cause) {
    throw new PullcordError("invalid", "malformed_json", `The body is not JSON: ${(cause as Error).message}`, { cause });
  }
  new Scanner(text).check();
  return value;
}

interface Level {
  /** Keys seen so far; null for an array. */
  readonly keys: Set<string> | null;
  awaitsKey: boolean;
}

/** Walks text that is known to be well-formed JSON, once. */
class Scanner {
  readonly #text: string;
  readonly #levels: Level[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  check(): void {
    while (this.#at < this.#text.length) this.#step(this.#text.charCodeAt(this.#at));
  }

  #step(code: number): void {
    const level = this.#levels.at(-1);
    switch (code) {
      case openBrace:
      case openBracket:
        this.#levels.push({ keys: code === openBrace ? new Set() : null, awaitsKey: code === openBrace });
        if (this.#levels.length > bounds.jsonDepth) throw invalid("too_deep", `The JSON is nested deeper than ${bounds.jsonDepth}.`);
        break;
      case closeBrace:
      case closeBracket:
        this.#levels.pop();
        break;
      case comma:
        if (level?.keys) level.awaitsKey = true;
        break;
      case quote:
        this.#string(level);
        return;
      default:
        if (code === minus || (code >= zero && code <= nine)) {
          this.#number();
          return;
        }
    }
    this.#at += 1;
  }

  #string(level: Level | undefined): void {
    const start = this.#at;
    let end = start + 1;
    while (this.#text.charCodeAt(end) !== quote) end += this.#text.charCodeAt(end) === backslash ? 2 : 1;
    this.#at = end + 1;
    const raw = this.#text.slice(start, end + 1);
    const value = raw.includes("\\") ? (JSON.parse(raw) as string) : raw.slice(1, -1);
    if (!value.isWellFormed()) throw invalid("lone_surrogate", "A text holds half of a surrogate pair, which is not Unicode.");
    if (level?.keys && level.awaitsKey) this.#key(level, level.keys, value);
  }

  #key(level: Level, keys: Set<string>, key: string): void {
    level.awaitsKey = false;
    if (key === "__proto__") throw invalid("reserved_key", "The key __proto__ is not accepted.");
    if (keys.has(key)) throw invalid("duplicate_key", `The key ${JSON.stringify(key)} is there twice; which one would hold is unclear.`);
    keys.add(key);
  }

  #number(): void {
    numberToken.lastIndex = this.#at;
    const token = numberToken.exec(this.#text)?.[0] ?? "";
    this.#at += Math.max(token.length, 1);
    const value = Number(token);
    const exact = Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
    if (!exact) throw invalid("inexact_number", `The number ${token.slice(0, 40)} cannot be held exactly. Send it as text.`);
  }
}

const numberToken = /[-+.\deE]+/y;
// Character codes, since the text is walked by them.
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const comma = 0x2c;
const quote = 0x22;
const backslash = 0x5c;
const minus = 0x2d;
const zero = 0x30;
const nine = 0x39;

function invalid(reason: string, text: string): PullcordError {
  return new PullcordError("invalid", reason, text);
}
