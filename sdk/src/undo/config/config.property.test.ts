import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formats, type Format, type Item } from "./documents.test.support.js";
import { mergeConfig } from "./index.js";

/** A document's keys, each name once. */
function documents({ values, deepest }: Format): fc.Arbitrary<Item[]> {
  const comment = fc.option(fc.constantFrom("why", "see [docs]", "x = 1", "a: b"), { nil: null });
  const items = (depth: number, least: number): fc.Arbitrary<Item[]> => {
    const value: fc.Arbitrary<string | Item[]> =
      depth >= deepest
        ? fc.constantFrom(...values)
        : fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...values) }, { weight: 1, arbitrary: items(depth + 1, 1) });
    const item = fc.record({
      key: fc.constantFrom("alpha", "beta", "c_d", "delta", "E9", "foo", "gamma", "h"),
      comment,
      value,
      aside: fc.constant(null),
    });
    return fc.uniqueArray(item, { selector: ({ key }) => key, minLength: least, maxLength: 7 });
  };
  return items(0, 2);
}

/** What somebody does to one key, wherever it stands. */
interface Edit {
  readonly at: number;
  readonly how: "set" | "remove" | "add";
  readonly value: number;
}

const edits = fc.array(
  fc.record({ at: fc.nat(40), how: fc.constantFrom("set" as const, "set" as const, "remove" as const, "add" as const), value: fc.nat(7) }),
  { minLength: 1, maxLength: 4 },
);

type Keys = readonly string[];

function leavesOf(items: readonly Item[], above: Keys = []): Keys[] {
  return items.flatMap(({ key, value }) => (typeof value === "string" ? [[...above, key]] : leavesOf(value, [...above, key])));
}

/** Replaces the item at some keys; by nothing, it goes, and an empty section with it. */
function replaced(items: readonly Item[], [first, ...rest]: Keys, change: (item: Item) => Item[]): Item[] {
  return items.flatMap((item) => {
    if (item.key !== first) return [item];
    if (rest.length === 0) return change(item);
    return [{ ...item, value: replaced(item.value as Item[], rest, change) }];
  });
}

/** What one of two does: to keys of their own, told apart by `turn`, so that they never meet. */
function edited(
  items: readonly Item[],
  list: readonly Edit[],
  {
    format,
    original,
    turn,
    name,
  }: { readonly format: Format; readonly original: readonly Item[]; readonly turn: 0 | 1; readonly name: string },
): Item[] {
  const own = leavesOf(original).filter((_leaf, index) => index % 2 === turn);
  return list.reduce<Item[]>(
    (now, { at, how, value }, index) => {
      const leaf = own[at % Math.max(1, own.length)];
      if (!leaf) return now;
      const text = format.values[(value + index) % format.values.length] as string;
      if (how === "set") return replaced(now, leaf, (item) => [{ ...item, value: text }]);
      // A section keeps a key, so that it stays one.
      if (how === "remove") return isFirst(leaf, original) ? now : replaced(now, leaf, () => []);
      const added: Item = { key: `${name}${index}`, comment: value % 2 === 0 ? null : `by ${name}`, value: text, aside: null };
      return replaced(now, leaf, (item) => [item, added]);
    },
    [...items],
  );
}

/** Whether no other value stands before it in its section. */
function isFirst(leaf: Keys, items: readonly Item[]): boolean {
  return (
    leavesOf(items)
      .find((each) => each.slice(0, -1).join() === leaf.slice(0, -1).join())
      ?.at(-1) === leaf.at(-1)
  );
}

/** Every text that stands alone in a document, in no order. */
const pieces = (text: string) =>
  text
    .split(/[,{}\n]/)
    .map((piece) => piece.trim())
    .filter((piece) => piece !== "")
    .toSorted();

describe.each(formats)("a $file", (format) => {
  const { file, print } = format;
  const scene = fc.record({ items: documents(format), run: edits, person: edits });

  it("goes back byte for byte when a person changed other keys, and keeps what they changed", () => {
    fc.assert(
      fc.property(scene, ({ items, run, person }) => {
        const byRun = edited(items, run, { format, original: items, turn: 0, name: "run" });
        const byPerson = (of: readonly Item[]) =>
          edited(
            of,
            person.filter(({ how }) => how !== "add"),
            { format, original: items, turn: 1, name: "person" },
          );
        const [base, mine, theirs] = [print(byRun), print(byPerson(byRun)), print(items)];
        const merged = mergeConfig(file, { base, mine, theirs });
        expect({ conflicts: merged?.conflicts, text: merged?.text }).toEqual({ conflicts: [], text: print(byPerson(items)) });
      }),
    );
  });

  it("keeps the keys that a person added, letter for letter", () => {
    fc.assert(
      fc.property(scene, ({ items, run, person }) => {
        const byRun = edited(items, run, { format, original: items, turn: 0, name: "run" });
        const byPerson = (of: readonly Item[]) => edited(of, person, { format, original: items, turn: 1, name: "person" });
        const merged = mergeConfig(file, { base: print(byRun), mine: print(byPerson(byRun)), theirs: print(items) });
        expect(merged?.conflicts).toEqual([]);
        expect(pieces(merged?.text ?? "")).toEqual(pieces(print(byPerson(items))));
      }),
    );
  });

  it("leaves a key that a person changed, too, and takes back the rest", () => {
    fc.assert(
      fc.property(scene, fc.nat(40), ({ items, run }, at) => {
        const byRun = edited(
          items,
          run.map((edit) => ({ ...edit, how: "set" as const })),
          { format, original: items, turn: 0, name: "run" },
        );
        const changed = leavesOf(items).filter((leaf) => valueAt(byRun, leaf) !== valueAt(items, leaf));
        const leaf = changed[at % Math.max(1, changed.length)];
        if (!leaf) return;
        const own = format.values.find((value) => value !== valueAt(byRun, leaf) && value !== valueAt(items, leaf)) as string;
        const byPerson = (of: readonly Item[]) => replaced(of, leaf, (item) => [{ ...item, value: own }]);
        const merged = mergeConfig(file, { base: print(byRun), mine: print(byPerson(byRun)), theirs: print(items) });
        expect(merged?.text).toBe(print(byPerson(items)));
        expect(merged?.conflicts.map(({ keys }) => keys)).toEqual([leaf]);
      }),
    );
  });
});

function valueAt(items: readonly Item[], [first, ...rest]: Keys): unknown {
  const value = items.find(({ key }) => key === first)?.value;
  return rest.length === 0 || typeof value === "string" || value === undefined ? value : valueAt(value, rest);
}
