import { invisibleClass } from "@pullcord/sdk/protocol";
import { z } from "zod";
import type { GivenReview } from "../domain/review.js";

/** Sentences that are kept, and the longest, in characters. */
const mostConcerns = 5;
const longestConcern = 300;

const answer = z.strictObject({ added_risk: z.number().min(0).max(100), concerns: z.array(z.string()) });

/** Reads what the model said: the JSON object that was asked for, alone or in one code fence; null for anything else. */
export function parseAnswer(text: string): GivenReview | null {
  const [, fenced] = /^```(?:json)?\n([^]*)\n```$/.exec(text.trim()) ?? [];
  const parsed = answer.safeParse(parseJson(fenced ?? text));
  if (!parsed.success) return null;
  const concerns = parsed.data.concerns.map(plain).filter((sentence) => sentence !== "");
  return { kind: "given", addedRisk: parsed.data.added_risk, concerns: concerns.slice(0, mostConcerns) };
}

/** Undefined for what is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const unseen = new RegExp(`[${invisibleClass}]`, "gv");

/** One short line in which nothing is unseen: whoever wrote the action may have chosen the model's words. */
function plain(sentence: string): string {
  const line = sentence.trim().replaceAll(/\s+/g, " ");
  // Half a character that a cut leaves over is unseen too, and spelled out.
  const cut = line.length > longestConcern ? `${line.slice(0, longestConcern)}…` : line;
  return cut.replaceAll(unseen, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}
