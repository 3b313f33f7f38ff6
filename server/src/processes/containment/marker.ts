import type { Grade } from "./grade.js";

/** Nothing holds the processes: they are found by the mark they carry, what they hold open, their group, session and parents. */
export const marker: Grade = {
  kind: "marker",
  freezesAtOnce: false,
  probe: () => Promise.resolve(null),
  start: ({ words, spawn }) => Promise.resolve({ child: spawn(words), place: { kind: "marker" } }),
  list: () => new Set(),
  // What is in no place gets each signal by itself.
  freeze: () => {},
  thaw: () => {},
  end: () => {},
  remove: () => true,
};
