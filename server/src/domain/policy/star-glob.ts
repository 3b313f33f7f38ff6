import { wildcard, type Wildcard } from "./wildcard.js";

const starStep = /^[\p{L}\p{N} _.%=:~*?-]+$/u;
const anyFolders = "**";

/**
 * Whether a path may fit a glob of nothing but letters, `*`, `?` and `**`, which is what most are; null for another glob. What does not
 * is no match of the glob: names are chosen by agents, and a regular expression with five stars walks through one of 250 letters for
 * minutes before it finds none. What does is for picomatch to say, which has rules of its own at the edges (of `*.*`, of `**` after a star).
 */
export function starGlob(glob: string): ((path: string) => boolean) | null {
  const written = glob.replace(/^\//, "").split("/");
  const isStep = (step: string) => step === anyFolders || (starStep.test(step) && !step.includes(anyFolders) && !/^\.{1,2}$/.test(step));
  if (!written.every(isStep)) return null;
  const steps = written.map((step) => (step === anyFolders ? null : wildcard(step)));
  const start = glob.startsWith("/") ? "/" : "";
  return (path) => path.startsWith(start) && fits(steps, path.slice(start.length).split("/"));
}

/** Walks both; where they differ, the newest `**` takes one folder more. Null stands for `**`. */
function fits(steps: readonly (Wildcard | null)[], names: readonly string[]): boolean {
  let [at, read, star, starRead] = [0, 0, -1, 0];
  while (read < names.length) {
    const step = steps[at];
    if (step === null) [star, starRead, at] = [at, read, at + 1];
    else if (step?.matches(names[read] ?? "") === true) [at, read] = [at + 1, read + 1];
    else if (star >= 0) [starRead, at, read] = [starRead + 1, star + 1, starRead + 1];
    else return false;
  }
  return steps.slice(at).every((step) => step === null);
}
