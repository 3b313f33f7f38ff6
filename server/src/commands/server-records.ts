import type { JsonObject } from "@pullcord/sdk/protocol";
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
