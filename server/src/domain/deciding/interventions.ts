import type { DecisionReason } from "@pullcord/sdk/protocol";
import { deny, hold, type Step } from "./draft.js";

const killFile = "The kill file is there: no agent may do anything until a person removes it.";
const stopped = "A person stopped this run. Do nothing more, and tell your human what is done and what is not.";
const finished = "This run has finished. Open a new run to do more.";
const paused = "A person paused this run. Wait: the action is decided when the run is resumed.";

/** What people ordered: a kill file, a stop or a pause holds under break glass too. */
export const obeyInterventions: Step = (draft, { run, killFilePresent }) => {
  if (killFilePresent) return deny(draft, ordered("kill_file", killFile));
  switch (run.state.status) {
    case "running":
      return draft;
    case "paused":
      return hold(draft, paused, null);
    case "finished":
      return deny(draft, ordered("finished", finished));
    default:
      // Stopped, or a state this version does not know.
      return deny(draft, ordered("stopped", stopped));
  }
};

function ordered(rule: "kill_file" | "finished" | "stopped", sentence: string): DecisionReason {
  return { step: "interventions", sentence, rule };
}
