import { limitResponses, type LimitOwner, type LimitStanding } from "@pullcord/sdk/protocol";
import { useNow } from "../live/clock.js";
import { useLimits } from "../live/limits.js";
import { duration } from "../text/words.js";
import { guardrailName, TrippedBreaker } from "./breaker.js";
import { Chip } from "./chip.js";
import { Trouble } from "./state-pages.js";

/** What may be used up, how much of it is, and what its breaker does. */
export function Limits({ owner }: { readonly owner: LimitOwner }) {
  const limits = useLimits(owner);
  if (!limits.data) return limits.error ? <Trouble error={limits.error} retry={() => void limits.refetch()} /> : null;
  if (limits.data.length === 0) return null;
  return (
    <section aria-label={`Limits of ${owner.kind} ${owner.id}`} className="flex flex-col gap-2">
      <h3 className="text-small font-medium text-muted">Limits</h3>
      <ul className="grid gap-x-8 gap-y-3 md:grid-cols-2 xl:grid-cols-3">
        {limits.data.map((standing) => (
          <Limit key={`${standing.owner.kind} ${standing.guardrail}`} standing={standing} />
        ))}
      </ul>
    </section>
  );
}

function Limit({ standing }: { readonly standing: LimitStanding }) {
  const { guardrail, owner, unit, used, at, state, resetsAt } = standing;
  const now = useNow();
  const most = Math.max(...limitResponses.map((response) => at[response] ?? 0));
  const share = most > 0 ? Math.min(1, used / most) : 0;
  const name = guardrailName(guardrail);
  return (
    <li className={`flex min-w-0 flex-col gap-1.5 ${state.status === "closed" ? "" : "md:col-span-2 xl:col-span-3"}`}>
      <p className="flex min-w-0 flex-wrap items-baseline gap-x-2 text-small">
        <span className="font-medium">{name}</span>
        {owner.kind === "agent" && <span className="text-muted">all runs</span>}
        <span className="text-muted tabular-nums">
          {amount(used, unit)} · {responsesOf(standing)}
          {resetsAt !== null && ` · anew in ${duration(resetsAt - now)}`}
        </span>
        {state.status !== "closed" && <Chip tone="wait">{state.status.replace("_", "-")}</Chip>}
        {state.status === "closed" && state.warned && <Chip>warned</Chip>}
      </p>
      <div
        role="meter"
        aria-label={name}
        aria-valuenow={Math.min(used, most)}
        aria-valuemin={0}
        aria-valuemax={most}
        aria-valuetext={`${amount(used, unit)} of ${amount(most, unit)}`}
        className="h-1 overflow-hidden rounded-full bg-line"
      >
        <div
          className={`h-full origin-left rounded-full ${state.status === "closed" ? "bg-accent" : "bg-wait-fill"}`}
          style={{ transform: `scaleX(${share})` }}
        />
      </div>
      <TrippedBreaker breaker={standing} />
    </li>
  );
}

function responsesOf({ at, unit }: LimitStanding): string {
  const named = limitResponses.flatMap((response) => {
    const from = at[response];
    return from === undefined ? [] : [`${response}s ${unit === "count" ? "above" : "from"} ${amount(from, unit)}`];
  });
  return named.join(", ");
}

function amount(value: number, unit: LimitStanding["unit"]): string {
  switch (unit) {
    case "milliseconds":
      return duration(value);
    case "share":
      return `${Math.round(value * 100)} %`;
    case "times":
      return `${Math.round(value * 10) / 10} times as usual`;
    case "count":
      return (Math.round(value * 100) / 100).toLocaleString("en");
  }
}
