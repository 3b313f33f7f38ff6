import type { ProposedAction, RowsPreview } from "@pullcord/sdk/protocol";
import type { ActionKey } from "@pullcord/sdk/undo";
import type { Reading, Surroundings } from "../domain/reading.js";

/** An action that is about to run, with what was read from it. */
export interface CapturedAction {
  readonly key: ActionKey;
  /** As it will run: with the arguments that a person approved. */
  readonly proposed: ProposedAction;
  readonly reading: Reading;
  readonly surroundings: Surroundings;
  /** What the person who approved it was shown of its rows. */
  readonly rowsPreview?: RowsPreview | undefined;
}

/**
 * Tells one kind of undo what of its things an action is about to change, so that it keeps them; nothing where that is
 * none of its kind. One for each kind, in `local-machine.ts`.
 * @throws PullcordError `unavailable` when it cannot be kept, though the reading counted on it; `conflict` when it is
 * not what a person was shown
 */
export type Capture = (action: CapturedAction) => Promise<void>;
