import type { ReviewOutcome, RunAccount, RunReview } from "@pullcord/sdk";
import { escapeLine } from "../screen/escape.js";
import type { Screen } from "../screen/screen.js";
import { clockTime } from "../screen/time.js";
import { showChanges, showNotCommitted, showNotKept } from "./changes.js";

/** Most actions and answers that are shown one by one. */
const mostShown = 12;

/** An ended run: what it was asked, did and changed, and what can become of it. */
export function showReview(screen: Screen, { account, changes, notKept, keep, outcomes }: RunReview): void {
  showAccount(screen, account);
  screen.line();
  if (changes.length === 0) screen.line("No file that is kept was changed.");
  showChanges(screen, changes, { withDiffs: false });
  showNotKept(screen, notKept);
  screen.line();
  for (const outcome of outcomes) screen.sentence(`${clockTime(outcome.at)}  ${outcomeSentence(outcome)}`);
  if (keep.isPossible) {
    const on = keep.base === null ? "the first commit" : `on ${keep.base.commit.slice(0, 12)} ${escapeLine(keep.base.subject)}`;
    screen.sentence(`Keeping makes a commit of ${paths(keep.paths.length)} on branch ${keep.branch}, ${on}.`);
    showNotCommitted(screen, keep.left);
  } else screen.sentence(keep.sentence);
  screen.line();
  const id = account.runId;
  if (keep.isPossible) screen.line(`pullcord review ${id} --keep      keep it as a commit`);
  screen.line(`pullcord review ${id} --discard   take it all back`);
  screen.line(`pullcord review ${id} --leave     leave it as it is`);
  screen.line(`pullcord diff ${id}               the changes with their lines`);
}

function showAccount(screen: Screen, account: RunAccount): void {
  const { paint } = screen;
  const { runId, agent, task, status, openedAt, endedAt, told, actions, byStatus, did, didBefore, answers, forced } = account;
  screen.line(`${paint.strong(`Run ${runId}`)}  ${status}, ${escapeLine(agent)}`);
  screen.field("Asked", escapeLine(task));
  for (const { text, by } of told) screen.field("Told", `${escapeLine(text)} (${escapeLine(by.id)})`);
  screen.field("When", `${clockTime(openedAt)}${endedAt === null ? "" : ` to ${clockTime(endedAt)}`}`);
  const counts = Object.entries(byStatus).map(([word, count]) => `${count} ${word}`);
  screen.field("Actions", actions === 0 ? "none" : counts.join(", "));
  if (forced > 0) screen.field("Forced", `${forced} by break glass`);
  const earlier = didBefore + Math.max(0, did.length - mostShown);
  if (earlier > 0) screen.field("Did", paint.faint(`${earlier} before these`));
  for (const { actionId, line } of did.slice(-mostShown)) screen.field("Did", `${actionId} ${escapeLine(line)}`);
  for (const { actionId, line, effect, by } of answers.slice(-mostShown)) {
    screen.field("Answer", `${effect} by ${escapeLine(by.id)}: ${actionId} ${escapeLine(line)}`);
  }
}

/** What became of a run's changes, in one sentence. */
export function outcomeSentence(outcome: ReviewOutcome): string {
  const who = `by ${escapeLine(outcome.by.id)}${outcome.reason === undefined ? "" : `: ${escapeLine(outcome.reason)}`}`;
  switch (outcome.outcome) {
    case "kept":
      return `Kept on branch ${escapeLine(outcome.branch)} as ${outcome.commit.slice(0, 12)}, ${paths(outcome.paths.length)}, ${who}`;
    case "discarded":
      return `Discarded, ${outcome.restored === 1 ? "1 change" : `${outcome.restored} changes`} taken back by undo ${outcome.undoId}, ${who}`;
    case "left":
      return `Left as it is, ${who}`;
  }
}

function paths(count: number): string {
  return count === 1 ? "1 path" : `${count} paths`;
}
