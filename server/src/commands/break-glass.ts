import { breakGlassMaxMs, PullcordError, type BreakGlass, type BreakGlassUse } from "@pullcord/sdk/protocol";
import { appendEntry } from "../store/audit.js";
import { endBreakGlass, findBreakGlass, insertBreakGlass } from "../store/break-glass.js";
import type { Command } from "./context.js";

/** A signed-in person forces approval within a scope for a short time (B1 to B16). No reason is demanded, nobody is paged. */
export const useBreakGlass: Command<BreakGlass, BreakGlassUse> = async ({ tx, now, actor, outside }, { scope, durationMs, reason }) => {
  if (actor.kind !== "person") throw new PullcordError("forbidden", "not_a_person", "Only a person can break glass.");
  const use: BreakGlassUse = {
    id: outside.newId("break_glass"),
    scope,
    by: actor,
    at: now,
    expiresAt: now + Math.min(durationMs, breakGlassMaxMs),
    actions: 0,
    ...(reason === undefined ? {} : { reason }),
  };
  await insertBreakGlass(tx, use);
  await appendEntry(tx, {
    type: "break_glass.used",
    at: now,
    actor,
    ...(scope.kind === "run" ? { runId: scope.id } : {}),
    body: { id: use.id, scope: { ...scope }, expiresAt: use.expiresAt, ...(reason === undefined ? {} : { reason }) },
  });
  return use;
};

/** Puts the glass back before its time. */
export const endBreakGlassUse: Command<{ readonly id: string }, BreakGlassUse> = async ({ tx, now, actor }, { id }) => {
  const use = await findBreakGlass(tx, id);
  if (!use) throw new PullcordError("not_found", "unknown_use", `There is no break glass ${id}.`);
  if (use.endedAt !== undefined || use.expiresAt <= now) return use;
  await endBreakGlass(tx, id, now);
  await appendEntry(tx, { type: "break_glass.ended", at: now, actor, body: { id } });
  return { ...use, endedAt: now };
};
