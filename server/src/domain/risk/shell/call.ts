import type { ShellReader } from "./shell-reader.js";
import type { ShellState } from "./state.js";
import type { ShellWord } from "./word.js";

/** One program about to run: what its knowledge is asked about. */
export interface Call {
  /** Base name of the program. */
  readonly program: string;
  readonly words: readonly ShellWord[];
  /** An option says that nothing happens for real. */
  readonly dry?: boolean;
  /** As written. */
  readonly text: string;
  readonly reader: ShellReader;
  /** The shell around it; a built-in changes it. */
  readonly state: ShellState;
}
