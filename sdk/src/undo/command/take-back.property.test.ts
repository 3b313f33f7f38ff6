import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Things } from "./family.js";
import { takeBackThings } from "./take-back.js";

const names = ["one", "two", "three"] as const;
/** Who changes which thing, and whether it is gone then. */
const events = fc.array(
  fc.record({ by: fc.constantFrom("run" as const, "person" as const), name: fc.constantFrom(...names), isGone: fc.boolean() }),
  { maxLength: 12 },
);

/** What happened, with a state of its own for each time, and what an undo has to leave: nothing of the run's after the last of a person's. */
function story(list: readonly { readonly by: "run" | "person"; readonly name: string; readonly isGone: boolean }[]) {
  const now = new Map<string, string | null>(names.map((name) => [name, `${name} at first`]));
  const wanted = new Map(now);
  const changes: { name: string; before: string | null; after: string | null }[] = [];
  for (const [index, { by, name, isGone }] of list.entries()) {
    const before = now.get(name) ?? null;
    const after = isGone && before !== null ? null : `${name} ${index}`;
    now.set(name, after);
    if (by === "run") changes.push({ name, before, after });
    else wanted.set(name, after);
  }
  return { now: things(now), wanted, changes };
}

function things(states: ReadonlyMap<string, string | null>): Things {
  return new Map([...states].flatMap(([name, state]) => (state === null ? [] : [[name, state]])));
}

describe("taking back what stands outside files", () => {
  it("goes back to what a person made last, and no further", () => {
    fc.assert(
      fc.property(events, (list) => {
        const { now, wanted, changes } = story(list);
        const then = new Map(now);
        for (const { name, from, to } of takeBackThings(changes, now).wanted) {
          expect(then.get(name) ?? null).toBe(from);
          if (to === null) then.delete(name);
          else then.set(name, to);
        }
        // A state that is "gone" twice can't be told apart: somebody's removal then counts as the run's.
        const isTellable = (name: string) => list.filter((each) => each.name === name && each.isGone).length < 2;
        for (const name of names.filter(isTellable)) expect(then.get(name) ?? null).toBe(wanted.get(name) ?? null);
      }),
    );
  });

  it("names each thing of the run's that a person changed in between", () => {
    const changes = [{ name: "one", before: "1", after: "2" }];
    expect(takeBackThings(changes, new Map([["one", "3"]]))).toEqual({
      wanted: [],
      left: [{ name: "one", sentence: "Somebody changed it since: 3." }],
    });
    expect(takeBackThings(changes, new Map()).left[0]?.sentence).toBe("Somebody removed it since.");
    expect(takeBackThings(changes, "Docker is not there.").left).toEqual([{ name: "one", sentence: "Docker is not there." }]);
  });
});
