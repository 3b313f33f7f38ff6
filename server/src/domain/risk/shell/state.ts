import type { AndOr, CompoundList, PipelineNode, Statement } from "unbash";
import type { Value } from "./word.js";

/** Whatever of the syntax tree can be run. */
export type ShellNode = PipelineNode | AndOr | Statement | CompoundList;

/** What the shell would know at a point of the walk. */
export class ShellState {
  /** Folder that relative names start from; null when a branch decides. */
  folder: string | null;
  variables = new Map<string, Value>();
  functions = new Map<string, ShellNode>();
  aliases = new Set<string>();
  /** Variables whose text was decoded here: evaluated as a number, it may run something. */
  hiding = new Set<string>();
  /** How deep commands are nested here. */
  depth = 0;
  /** Text on standard input, where it is known (here-document, here-string, `echo … |`). */
  input: ShellInput = { kind: "none" };
  /** What is printed here goes to another machine. */
  connected = false;
  /** What is printed here goes into a file. */
  outputsToFile = false;
  /** What is printed here goes through a filter that keeps a few lines. */
  narrowed = false;

  constructor(folder: string | null) {
    this.folder = folder;
  }

  copy(): ShellState {
    const copy = new ShellState(this.folder);
    copy.variables = new Map(this.variables);
    copy.functions = new Map(this.functions);
    copy.hiding = this.hiding;
    copy.aliases = this.aliases;
    copy.depth = this.depth;
    copy.input = this.input;
    copy.outputsToFile = this.outputsToFile;
    copy.narrowed = this.narrowed;
    copy.connected = this.connected;
    return copy;
  }

  /** After code that may or may not have run: what it may have changed is no longer known. */
  mergeBranch(branch: ShellState): void {
    if (branch.folder !== this.folder) this.folder = null;
    for (const [name, value] of branch.variables) {
      if (this.variables.get(name)?.text !== value.text) this.variables.set(name, { ...value, text: null, outside: false });
    }
    for (const [name, body] of branch.functions) this.functions.set(name, body);
  }
}

export type ShellInput =
  | { readonly kind: "none" }
  /** A known text, as of a here-document; null where only the file is known that it comes from. */
  | { readonly kind: "text"; readonly text: string | null; readonly file?: string | null }
  /** The output of another command. */
  | { readonly kind: "pipe"; readonly fetched: boolean; readonly remote?: boolean; readonly below?: string | undefined };

/** Variables whose value is known without anybody setting them. */
export function fixedVariable(name: string, state: ShellState, home: string): string | undefined {
  if (name === "HOME") return home;
  if (name === "PWD") return state.folder ?? undefined;
  if (name === "IFS") return " \t\n";
  // The job that this shell started last.
  return name === "!" ? "%last" : undefined;
}
