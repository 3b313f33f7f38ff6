import type { Token } from "./tokens.js";

/** Tokens that no text holds, for what is spelled anew. */
function made(kind: Token["kind"], value: string): Token {
  return { kind, value, start: -1, end: -2, isApart: true };
}

export function wordOf(value: string): Token {
  return made("word", value);
}

export function sign(value: string): Token {
  return made("symbol", value);
}

export function textOf(value: string): Token {
  return made("text", value);
}

export function numberOf(value: number): Token {
  return made("number", String(value));
}

export function nameOf(value: string): Token {
  return made("name", value);
}

/** One behind the other, with something between. */
export function joined(parts: readonly (readonly Token[])[], between: Token): readonly Token[] {
  return parts.flatMap((part, index) => (index === 0 ? part : [between, ...part]));
}
