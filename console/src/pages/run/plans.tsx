import type { Plan, PlanStep } from "@pullcord/sdk/protocol";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useEndPlan, useRunPlans } from "../../live/plans.js";
import { Button } from "../../parts/button.js";
import { Chip } from "../../parts/chip.js";
import { PlanStepCard } from "../../parts/plan-step.js";
import { RiskMark } from "../../parts/risk.js";
import { StateMark } from "../../parts/state-mark.js";
import { WriteTrouble } from "../../parts/state-pages.js";
import { Ago } from "../../parts/time.js";
import { count, dateTime } from "../../text/words.js";

/** The plan that a run waits with or follows, and how far it is; older ones are in the record. */
export function RunPlans({ run, directory }: { readonly run: string; readonly directory: string | undefined }) {
  const plans = useRunPlans(run).data?.items ?? [];
  const waiting = plans.find(({ status }) => status === "pending");
  const approved = plans.find(({ status }) => status === "approved");
  return (
    <>
      {waiting && <Waiting plan={waiting} />}
      {approved && <Followed plan={approved} directory={directory} />}
    </>
  );
}

function Waiting({ plan: { id, steps, whole } }: { readonly plan: Plan }) {
  return (
    <section aria-label="A plan waits" className="card flex flex-wrap items-center gap-x-4 gap-y-2 p-4">
      <StateMark state="pending" />
      <RiskMark level={whole.level} score={whole.score} />
      <p className="min-w-0 flex-1 text-body">A plan of {count(steps.length, "step")} waits to be approved as a whole.</p>
      <Link
        to="/inbox/$request"
        params={{ request: id }}
        className="target inline-flex h-9 items-center rounded-card border border-control/60 bg-surface px-3.5 text-body font-medium hover:bg-hover"
      >
        See, edit and answer it
      </Link>
    </section>
  );
}

function Followed({ plan, directory }: { readonly plan: Plan; readonly directory: string | undefined }) {
  const [isOpen, setOpen] = useState(false);
  const end = useEndPlan();
  const next = plan.ended ? undefined : plan.steps.slice(plan.position).find(({ state }) => state.status === "open");
  const done = countOf(plan, "succeeded");
  return (
    <section aria-label="Plan" className="card flex flex-col gap-4 p-4 md:p-5">
      <header className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <h2 className="text-lead font-semibold">Plan</h2>
        <span className="text-body tabular-nums">
          {done} of {plan.steps.length} done
        </span>
        {plan.deviations > 0 && <Chip tone="wait">{count(plan.deviations, "deviation")}</Chip>}
        <span className="min-w-0 basis-full text-small text-muted md:basis-0 md:grow">
          {plan.ended ? (
            <>
              {endWords[plan.ended.why]} <Ago at={plan.ended.at} />
            </>
          ) : (
            `Approved by ${plan.resolution?.by.id ?? "a person"}, holds until ${dateTime(plan.holdsUntil ?? 0)}`
          )}
        </span>
        <Button aria-expanded={isOpen} onPress={() => setOpen(!isOpen)}>
          {isOpen ? "Fold steps" : "Show steps"}
        </Button>
        {!plan.ended && (
          <Button tone="deny" isDisabled={end.isPending} onPress={() => end.mutate(plan.id)}>
            Take plan back
          </Button>
        )}
      </header>
      <WriteTrouble error={end.error} />
      <Bar plan={plan} />
      {isOpen && (
        <ol className="flex flex-col gap-5">
          {plan.steps.map((step) => (
            <li key={step.number} className="border-t border-line pt-4">
              <PlanStepCard step={step} directory={directory} isDecided={plan.status !== "pending"} isNext={step === next} />
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

const endWords = {
  finished: "Finished",
  revoked: "Taken back",
  replaced: "Replaced by another plan",
  expired: "Its time was over",
  stopped: "Ended by the stop",
  run_finished: "Ended with the run",
} as const;

const fills: Readonly<Record<PlanStep["state"]["status"], string>> = {
  open: "bg-line",
  running: "bg-accent",
  succeeded: "bg-ink",
  failed: "bg-wait",
  skipped: "bg-control/50",
};

/** A field a step, in their order. */
function Bar({ plan }: { readonly plan: Plan }) {
  const parts = (["succeeded", "running", "failed", "skipped"] as const).filter((status) => countOf(plan, status) > 0);
  const label = parts.map((status) => `${countOf(plan, status)} ${status}`).join(", ") || "Nothing of it has run";
  return (
    <div role="img" aria-label={label} className="flex gap-1">
      {plan.steps.map(({ number, state }) => (
        <span key={number} title={`Step ${number}: ${state.status}`} className={`h-2 min-w-1 flex-1 rounded-full ${fills[state.status]}`} />
      ))}
    </div>
  );
}

function countOf({ steps }: Plan, status: PlanStep["state"]["status"]): number {
  return steps.filter(({ state }) => state.status === status).length;
}
