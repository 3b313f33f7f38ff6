/** A program with its arguments, run as it is: no shell reads it. */
export interface Call {
  readonly argv: readonly string[];
  /** What it reads from its standard input. */
  readonly input?: string;
  /** An absolute folder to run it in, reached without following a link; else it runs from `/`. */
  readonly folder?: string;
  /**
   * An absolute path that stands among the words, reached without following a link: the program is given the file as it was
   * opened, for those that follow links themselves.
   */
  readonly file?: string;
  /** Variables beyond those that are passed on. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface Output {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program that only reads, within a short time. @throws PullcordError `unavailable`/`not_looked_at` where it can't be run */
export type Ask = (call: Call) => Promise<Output>;

/** What a family has to find out how things stand. */
export interface Asking {
  readonly ask: Ask;
  /** Empty at first, readable by the server's account alone. */
  readonly folder: string;
}

/** One simple command of an action. */
export interface SeenCommand {
  /** The program's base name, after wrappers. */
  readonly program: string;
  /** Its words; null where one cannot be known. */
  readonly words: readonly (string | null)[];
  /** The absolute folder it runs in; null when that is not known. */
  readonly folder: string | null;
}

/** What stands in a place, by name: a version, a state, whatever tells one from another. */
export type Things = ReadonlyMap<string, string>;

/** One thing on its way from one state to another; null is not there. */
export interface ThingChange {
  readonly name: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** Calls that take some things from where they are to where they should be. */
export interface Step {
  readonly changes: readonly ThingChange[];
  readonly calls: readonly Call[];
}

/** The way, and what there is no way for. */
export interface Ways {
  readonly steps: readonly Step[];
  readonly cannot: readonly { readonly name: string; readonly sentence: string }[];
}

/**
 * Programs of one kind that change something outside files, and how to take that back. What a family says is worked out
 * from how things stand before and after, never from what a command says that it does.
 */
export interface Family {
  readonly name: string;
  /** Where a command may change something; each place is told by a few words that only this family reads. */
  placesOf(command: SeenCommand): readonly (readonly string[])[];
  /** A place's name, for people. */
  named(at: readonly string[]): string;
  /** How things stand there now. @throws PullcordError `unavailable`/`not_looked_at` */
  look(at: readonly string[], asking: Asking): Promise<Things>;
  ways(at: readonly string[], changes: readonly ThingChange[], asking: Asking): Ways | Promise<Ways>;
  /**
   * Whether what a command changes in its places is all that it does, and goes back exactly: a setting, and no program that starts or
   * ends by it. Absent where nobody can say.
   */
  isAllOf?(command: SeenCommand): boolean;
  /** Whether what the run made, and left like this, still is that: a job that ended by itself was changed by nobody. */
  readonly isStill?: (left: string, now: string) => boolean;
  /** Set where its ways make up for an effect by a further act, in words: they don't undo it. */
  readonly compensation?: string;
  /** Files, absolute, that tell how things stand there: put back without the things, they would be wrong. */
  reserves?(at: readonly string[]): readonly string[];
}

/** The way of each thing by itself: calls, or a sentence that says why there are none. */
export function eachAlone(changes: readonly ThingChange[], way: (change: ThingChange) => readonly Call[] | string): Ways {
  const ways = changes.map((change) => ({ change, found: way(change) }));
  return {
    steps: ways.flatMap(({ change, found }) => (typeof found === "string" ? [] : [{ changes: [change], calls: found }])),
    cannot: ways.flatMap(({ change, found }) => (typeof found === "string" ? [{ name: change.name, sentence: found }] : [])),
  };
}

/** A call that needs the rights of root: through `sudo` where the server has none, which then may not ask for a password. */
export function asRoot(argv: readonly string[]): Call {
  return { argv: process.getuid?.() === 0 ? argv : ["sudo", "--non-interactive", ...argv] };
}

/** A command's verb: the first word that is no option. */
export function verbOf({ words }: SeenCommand): string | undefined {
  return operandsOf(words)[0];
}

/** Words that are no options, as far as they are known. `taking` are options whose value is a word of its own. */
export function operandsOf(words: readonly (string | null)[], taking: readonly string[] = []): string[] {
  const operands: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? null;
    if (word !== null && taking.includes(word)) at += 1;
    else if (word !== null && word !== "" && !word.startsWith("-")) operands.push(word);
  }
  return operands;
}

/** Whether a command has no options but these: what another one does, nobody here has read. */
export function hasOnlyOptions(words: readonly (string | null)[], known: readonly string[]): boolean {
  return words.every((word) => word === null || !word.startsWith("-") || known.includes(word));
}

/** Whether a program of systemd acts on another machine, or on a system in a folder; neither is looked at from here. */
export function isElsewhere(words: readonly (string | null)[]): boolean {
  return words.some((word) => /^(-[a-zA-Z]*[HM]|--(host|machine|root|image))/.test(word ?? ""));
}

/** The value of an option, as its own word or behind `=`. */
export function optionOf(words: readonly (string | null)[], names: readonly string[]): string | undefined {
  for (const [at, word] of words.entries()) {
    const name = names.find((each) => word === each || word?.startsWith(`${each}=`) === true);
    if (name === undefined || word === null || word === undefined) continue;
    return word === name ? (words[at + 1] ?? undefined) : word.slice(name.length + 1);
  }
  return undefined;
}

export function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}
