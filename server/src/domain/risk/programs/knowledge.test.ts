import { describe, expect, it } from "vitest";
import { families } from "./families.js";
import { flagTable } from "./flags.js";
import { programNames } from "./index.js";
import type { Programs, Usage } from "./usage.js";

describe("what is known of programs", () => {
  it("spells every entry as the reader wants it", () => {
    expect(programNames().length).toBeGreaterThan(1_000);
    for (const family of families()) for (const usage of usagesOf(family)) expect(() => flagTable(usage.flags ?? "")).not.toThrow();
  });

  it("knows no program and no subcommand twice, so that no entry hides another", () => {
    expect(twice({ "a b": {}, "c a": {} })).toEqual(["a"]);
    expect(
      families()
        .flatMap((family) => Object.keys(family))
        .filter((key) => /^ | $| {2}|^$/.test(key)),
    ).toEqual([]);
    expect(twice(...families())).toEqual([]);
    for (const family of families())
      for (const [key, usage] of Object.entries(family))
        for (const verbs of usagesOf({ [key]: usage }).map((each) => each.verbs ?? {})) expect([key, twice(verbs)]).toEqual([key, []]);
  });
});

/** Names that stand in several keys, or several times in one. */
function twice(...records: readonly Programs[]): string[] {
  const names = records.flatMap((record) => Object.keys(record).flatMap((key) => key.split(" ")));
  const seen = new Set<string>();
  return names.filter((name) => seen.size === seen.add(name).size);
}

function usagesOf(programs: Programs): Usage[] {
  return Object.values(programs).flatMap((usage) => [
    usage,
    ...(usage.otherVerbs ? [usage.otherVerbs] : []),
    ...usagesOf(usage.verbs ?? {}),
  ]);
}
