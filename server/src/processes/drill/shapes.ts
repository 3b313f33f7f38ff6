/** A harmless workload that is hard to end in one way. */
export interface Shape {
  readonly name: string;
  /** For `sh -c`. @param tag a number of seconds that no other process sleeps; what came of the shape is told by it */
  readonly script: (tag: string) => string;
  /** How many sleep once it is there, at the least. */
  readonly sleepers: number;
}

/** Each of the storm's two branches starts this many; enough to fork while it is ended, too few to hurt. */
const stormSize = 60;

/** threats.md, section 1: a process group misses five of them, a tree walk four. */
export const shapes: readonly Shape[] = [
  { name: "plain", script: (tag) => `exec sleep ${tag}`, sleepers: 1 },
  { name: "setsid", script: (tag) => `setsid sleep ${tag} & sleep ${tag}; true`, sleepers: 2 },
  { name: "double fork", script: (tag) => `(setsid sh -c 'sleep ${tag} & wait' &); sleep ${tag}; true`, sleepers: 2 },
  { name: "orphan", script: (tag) => `(setsid sh -c 'setsid sleep ${tag} & exit' &); sleep ${tag}; true`, sleepers: 2 },
  {
    name: "cleared environment",
    script: (tag) => `(setsid env -i PATH="$PATH" sh -c 'setsid sleep ${tag} & exit' &); sleep ${tag}; true`,
    sleepers: 2,
  },
  { name: "ignores TERM", script: (tag) => `trap '' TERM; while :; do sleep ${tag}; done`, sleepers: 1 },
  {
    name: "fork storm",
    script: (tag) =>
      `storm() { n=0; while [ $n -lt ${stormSize} ]; do setsid sleep ${tag} & n=$((n+1)); sleep 0.005; done; wait; }; storm & storm & wait`,
    sleepers: 12,
  },
];
