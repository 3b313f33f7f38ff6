import { randomBytes } from "node:crypto";
import { PullcordError } from "@pullcord/sdk/protocol";
import type { Reader } from "./transaction.js";

/** The kinds of things that have short, typable ids, and the letter each begins with. */
export const idLetters = {
  runs: "r",
  actions: "a",
  approval_requests: "q",
  interventions: "i",
  break_glass: "b",
  canaries: "c",
  agent_tokens: "t",
  presence_checks: "p",
  undos: "u",
  webhook_tokens: "w",
  policy_versions: "v",
  grants: "g",
  run_reviews: "e",
  plans: "n",
} as const;
export type IdKind = keyof typeof idLetters;

const alphabet = "abcdefghijkmnpqrstuvwxyz23456789";
const randomLength = 9;
const wholeIdLength = 1 + randomLength;
const idPattern = /^[a-z][a-z0-9]*$/;

/** A fresh id: the kind's letter and nine of 32 letters and digits, 45 random bits. */
export function newId(kind: IdKind): string {
  const letters = Array.from(randomBytes(randomLength), (byte) => alphabet[byte % alphabet.length]);
  return `${idLetters[kind]}${letters.join("")}`;
}

/**
 * The whole id behind a unique prefix.
 * @throws PullcordError `not_found`, or `conflict`/`ambiguous_id` naming the candidates
 */
export async function wholeId(reader: Reader, kind: IdKind, given: string): Promise<string> {
  if (given.length === wholeIdLength && idPattern.test(given)) return given;
  const matches = idPattern.test(given) ? await startingWith(reader, kind, given) : [];
  const [id] = matches;
  if (id === undefined)
    throw new PullcordError("not_found", "unknown_id", `There is no ${kind.replaceAll("_", " ").replace(/s$/, "")} ${given}.`);
  if (matches.length > 1)
    throw new PullcordError("conflict", "ambiguous_id", `${given} could be ${matches.join(", ")}. Give more letters.`);
  return id;
}

async function startingWith(reader: Reader, kind: IdKind, prefix: string): Promise<string[]> {
  const mostNamed = 4;
  const rows = await reader.query((db) =>
    db.selectFrom(kind).select("id").where("id", "like", `${prefix}%`).orderBy("id").limit(mostNamed),
  );
  return rows.map((row) => row.id);
}
