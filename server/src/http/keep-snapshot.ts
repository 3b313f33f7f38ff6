import { isPullcordError, type Action, type ActionAnswer, type Actor } from "@pullcord/sdk/protocol";
import { endAction } from "../commands/end-action.js";
import { requireRun } from "../commands/require.js";
import { appendLog } from "../commands/run-reports.js";
import { systemCaller, type Caller, type CommandRunner } from "../commands/runner.js";

/**
 * Keeps the snapshot that an allowed action owes, before the gate hears that it may run (V9.2.4). Where that fails, what
 * was allowed without a person is not run; what a person approved is, and the run's log says that it can't be undone.
 */
export async function withSnapshot(runner: CommandRunner, caller: Caller, answer: ActionAnswer): Promise<ActionAnswer> {
  // A dialog of the agent's own lets the action run without another word to us.
  const mayRunNow = answer.next === "run" || (answer.next === "wait" && answer.dialogMayAnswer);
  if (!mayRunNow || !owesSnapshot(answer.action)) return answer;
  try {
    await keep(runner, caller.actor, answer.action);
    return answer;
  } catch (error) {
    const why = isPullcordError(error) ? error.message : "It could not be read.";
    if (answer.next === "wait" || isWantedByPerson(answer.action)) return await runWithout(runner, answer, why);
    return refuse(runner, { caller, answer, why });
  }
}

/** What the action did is looked at before its agent hears that it is on record. */
export async function afterAction({ outside }: CommandRunner, action: Action): Promise<Action> {
  // Whatever fails here is seen at the next look.
  await outside.snapshots.after(action, action.state).catch(() => undefined);
  return action;
}

function owesSnapshot({ decision }: Action): boolean {
  return decision?.obligations.some(({ kind }) => kind === "snapshot") === true;
}

/** Approved by a person, or forced through by break glass, which nothing may shut (B1). */
function isWantedByPerson({ state, decision }: Action): boolean {
  return state.status === "running" || decision?.breakGlassId !== undefined;
}

async function keep({ store, outside }: CommandRunner, actor: Actor, action: Action): Promise<void> {
  const run = await requireRun(store.read, actor, action.runId);
  await outside.snapshots.before({ ...action, workingDirectory: run.opening.workingDirectory ?? null });
}

async function runWithout(runner: CommandRunner, answer: ActionAnswer, why: string): Promise<ActionAnswer> {
  const { id, runId } = answer.action;
  const text = `No snapshot could be kept for action ${id}, so what it does to files can't be undone. ${why}`;
  await runner.run(appendLog, { runId, lines: [{ stream: "note", text }] }, systemCaller);
  return answer;
}

interface Refusing {
  readonly caller: Caller;
  readonly answer: ActionAnswer;
  readonly why: string;
}

async function refuse(runner: CommandRunner, { caller, answer, why }: Refusing): Promise<ActionAnswer> {
  const guidance = `Pullcord did not run this: it could not keep the snapshot that undo needs. ${why} Your human can approve it without one, or free what is missing.`;
  const ended = { actionId: answer.action.id, status: "skipped" as const, summary: guidance };
  const action = await runner.run(endAction, ended, { ...caller, idempotencyKey: undefined });
  return { ...answer, action, next: "deny", guidance };
}
