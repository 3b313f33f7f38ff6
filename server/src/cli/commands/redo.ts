import type { Verb } from "../verb.js";
import { allOption } from "../views/changes.js";
import { undoNow, yesOption } from "./undo.js";

/** Takes an undo back. */
export const redo: Verb = {
  usage: "redo <undo>",
  summary: "take an undo back",
  details: "What was changed since the undo stays, as with an undo. A redo is an undo too: redo it to undo again.",
  options: [
    { flags: "--reason <text>", summary: "why, for the record" },
    { flags: "--dry-run", summary: "only show what would be done, with diffs" },
    allOption,
    yesOption,
  ],
  examples: ["redo u5m3", "redo u5m3 --dry-run"],
  run: (cli, call) => undoNow(cli, call, { scope: { undo: call.argument(0) } }),
};
