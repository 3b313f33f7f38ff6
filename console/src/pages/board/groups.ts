import type { RunSummary } from "@pullcord/sdk/protocol";

export const groups = ["needs_you", "running", "paused", "ended"] as const;
export type Group = (typeof groups)[number];

export const groupNames: Readonly<Record<Group, string>> = {
  needs_you: "Needs you",
  running: "Running",
  paused: "Paused",
  ended: "Ended today",
};

/** Where a run stands on the board; null for one that ended before today. */
export function groupOf(run: RunSummary, now: number): Group | null {
  switch (run.state.status) {
    case "running":
      return run.waiting > 0 ? "needs_you" : "running";
    case "paused":
      return run.waiting > 0 ? "needs_you" : "paused";
    case "stopped":
    case "finished":
      return run.state.at >= startOfDay(now) ? "ended" : null;
  }
}

function startOfDay(now: number): number {
  const day = new Date(now);
  return day.setHours(0, 0, 0, 0);
}
