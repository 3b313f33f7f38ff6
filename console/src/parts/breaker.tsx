import type { Breaker } from "@pullcord/sdk/protocol";
import { useNow } from "../live/clock.js";
import { useActOnBreaker } from "../live/limits.js";
import { HostileText } from "../text/hostile-text.js";
import { duration } from "../text/words.js";
import { Button } from "./button.js";
import { WriteTrouble } from "./state-pages.js";

const extensionMs = 30 * 60_000;

/** `tokens_per_agent_day` as people say it. */
export function guardrailName(guardrail: string): string {
  return guardrail.replace(/^(tools|anomaly)\./u, "").replaceAll("_", " ");
}

/** Why a breaker is not closed, and one press to let the agent go on. */
export function TrippedBreaker({ breaker }: { readonly breaker: Breaker }) {
  const { guardrail, owner, state } = breaker;
  const act = useActOnBreaker();
  const now = useNow();
  if (state.status === "closed") return null;
  const does = (what: "reset" | "release" | "hold_closed") =>
    act.mutate({ guardrail, owner, act: what, ...(what === "hold_closed" ? { forMs: extensionMs } : {}) });
  const name = `${guardrailName(guardrail)} of ${owner.kind} ${owner.id}`;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
      <p className="min-w-0 flex-1 basis-64 text-small break-words text-wait">
        <HostileText text={sentence(breaker, now)} />
      </p>
      {state.status === "held" ? (
        <Button aria-label={`Release ${name}`} isDisabled={act.isPending} onPress={() => does("release")}>
          Release
        </Button>
      ) : (
        <>
          <Button aria-label={`30 min more for ${name}`} isDisabled={act.isPending} onPress={() => does("hold_closed")}>
            30 min more
          </Button>
          <Button aria-label={`Count ${name} anew`} isDisabled={act.isPending} onPress={() => does("reset")}>
            Count anew
          </Button>
        </>
      )}
      <WriteTrouble error={act.error} />
    </div>
  );
}

function sentence({ state }: Breaker, now: number): string {
  const left = (until: number | null) => (until === null ? "until a person says so" : `for ${duration(until - now)}`);
  switch (state.status) {
    case "open":
      return `${state.reason} Open ${left(state.until)}.`;
    case "half_open":
      return `Half-open: one action at a time, ${state.probesLeft} more have to go well. ${state.reason}`;
    case "held":
      return `Held ${state.as} by ${state.by.id} ${left(state.until)}.`;
    case "closed":
      return "";
  }
}
