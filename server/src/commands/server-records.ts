import type { JsonObject, PolicyProblem } from "@pullcord/sdk/protocol";
import { appendEntry } from "../store/audit.js";
import { forgetIdempotencyKeys, idempotencyKeptMs } from "../store/idempotency.js";
import type { Command } from "./context.js";

/** What the server notes about itself, and forgets. */

/** Kept answers to repeated writes are needed for a while only. */
export const forgetOldAnswers: Command<void, void> = async ({ tx, now }) => {
  await forgetIdempotencyKeys(tx, now - idempotencyKeptMs);
};

export const recordServerStart: Command<JsonObject, void> = async ({ tx, now, actor }, body) => {
  await appendEntry(tx, { type: "server.started", at: now, actor, body });
};

export const recordServerStop: Command<JsonObject, void> = async ({ tx, now, actor }, body) => {
  await appendEntry(tx, { type: "server.stopped", at: now, actor, body });
};

/** The policy file changed and is in force now (I9). */
export const recordPolicyChange: Command<{ readonly version: string; readonly file: string | null }, void> = async (
  { tx, now, actor },
  body,
) => {
  await appendEntry(tx, { type: "policy.changed", at: now, actor, body: { ...body } });
};

/** A changed policy file was refused; the one before stays in force. */
export const recordPolicyRefusal: Command<PolicyProblem, void> = async ({ tx, now, actor }, problem) => {
  await appendEntry(tx, { type: "policy.refused", at: now, actor, body: { ...problem } });
};
