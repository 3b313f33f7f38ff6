import type { RowsPreview } from "@pullcord/sdk/protocol";
import { untriedRows } from "../domain/rows-preview.js";
import type { RowsQuestion, RowsTask, Snapshots } from "../domain/snapshots.js";

/** Databases whose rows are previewed for people at once, in all; of one agent's questions always one after the other. */
const mostAtOnce = 2;
/**
 * Most that wait; in milliseconds how long one may wait, how long a trial may take, and after what time no further one of
 * those that are asked about together is begun: a person is asked meanwhile.
 */
const mostWaiting = 50;
const waitMs = 60_000;
const previewMs = 15_000;
const togetherMs = 30_000;

export interface RowsPreviewerOptions {
  readonly snapshots: Pick<Snapshots, "previewRows">;
  /** Whether the question still waits. */
  readonly isWanted: (task: RowsTask) => Promise<boolean>;
  /** Puts the previews, one for each question, where people see them. */
  readonly report: (task: RowsTask, previews: readonly RowsPreview[]) => Promise<void>;
  readonly now: () => number;
  readonly onFailure: (error: unknown) => void;
}

interface Waiting {
  readonly task: RowsTask;
  readonly since: number;
}

/**
 * Previews rows beside everything else: the question is there already, and nobody waits for this but the person who reads
 * it. A slow database delays neither a gate nor a stop nor another agent's question.
 */
export class RowsPreviewer {
  readonly #options: RowsPreviewerOptions;
  readonly #closing = new AbortController();
  readonly #waiting: Waiting[] = [];
  readonly #busy = new Map<string, Promise<void>>();

  constructor(options: RowsPreviewerOptions) {
    this.#options = options;
  }

  add(task: RowsTask): void {
    if (this.#closing.signal.aborted) return;
    if (this.#waiting.length >= mostWaiting) return this.#later(this.#reportUntried(task, "Too many questions about rows wait."));
    this.#waiting.push({ task, since: this.#options.now() });
    this.#next();
  }

  /** Ends what is under way, and waits for it. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#waiting.length = 0;
    await Promise.all(this.#busy.values());
  }

  #next(): void {
    if (this.#busy.size >= mostAtOnce) return;
    const index = this.#waiting.findIndex(({ task }) => !this.#busy.has(task.agent));
    const [next] = index < 0 ? [] : this.#waiting.splice(index, 1);
    if (!next) return;
    const { agent } = next.task;
    const work = this.#do(next)
      .catch(this.#options.onFailure)
      .finally(() => {
        this.#busy.delete(agent);
        if (!this.#closing.signal.aborted) this.#next();
      });
    this.#busy.set(agent, work);
    this.#next();
  }

  async #do({ task, since }: Waiting): Promise<void> {
    const isLate = this.#options.now() - since > waitMs;
    const last = this.#options.now() + togetherMs;
    const previews: RowsPreview[] = [];
    for (const question of task.questions) {
      if (!(await this.#options.isWanted(task))) return;
      if (isLate) return this.#reportUntried(task, "Too many questions about rows were before it.");
      const isOver = this.#options.now() > last;
      previews.push(isOver ? untried("To try the steps before it took too long.") : await this.#preview(question));
    }
    if (!this.#closing.signal.aborted) await this.#options.report(task, previews);
  }

  async #preview(question: RowsQuestion): Promise<RowsPreview> {
    const signal = AbortSignal.any([AbortSignal.timeout(previewMs), this.#closing.signal]);
    return this.#options.snapshots.previewRows(question, signal).catch(untriedRows);
  }

  #reportUntried(task: RowsTask, why: string): Promise<void> {
    return this.#options.report(
      task,
      task.questions.map(() => untried(why)),
    );
  }

  #later(report: Promise<void>): void {
    report.catch(this.#options.onFailure);
  }
}

function untried(why: string): RowsPreview {
  return { status: "untried", why };
}
