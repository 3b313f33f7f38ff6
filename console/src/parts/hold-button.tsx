import { useState, type KeyboardEvent, type PointerEvent } from "react";
import { usePresence, type PresenceApi, type PresenceState } from "./presence.js";

interface HoldButtonProps {
  readonly api: PresenceApi;
  readonly digest: string;
  /** What holding does: `Approve`. */
  readonly word: string;
  readonly isDisabled: boolean;
  readonly onProof: (proof: string) => Promise<void>;
}

/**
 * Press and hold, with the presence check behind it. Enter and the pointer hold; Space, and a screen reader's click,
 * start a countdown that a second press confirms: the same proof for whoever can't hold.
 */
export function HoldButton({ api, digest, word, isDisabled, onProof }: HoldButtonProps) {
  const { state, start, confirm, release } = usePresence(api, digest, onProof);
  const [steps, setSteps] = useState(false);
  const step = () => (state.status === "ready" ? confirm() : void start("steps"));
  const isHeld = state.status === "holding" && state.way === "hold";

  const onPointerDown = (event: PointerEvent<HTMLButtonElement>) => {
    if (isDisabled || steps || event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    void start("hold");
  };
  const onKeyDown = (event: KeyboardEvent<HTMLButtonElement>) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    if (isDisabled || event.repeat) return;
    if (event.key === " " || steps) step();
    else void start("hold");
  };
  return (
    <div className="relative flex min-w-0 flex-1 flex-col gap-1.5 sm:min-w-[220px] sm:flex-none">
      {/* Above, and out of the flow: the button stays where the finger is. */}
      {state.status === "refused" && (
        <p className="absolute right-0 bottom-full mb-2 w-max max-w-[min(40ch,80vw)] rounded-card border border-line bg-raised px-3 py-2 text-small font-semibold text-ink shadow-lifted">
          {state.sentence}
        </p>
      )}
      <button
        type="button"
        // Not `disabled`: a key that comes before the text was seen still finds the button, which refuses by itself.
        aria-disabled={isDisabled}
        data-approve
        onPointerDown={onPointerDown}
        onPointerUp={() => isHeld && release()}
        onPointerCancel={release}
        onBlur={release}
        onKeyDown={onKeyDown}
        onKeyUp={(event) => event.key === "Enter" && isHeld && release()}
        // A click without a pointer is a screen reader's or a switch's.
        onClick={(event) => !isDisabled && (steps || event.detail === 0) && step()}
        onContextMenu={(event) => event.preventDefault()}
        className="relative h-12 w-full cursor-pointer touch-none whitespace-nowrap overflow-hidden rounded-card bg-ink px-5 text-body font-semibold text-on-ink select-none aria-disabled:cursor-not-allowed aria-disabled:opacity-45"
      >
        <Progress state={state} />
        <span className="relative">{labelOf(state, word, steps)}</span>
      </button>
      <label className="target inline-flex w-fit cursor-pointer items-center gap-2 text-small text-muted">
        <input type="checkbox" checked={steps} onChange={(event) => setSteps(event.target.checked)} className="size-4 accent-(--ink)" />
        <span>
          I can't hold<span className="hidden sm:inline">: start, then confirm</span>
        </span>
      </label>
    </div>
  );
}

function Progress({ state }: { readonly state: PresenceState }) {
  const share = state.status === "holding" ? state.share : state.status === "ready" || state.status === "proving" ? 1 : 0;
  return (
    <span
      role="progressbar"
      aria-label="Held so far"
      aria-valuenow={Math.round(share * 100)}
      className="absolute inset-y-0 left-0 w-full origin-left bg-accent opacity-55 transition-transform duration-300 ease-linear"
      style={{ transform: `scaleX(${share})` }}
    />
  );
}

function labelOf(state: PresenceState, word: string, steps: boolean): string {
  switch (state.status) {
    case "holding": {
      const left = state.leftMs > 0 ? `${(state.leftMs / 1000).toFixed(1)} s` : "";
      return state.way === "hold" ? `Keep holding ${left}` : `Wait ${left}`;
    }
    case "ready":
      return `Press again to ${word.toLowerCase()}`;
    case "proving":
      return "Checking";
    default:
      return steps ? `Start, then confirm to ${word.toLowerCase()}` : `Hold to ${word.toLowerCase()}`;
  }
}
