import type { ActionStatus, ActionType } from "./action.js";
import type { Actor } from "./approval.js";
import type { RunStatus } from "./run.js";
import type { PathChange, PathLeft } from "./undo.js";

/** What a run came to, in numbers and names (A18): what was asked, what it did, who answered what. */
export interface RunAccount {
  readonly runId: string;
  readonly agent: string;
  /** The task, as the run was opened with it. */
  readonly task: string;
  readonly status: RunStatus;
  readonly openedAt: number;
  /** When it finished or was stopped; null while it is paused. */
  readonly endedAt: number | null;
  /** What people told it, oldest first. */
  readonly told: readonly { readonly text: string; readonly by: Actor; readonly at: number }[];
  readonly actions: number;
  readonly byStatus: Readonly<Partial<Record<ActionStatus, number>>>;
  /** By type, of those that ran. */
  readonly byType: Readonly<Partial<Record<ActionType, number>>>;
  /** The newest that ran and were not only looking, oldest first. */
  readonly did: readonly AccountLine[];
  /** What did so before those. */
  readonly didBefore: number;
  /** Every answer of a person to a question of the run, oldest first. */
  readonly answers: readonly (AccountLine & { readonly effect: "approved" | "denied"; readonly by: Actor; readonly at: number })[];
  /** Actions that break glass forced through. */
  readonly forced: number;
}

/** An action in one line. The text is the agent's: show it escaped. */
export interface AccountLine {
  readonly actionId: string;
  readonly line: string;
}

/** What keeping a run's changes as a commit would make now, or why it can't. */
export type KeepPreview =
  | {
      readonly isPossible: true;
      /** `pullcord/` and the run's id, unless another one is asked for. */
      readonly branch: string;
      /** What the commit stands on: where the repository stood when the run began; null in a repository without one. */
      readonly base: { readonly commit: string; readonly subject: string } | null;
      readonly message: string;
      /** What the commit changes, from the repository's root. */
      readonly paths: readonly string[];
      /** What the run changed and the commit does not hold, and why. */
      readonly left: readonly PathLeft[];
      /** SHA-256 over base, contents and what is left, hex: sent along, keeping does this or nothing. */
      readonly digest: string;
    }
  | { readonly isPossible: false; readonly reason: string; readonly sentence: string };

/** All that an ended run changed, and what can become of it (E28). */
export interface RunReview {
  readonly account: RunAccount;
  readonly changes: readonly PathChange[];
  /** What no snapshot holds, in sentences. */
  readonly notKept: readonly string[];
  readonly keep: KeepPreview;
  /** What people decided so far, oldest first. */
  readonly outcomes: readonly ReviewOutcome[];
}

/** A person's answer to a review. */
export type MakeReview =
  | {
      readonly outcome: "keep";
      readonly branch?: string;
      /** Comes before the account that Pullcord writes; its first line is the commit's subject. */
      readonly message?: string;
      readonly digest?: string;
      readonly reason?: string;
    }
  | {
      readonly outcome: "discard";
      /** Of an undo's preview. */
      readonly digest?: string;
      readonly reason?: string;
    }
  | { readonly outcome: "leave"; readonly reason?: string };

/** What became of a run's changes: a human act, on record (E20, E28). */
export type ReviewOutcome = {
  /** `e` and nine letters or digits. */
  readonly id: string;
  readonly runId: string;
  readonly by: Actor;
  readonly at: number;
  readonly reason?: string;
} & (
  | {
      readonly outcome: "kept";
      readonly branch: string;
      readonly commit: string;
      readonly base: string | null;
      readonly paths: readonly string[];
      readonly left: readonly PathLeft[];
    }
  | { readonly outcome: "discarded"; readonly undoId: string; readonly restored: number; readonly conflicts: readonly PathLeft[] }
  | { readonly outcome: "left" }
);
