import type { Actor, RunningProcesses } from "@pullcord/sdk/protocol";
import { wholeId } from "../store/ids.js";
import type { CommandRunner } from "./runner.js";
import { requireRun } from "./require.js";

/** What the processes of a run do now (E59). Machines change while nobody writes, so this is looked up, not read. */
export async function viewProcesses({ store, outside }: CommandRunner, actor: Actor, runId: string): Promise<RunningProcesses> {
  const { id, opening } = await requireRun(store.read, actor, await wholeId(store.read, "runs", runId));
  if (opening.process) return outside.lookAtProcesses(id, opening.process);
  return { items: [], unseen: "Nobody has said which processes are this run's." };
}
