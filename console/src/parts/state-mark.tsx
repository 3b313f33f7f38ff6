import { Ban, CircleCheck, CircleDot, CircleX, Hourglass, PauseCircle, SkipForward, Square, Unplug, type LucideIcon } from "lucide-react";

/** Every state of a run, a request and an action, with its shape, its word and its tone. */
const marks = {
  running: [CircleDot, "Running", "text-accent"],
  waiting: [Hourglass, "Waiting", "text-wait"],
  paused: [PauseCircle, "Paused", "text-ink"],
  held: [PauseCircle, "Held", "text-ink"],
  stopped: [Square, "Stopped", "text-danger"],
  finished: [CircleCheck, "Finished", "text-muted"],
  succeeded: [CircleCheck, "Succeeded", "text-muted"],
  failed: [CircleX, "Failed", "text-ink"],
  lost: [Unplug, "Lost", "text-ink"],
  allowed: [CircleDot, "Allowed", "text-accent"],
  approved: [CircleCheck, "Approved", "text-accent"],
  denied: [Ban, "Denied", "text-danger"],
  cancelled: [CircleX, "Cancelled", "text-muted"],
  expired: [Hourglass, "Expired", "text-muted"],
  skipped: [SkipForward, "Skipped", "text-muted"],
  pending: [Hourglass, "Waiting", "text-wait"],
} as const satisfies Readonly<Record<string, readonly [LucideIcon, string, string]>>;
export type MarkedState = keyof typeof marks;

export function StateMark({
  state,
  word = true,
  size = 16,
}: {
  readonly state: MarkedState;
  readonly word?: boolean;
  readonly size?: number;
}) {
  const [Icon, name, tone] = marks[state];
  return (
    <span className={`inline-flex items-center gap-1.5 text-small font-medium whitespace-nowrap ${tone}`}>
      <Icon size={size} strokeWidth={2} aria-hidden="true" className="shrink-0" />
      {word ? name : <span className="sr-only">{name}</span>}
    </span>
  );
}
