import { asRoot, eachAlone, linesOf } from "../family.js";
import type { Ask, Asking, Call, Family, SeenCommand, Step, ThingChange, Ways } from "../family.js";
import { notLookedAt, told } from "../run-program.js";

/** A package's name, with its scope, that is neither an option nor an address. */
const plainName = /^(@[\w.~-]+\/)?\w[\w.+~@-]*$/;
/** Of Debian's and RPM's, also with an epoch in front. */
const plainVersion = /^\w[\w.+!~:-]*$/;

/** Whether it may stand as a package's name in a command. */
export function isPlainName(name: string): boolean {
  return plainName.test(name);
}

export const noName = "Its name is none that a package has, so nothing is run with it.";

/**
 * The way of each package by itself. What is said to be there stands in files that an agent may have written: a name that
 * reads as an option, or a version that is a folder of its own making, would have an undo run what it likes.
 */
export function eachPackage(changes: readonly ThingChange[], way: (change: ThingChange) => readonly Call[] | string): Ways {
  return eachAlone(changes, (change) => {
    const found = way(change);
    if (typeof found === "string") return found;
    if (!isPlainName(change.name)) return noName;
    if (change.to?.includes(" from ")) return `It came from a place of its own (${change.to}), which only a person can name again.`;
    if (change.to !== null && !plainVersion.test(change.to)) return `Its version (${change.to}) is none that can be had again.`;
    return found;
  });
}

/**
 * Packages that came together go together, in one call, where their program would have that: some need each other. Else each by itself,
 * so that one which somebody else's needs by now keeps none of the others.
 */
export async function goingTogether(
  { steps, cannot }: Ways,
  { ask, remove, rehearse }: { readonly ask: Ask; readonly remove: readonly string[]; readonly rehearse: readonly string[] },
): Promise<Ways> {
  const isGoing = ({ changes }: Step) => changes.every(({ to }) => to === null);
  const going = steps.filter(isGoing).flatMap(({ changes }) => changes);
  if (going.length < 2) return { steps, cannot };
  const names = going.map(({ name }) => name);
  const rehearsal = await ask(asRoot([...rehearse, ...names])).catch(() => null);
  if (rehearsal?.status !== 0) return { steps, cannot };
  const together: Step = { changes: going, calls: [asRoot([...remove, ...names])] };
  return { steps: [together, ...steps.filter((step) => !isGoing(step))], cannot };
}

/** A version with where it came from: what is from a folder or an address of its own is not what a registry has under the same name. */
export function withOrigin(version: string, from: string | undefined): string {
  return from === undefined ? version : `${version} from ${from}`;
}

/** What a program says in JSON. */
export function parsed(text: string, program: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw notLookedAt(`${program} did not say what is there.`);
  }
}

/** One set of packages of this machine, put in and taken out by name and version. */
export interface Packages {
  readonly name: string;
  /** For people. */
  readonly named: string;
  readonly isMeant: (command: SeenCommand) => boolean;
  /** Prints what is there, each package as `pattern` finds it: its name, then its version. */
  readonly list: readonly string[];
  readonly pattern: RegExp;
  readonly remove: (name: string) => Call;
  /** Calls that bring a version back, or why there are none. `from` is the version that is there now. */
  readonly bring: (name: string, version: string, from: string | null) => Call | string;
}

/** A family of one set of packages. */
export function packageFamily({ name: family, named, isMeant, list, pattern, remove, bring }: Packages): Family {
  return {
    name: family,
    placesOf: (command) => (isMeant(command) ? [[]] : []),
    named: () => named,
    look: async (_at, asking) => new Map(await listed(asking, list, pattern)),
    ways: (_at, changes) =>
      eachPackage(changes, ({ name, from, to }) => {
        if (to === null) return [remove(name)];
        const call = bring(name, to, from);
        return typeof call === "string" ? call : [call];
      }),
  };
}

async function listed({ ask }: Asking, argv: readonly string[], pattern: RegExp): Promise<[string, string][]> {
  return linesOf(told(await ask({ argv }))).flatMap((line): [string, string][] => {
    const [, name, version] = pattern.exec(line) ?? [];
    return name === undefined || version === undefined ? [] : [[name, version]];
  });
}
