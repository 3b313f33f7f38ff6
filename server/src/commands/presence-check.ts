import { hash } from "node:crypto";
import { PullcordError, type PresenceCheck, type ProblemCode } from "@pullcord/sdk/protocol";
import { appendEntry } from "../store/audit.js";
import { findPresenceCheck, insertPresenceCheck, updatePresenceCheck, type StoredPresenceCheck } from "../store/presence-checks.js";
import type { Command, CommandContext } from "./context.js";

/** The server chooses how long (L18), in milliseconds. */
const holdMs = { from: 2_500, to: 3_501 } as const;
/** A gap between samples that means released (L2), with allowance for the network. */
const longestGapMs = 1_500;
const sampleEveryMs = 300;
/** From the beginning to the use of the proof. */
const checkLifeMs = 2 * 60_000;

/** Returned, not thrown: that a check was refused has to be kept. */
export interface Refused {
  readonly refused: { readonly code: ProblemCode; readonly reason: string; readonly sentence: string };
}

export interface CheckInput {
  readonly id: string;
  readonly personId: string;
}

/** A person begins to hold a key or a button, for one digest. Friction, never the only proof for a critical action. */
export const beginPresenceCheck: Command<{ readonly personId: string; readonly digest: string }, PresenceCheck> = async (
  context,
  { personId, digest },
) => {
  const { tx, now, outside } = context;
  const check: StoredPresenceCheck = {
    id: outside.newId("presence_checks"),
    personId,
    digest,
    begunAt: now,
    holdMs: outside.random(holdMs.from, holdMs.to),
    expiresAt: now + checkLifeMs,
    lastSampleAt: now,
    status: "holding",
    proofHash: null,
  };
  await insertPresenceCheck(tx, check);
  await record(context, check, "begun");
  return { id: check.id, method: "hold", holdMs: check.holdMs, sampleEveryMs, expiresAt: check.expiresAt };
};

/** Still held. A gap means that it was released: the check is refused. */
export const samplePresence: Command<CheckInput, { heldMs: number; holdMs: number } | Refused> = async (context, input) => {
  const check = await requireHolding(context, input);
  if ("refused" in check) return check;
  check.lastSampleAt = context.now;
  await updatePresenceCheck(context.tx, check);
  return { heldMs: context.now - check.begunAt, holdMs: check.holdMs };
};

/** Held long enough: gives the proof, which works once, for this person and this digest. */
export const completePresence: Command<CheckInput, { proof: string } | Refused> = async (context, input) => {
  const check = await requireHolding(context, input);
  if ("refused" in check) return check;
  if (context.now - check.begunAt < check.holdMs)
    return refuse(context, check, { reason: "released_early", sentence: "Released too early. Hold until the bar is full." });
  const proof = context.outside.newSecret();
  await updatePresenceCheck(context.tx, { ...check, status: "held", proofHash: hash("sha256", proof), lastSampleAt: context.now });
  await record(context, check, "held");
  return { proof };
};

async function requireHolding(context: CommandContext, { id, personId }: CheckInput): Promise<StoredPresenceCheck | Refused> {
  const check = await findPresenceCheck(context.tx, id);
  if (!check || check.personId !== personId) throw new PullcordError("not_found", "unknown_check", `There is no presence check ${id}.`);
  if (check.status !== "holding")
    return { refused: { code: "conflict", reason: "check_over", sentence: "This presence check is over. Begin a new one." } };
  if (context.now >= check.expiresAt)
    return refuse(context, check, { reason: "too_late", sentence: "This presence check took too long. Begin a new one." });
  if (context.now - check.lastSampleAt > longestGapMs)
    return refuse(context, check, { reason: "released_early", sentence: "Released too early. Hold until the bar is full." });
  return check;
}

async function refuse(
  context: CommandContext,
  check: StoredPresenceCheck,
  { reason, sentence }: { readonly reason: string; readonly sentence: string },
): Promise<Refused> {
  await updatePresenceCheck(context.tx, { ...check, status: "refused" });
  await record(context, check, reason);
  return { refused: { code: "forbidden", reason, sentence } };
}

/** Every attempt is on the record, so that automating it is seen (L15). */
async function record({ tx, now, actor }: CommandContext, check: StoredPresenceCheck, result: string): Promise<void> {
  await appendEntry(tx, { type: "presence.attempted", at: now, actor, body: { check: check.id, digest: check.digest, result } });
}
