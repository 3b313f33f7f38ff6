import type { RunSummary } from "@pullcord/sdk/protocol";
import { Link } from "@tanstack/react-router";
import { memo, useState } from "react";
import { useBreakers } from "../../live/limits.js";
import { TrippedBreaker } from "../../parts/breaker.js";
import { Chip } from "../../parts/chip.js";
import { ProgressMark } from "../../parts/progress-mark.js";
import { RiskTrail } from "../../parts/risk.js";
import { RunActs } from "../../parts/run-acts.js";
import { RunDial } from "../../parts/run-dial.js";
import { StateMark, type MarkedState } from "../../parts/state-mark.js";
import { Tell } from "../../parts/tell.js";
import { Ago } from "../../parts/time.js";
import { HostileText } from "../../text/hostile-text.js";
import { count } from "../../text/words.js";

interface RunRowProps {
  readonly run: RunSummary;
  /** Whether limits that are reached stand here, to be answered in place. */
  readonly showsLimits?: boolean;
}

/** One run: what it is, what it does now, how far it is, and how to reach into it. */
export const RunRow = memo(function RunRow({ run, showsLimits = false }: RunRowProps) {
  const [open, setOpen] = useState<"dial" | "tell" | null>(null);
  const toggle = (one: "dial" | "tell") => setOpen(open === one ? null : one);
  return (
    <li className="group relative flex flex-col gap-3 px-4 py-3.5 transition-colors duration-(--quick) hover:bg-hover">
      <div className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-5 gap-y-2 md:grid-cols-[104px_minmax(0,1fr)_auto] xl:grid-cols-[92px_minmax(0,1fr)_150px_96px_272px] min-[1400px]:grid-cols-[104px_minmax(0,1fr)_190px_96px_284px]">
        <StateMark state={markOf(run)} />
        <div className="order-3 col-span-2 min-w-0 md:order-none md:col-span-1">
          <p className="flex min-w-0 items-baseline gap-2">
            <Link
              to="/runs/$run"
              params={{ run: run.id }}
              className="truncate text-body font-semibold before:absolute before:inset-0 before:content-['']"
            >
              <HostileText text={run.task} />
            </Link>
            <span className="shrink-0 text-small text-muted">{run.agent}</span>
          </p>
          <Now run={run} />
        </div>
        <div className="order-4 col-span-2 flex min-w-0 items-center justify-between gap-3 md:col-start-2 xl:order-none xl:col-span-1 xl:col-start-auto">
          <div className="min-w-0 flex-1">{run.progress ? <ProgressMark progress={run.progress} /> : <Facts run={run} />}</div>
          <Questions run={run} className="md:hidden" />
        </div>
        <div className="hidden xl:block">
          <RiskTrail scores={run.riskTrail} />
        </div>
        <div className="relative z-10 order-2 flex items-center justify-end gap-3 md:order-none">
          <Questions run={run} className="hidden md:block" />
          <RunActs run={run} onDial={() => toggle("dial")} onTell={() => toggle("tell")} />
        </div>
      </div>
      {showsLimits && <Tripped run={run} />}
      {open && (
        <div className="relative z-10 md:pl-[124px]">
          {open === "dial" ? <RunDial run={run} /> : <Tell run={run.id} onDone={() => setOpen(null)} />}
        </div>
      )}
    </li>
  );
});

/** Limits that the run, or its agent, has reached. */
function Tripped({ run }: { readonly run: RunSummary }) {
  const breakers = useBreakers().data?.items ?? [];
  const own = breakers.filter(({ owner }) => owner.id === (owner.kind === "run" ? run.id : run.agent));
  if (own.length === 0 || run.state.status === "stopped" || run.state.status === "finished") return null;
  return (
    <div className="relative z-10 flex flex-col gap-2 md:pl-[124px]">
      {own.map((breaker) => (
        <TrippedBreaker key={breaker.guardrail} breaker={breaker} />
      ))}
    </div>
  );
}

function Questions({ run, className }: { readonly run: RunSummary; readonly className: string }) {
  if (run.waiting === 0) return null;
  return (
    <Link to="/inbox" className={`target relative z-10 shrink-0 rounded-full ${className}`}>
      <Chip tone="wait">{count(run.waiting, "question")}</Chip>
    </Link>
  );
}

/** What it does now, or how it ended. */
function Now({ run }: { readonly run: RunSummary }) {
  const ended = run.state.status === "stopped" || run.state.status === "finished";
  return (
    <p className="flex min-w-0 items-baseline gap-2 text-small text-muted">
      <span className="truncate">{run.now ? <HostileText text={run.now.sentence} /> : "No action yet"}</span>
      <span className="shrink-0">
        · <Ago at={ended ? run.lastActivityAt : (run.now?.since ?? run.openedAt)} suffix={ended ? " ago" : ""} />
      </span>
    </p>
  );
}

function Facts({ run }: { readonly run: RunSummary }) {
  return (
    <p className="truncate text-small text-muted">
      {count(run.actions, "action")}
      {run.questions > 0 && ` · ${run.questions} asked`}
      {run.denied > 0 && ` · ${run.denied} denied`}
    </p>
  );
}

export function markOf(run: RunSummary): MarkedState {
  if (run.state.status === "finished") return run.state.result;
  return run.state.status === "running" && run.waiting > 0 ? "waiting" : run.state.status;
}
