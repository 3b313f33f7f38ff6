import type { Verb } from "../verb.js";
import { allOption, showChanges, showNotKept } from "../views/changes.js";

/** Everything that a run changed. */
export const diff: Verb = {
  usage: "diff <run>",
  summary: "everything a run changed, with diffs",
  details:
    "Files, configuration, rows of each table and effects of commands, each from before the run to after it, with the actions that made it. What an undo does not reach is named below.",
  options: [{ flags: "--names", summary: "only the paths, all of them" }, allOption],
  examples: ["diff r7k2", "diff r7k2 --names", "diff r7k2 --json"],
  run: async ({ person, screen, isJson }, call) => {
    const found = await person().changesOf(call.argument(0));
    if (isJson) return screen.json(found);
    if (found.changes.length === 0) screen.line("Nothing that is kept was changed.");
    showChanges(screen, found.changes, { withDiffs: !call.has("names"), isAll: call.has("all") || call.has("names") });
    showNotKept(screen, found.notKept);
  },
};
