import type { ReadStream } from "node:tty";

/** A stream that text goes to; a terminal says so and knows its width. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** What the command line takes from its process. Tests bring their own. */
export interface Surroundings {
  readonly environment: Environment;
  readonly workingDirectory: string;
  readonly stdin: ReadStream | NodeJS.ReadStream;
  readonly stdout: Output;
  readonly stderr: Output;
  /** The processes above, nearest first; left out: this process's own. */
  readonly ancestors?: () => readonly { readonly words: readonly string[] }[];
  /** Calls the listener at each Ctrl+C until the returned function is called. */
  readonly onInterrupt: (listener: () => void) => () => void;
}

/** This very process. */
export function processSurroundings(): Surroundings {
  return {
    environment: process.env,
    workingDirectory: process.cwd(),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    onInterrupt: (listener) => {
      process.on("SIGINT", listener);
      return () => process.off("SIGINT", listener);
    },
  };
}
