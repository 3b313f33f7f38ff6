import type { Cli } from "./cli.js";

/** A subcommand: a file in `commands/` and its entry in the list there. */
export interface Verb {
  /** Name and arguments in commander's notation: `stop [run]`. */
  readonly usage: string;
  readonly summary: string;
  /** Said in `--help` below the summary. */
  readonly details?: string;
  readonly options?: readonly VerbOption[];
  /** What a person could type, without the leading `pullcord`. */
  readonly examples: readonly string[];
  /** Everything after the first argument belongs to another command. */
  readonly passesThrough?: boolean;
  /** Ends in its own way at Ctrl+C, by `cli.signal` or `onInterrupt`. Every other one just ends. */
  readonly endsItself?: boolean;
  readonly verbs?: readonly Verb[];
  /** Gives the exit status; nothing means 0. */
  readonly run?: (cli: Cli, call: Call) => Promise<number | void>;
}

export interface VerbOption {
  /** `--reason <text>`. */
  readonly flags: string;
  readonly summary: string;
  readonly choices?: readonly string[];
}

/** The words given to a subcommand. */
export class Call {
  /** Arguments in order; the words of a list are spread out. */
  readonly args: readonly string[];
  readonly #options: Readonly<Record<string, unknown>>;

  constructor(args: readonly string[], options: Readonly<Record<string, unknown>>) {
    this.args = args;
    this.#options = options;
  }

  /** The argument at a place that the usage demands. */
  argument(place: number): string {
    return this.args[place] ?? "";
  }

  has(name: string): boolean {
    return this.#options[name] === true;
  }

  /** True for `--no-x`. */
  isOff(name: string): boolean {
    return this.#options[name] === false;
  }

  /** The words of an option that takes several. */
  list(name: string): readonly string[] {
    const value = this.#options[name];
    return Array.isArray(value) ? value.map(String) : [];
  }

  /** The option's text; an empty one counts as not given. */
  text(name: string): string | undefined {
    const value = this.#options[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  }
}
