import type { Progress } from "@pullcord/sdk/protocol";
import { HostileText } from "../text/hostile-text.js";

/** n of N with the item's name (E33). */
export function ProgressMark({ progress }: { readonly progress: Progress }) {
  const share = progress.of > 0 ? Math.min(1, progress.n / progress.of) : 0;
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <p className="flex min-w-0 gap-2 text-small">
        <span className="shrink-0 font-medium">
          {progress.n} of {progress.of}
        </span>
        <span className="truncate text-muted">
          <HostileText text={progress.item} />
        </span>
      </p>
      <div
        role="progressbar"
        aria-label="Progress"
        aria-valuenow={progress.n}
        aria-valuemin={0}
        aria-valuemax={progress.of}
        className="h-1 overflow-hidden rounded-full bg-line"
      >
        <div
          className="h-full origin-left rounded-full bg-accent transition-transform duration-(--quick)"
          style={{ transform: `scaleX(${share})` }}
        />
      </div>
    </div>
  );
}
