import type { Journals } from "../journals.js";
import type { UndoEnd } from "../kind.js";
import type { Call, Family, Asking, Output, Step, ThingChange, Things } from "./family.js";
import { sentenceOf } from "./describe.js";
import { masked } from "./masked.js";
import type { Place } from "./observations.js";
import { shownCall, told } from "./run-program.js";

/** A part of an undo on disk: the calls are written down, exactly, before any of them is run. */
export interface CommandJournal {
  readonly id: string;
  readonly place: Place;
  readonly steps: readonly Step[];
  /** Steps that are done, or left, for certain; the next one may have been begun. */
  readonly done: number;
  /** What was not reached, and why. */
  readonly left: readonly { readonly name: string; readonly sentence: string }[];
  readonly state: "running" | "done";
}

export interface Going {
  readonly journals: Journals<CommandJournal>;
  readonly family: Family;
  readonly asking: Asking;
  readonly run: (call: Call) => Promise<Output>;
}

/**
 * Does what is left of a part. Before each step things are looked at: what stands as it should is done already, also by a
 * call of before a crash; what somebody changed since is left. A call that fails leaves its things, and the others go on:
 * programs fail for reasons of their own, and that is no reason to put files back to where the run left them. What was left is
 * tried again as long as that helps: a program lets go of a thing only when what uses it is gone.
 */
export async function goOn(journal: CommandJournal, going: Going): Promise<CommandJournal> {
  let now = journal;
  while (now.done < now.steps.length) {
    const step = now.steps[now.done] as Step;
    const left = await takeStep(step, now.place, going);
    now = { ...now, done: now.done + 1, left: [...now.left, ...left] };
    going.journals.write(now);
  }
  now = { ...now, left: await tryAgain(now, going), state: "done" };
  going.journals.write(now);
  return now;
}

async function tryAgain({ steps, left: atFirst, place }: CommandJournal, going: Going): Promise<CommandJournal["left"]> {
  let left = atFirst;
  for (;;) {
    const isLeft = new Set(left.map(({ name }) => name));
    const again = steps.filter(({ changes }) => changes.some(({ name }) => isLeft.has(name)));
    if (again.length === 0 || again.length === steps.length) return left;
    let still: CommandJournal["left"] = [];
    for (const step of again) still = [...still, ...(await takeStep(step, place, going))];
    if (still.length >= left.length) return still;
    left = still;
  }
}

async function takeStep({ changes, calls }: Step, { at }: Place, { family, asking, run }: Going): Promise<CommandJournal["left"]> {
  const leave = (some: readonly ThingChange[], sentence: string) => some.map(({ name }) => ({ name, sentence }));
  try {
    const before = await family.look(at, asking);
    const stands = ({ name }: ThingChange) => before.get(name) ?? null;
    if (changes.every((change) => stands(change) === change.to)) return [];
    const moved = changes.find((change) => !isExpected(change, stands(change), family));
    if (moved) return leave(changes, `Somebody changed ${moved.name} since.`);
    for (const call of calls) told(await run(call));
  } catch (error) {
    // It may have done its work all the same, or some of it.
    const after = await family.look(at, asking).catch(() => null);
    const undone = changes.filter(({ name, to }) => after === null || (after.get(name) ?? null) !== to);
    return leave(undone, `${calls.map(shownCall).join("; ")}: ${sentenceOf(error)}`);
  }
  return [];
}

function isExpected({ from, to }: ThingChange, now: string | null, family: Family): boolean {
  return now === to || now === from || (to === null && from !== null && now !== null && family.isStill?.(from, now) === true);
}

/** What came of a part, as things stand now; null where that is not known. `path` is how a thing is shown. */
export function endOf(journal: CommandJournal, now: Things | null, path: (name: string) => string): UndoEnd {
  const isLeft = new Set(journal.left.map(({ name }) => name));
  const done = journal.steps.flatMap(({ changes }) => changes).filter(({ name }) => !isLeft.has(name));
  return {
    restored: done.map(({ name }) => path(name)),
    conflicts: journal.left.map(({ name, sentence }) => ({ of: "command", path: path(name), sentence: masked(sentence) })),
    unverified: done.filter(({ name, to }) => now === null || (now.get(name) ?? null) !== to).map(({ name }) => path(name)),
  };
}
