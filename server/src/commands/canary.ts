import type { Canary } from "@pullcord/sdk/protocol";
import { canaryProgram } from "../domain/canary.js";
import { appendEntry } from "../store/audit.js";
import { insertCanary } from "../store/canaries.js";
import type { Command } from "./context.js";

/** Plants an action that must be denied, for `doctor` to let an agent try through its real hook. */
export const plantCanary: Command<{ readonly agent: string }, Canary> = async ({ tx, now, actor, outside }, { agent }) => {
  const id = outside.newId("canaries");
  const canary: Canary = { id, agent, command: `${canaryProgram} ${id}`, plantedAt: now, provenAt: null };
  await insertCanary(tx, canary);
  await appendEntry(tx, { type: "canary.planted", at: now, actor, body: { id, agent } });
  return canary;
};
