import { isPullcordError, type Action, type ActionAnswer, type Actor, type PullcordError, type RowsPreview } from "@pullcord/sdk/protocol";
import { endAction } from "../commands/end-action.js";
import { rowsOfStep } from "../commands/plan-rows.js";
import { requireRun } from "../commands/require.js";
import { recordOutgrown, rowsPreviewOf } from "../commands/rows-preview.js";
import { appendLog } from "../commands/run-reports.js";
import { systemCaller, type Caller, type CommandRunner } from "../commands/runner.js";

/**
 * Keeps the snapshot that an allowed action owes, before the gate hears that it may run (V9.2.4). Where that fails, what
 * was allowed without a person is not run; what a person approved is, and the run's log says that it can't be undone,
 * unless they saw its rows, and that is not what would happen now.
 */
export async function withSnapshot(runner: CommandRunner, caller: Caller, answer: ActionAnswer): Promise<ActionAnswer> {
  // A dialog of the agent's own lets the action run without another word to us.
  const mayRunNow = answer.next === "run" || (answer.next === "wait" && answer.dialogMayAnswer);
  if (!mayRunNow || !owesSnapshot(answer.action)) return answer;
  const rowsPreview = await previewBefore(runner, answer);
  try {
    const lines = await keep(runner, caller.actor, { action: answer.action, rowsPreview });
    if (lines.length > 0) await note(runner, answer.action.runId, lines);
    return answer;
  } catch (error) {
    const why = isPullcordError(error) ? sentenceFor(error) : "It could not be read.";
    const different = rowsPreview?.status === "tried" ? differenceIn(error) : null;
    if (different !== null) return askAgain(runner, { caller, answer, why: different });
    if (answer.next === "wait" || isWantedByPerson(answer.action)) return await runWithout(runner, answer, why);
    return refuse(runner, { caller, answer, why });
  }
}

/** As an agent may hear it: without a database's own words, which may hold rows that its account can't read. */
function sentenceFor({ message, reason, cause }: PullcordError): string {
  return reason === "rows_not_kept" && cause instanceof Error ? cause.message : message;
}

/** What is not as the person was shown: other rows, or rows that can't be put back any more. A database's own words may hold rows. */
function differenceIn(error: unknown): string | null {
  if (!isPullcordError(error)) return null;
  if (error.reason === "rows_not_kept") return "That its rows can be put back was shown, and can't be told now.";
  return error.reason === "rows_outgrown" ? error.message : null;
}

/** What the person who approved this, or the plan that it is a step of, was shown of its rows; nothing of arguments that they put into a request. */
async function previewBefore({ store, now }: CommandRunner, { action }: ActionAnswer): Promise<RowsPreview | undefined> {
  const look = { tx: store.read, now };
  const { planStep } = action.decision ?? {};
  if (planStep?.isAnswer) return rowsOfStep(look, planStep);
  if (action.state.status !== "running" || action.approvedArguments !== undefined) return undefined;
  return rowsPreviewOf(look, action.id);
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

async function keep(
  { store, outside }: CommandRunner,
  actor: Actor,
  { action, rowsPreview }: { readonly action: Action; readonly rowsPreview: RowsPreview | undefined },
): Promise<readonly string[]> {
  const run = await requireRun(store.read, actor, action.runId);
  const workingDirectory = run.opening.workingDirectory ?? null;
  return outside.snapshots.before({ ...action, workingDirectory, ...(rowsPreview && { rowsPreview }) });
}

async function runWithout(runner: CommandRunner, answer: ActionAnswer, why: string): Promise<ActionAnswer> {
  const { id, runId } = answer.action;
  const text = `No snapshot could be kept for action ${id}, so what it does to files can't be undone. ${why}`;
  await note(runner, runId, [text]);
  return answer;
}

async function note(runner: CommandRunner, runId: string, texts: readonly string[]): Promise<void> {
  await runner.run(appendLog, { runId, lines: texts.map((text) => ({ stream: "note" as const, text })) }, systemCaller);
}

interface Refusing {
  readonly caller: Caller;
  readonly answer: ActionAnswer;
  readonly why: string;
}

async function refuse(runner: CommandRunner, { caller, answer, why }: Refusing): Promise<ActionAnswer> {
  const guidance = `Pullcord did not run this: it could not keep the snapshot that undo needs. ${why} Your human can approve it without one, or free what is missing.`;
  return skip(runner, { caller, answer, guidance });
}

/**
 * The permit is used and the action is not run: a person decides about what it would do now. Its agent is told no more
 * than that, and proposes it again; what is different stands in the record, which is people's.
 */
async function askAgain(runner: CommandRunner, { caller, answer, why }: Refusing): Promise<ActionAnswer> {
  const guidance =
    "Pullcord did not run this: it would not do to the database what your human was shown when they approved it. Propose it again; they are then shown what it would do now.";
  await runner.run(recordOutgrown, { actionId: answer.action.id, why }, systemCaller);
  return skip(runner, { caller, answer, guidance });
}

async function skip(
  runner: CommandRunner,
  { caller, answer, guidance }: Omit<Refusing, "why"> & { readonly guidance: string },
): Promise<ActionAnswer> {
  const ended = { actionId: answer.action.id, status: "skipped" as const, summary: guidance };
  const action = await runner.run(endAction, ended, { ...caller, idempotencyKey: undefined });
  // What other kinds had kept for it is let go.
  await afterAction(runner, action);
  return { ...answer, action, next: "deny", guidance };
}
