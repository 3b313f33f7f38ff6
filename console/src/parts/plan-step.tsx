import type { Effect, PlanStep } from "@pullcord/sdk/protocol";
import { ArrowRight } from "lucide-react";
import type { ReactNode } from "react";
import { HostileText } from "../text/hostile-text.js";
import { AgentSays } from "./agent-says.js";
import { Chip } from "./chip.js";
import { Fact, Facts } from "./facts.js";
import { Preview } from "./preview.js";
import { RiskFactors } from "./risk-factors.js";
import { RiskMark } from "./risk.js";
import { RowsPreviewCard } from "./rows-preview.js";
import { StateMark } from "./state-mark.js";
import { WhatRuns } from "./what-runs.js";

interface PlanStepProps {
  readonly step: PlanStep;
  /** The run's directory, where the step names none. */
  readonly directory?: string | undefined;
  /** True for the step that is to run next. */
  readonly isNext?: boolean;
  /** Moves, edits, removes it. */
  readonly acts?: ReactNode;
  /** In place of what runs, while it is edited. */
  readonly editor?: ReactNode;
  readonly onSeen?: () => void;
  /** Nobody decides about its plan any more. */
  readonly isDecided?: boolean;
}

const effects: Readonly<Record<Effect, { readonly word: string; readonly tone: "plain" | "wait" | "danger" }>> = {
  allow: { word: "Runs anyway", tone: "plain" },
  require_approval: { word: "Would ask", tone: "wait" },
  deny: { word: "Denied", tone: "danger" },
};

/** One step of a plan: what will run, complete, and beneath it what was found out about it. */
export function PlanStepCard({ step, directory, isNext = false, acts, editor, onSeen, isDecided = false }: PlanStepProps) {
  const { number, proposed, approvedArguments, judged, state, rows, rowsWithout } = step;
  const { assessment, effect, reasons } = judged;
  const { word, tone } = effects[effect];
  return (
    <section aria-label={`Step ${number}`} className="flex flex-col gap-3">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h3 className="text-lead font-semibold tabular-nums">Step {number}</h3>
        <RiskMark level={assessment?.level ?? "critical"} {...(assessment && { score: assessment.score })} />
        {state.status === "open" ? <Chip tone={tone}>{word}</Chip> : <StateMark state={state.status} />}
        {isNext && (
          <Chip tone="accent">
            <ArrowRight size={14} aria-hidden="true" /> Next
          </Chip>
        )}
        {approvedArguments && <Chip>Changed by a person</Chip>}
        {acts && <span className="ml-auto flex gap-1">{acts}</span>}
      </header>
      {editor ?? (
        <WhatRuns
          proposed={proposed}
          directory={directory}
          {...(approvedArguments && { args: approvedArguments })}
          {...(onSeen && { onSeen })}
        />
      )}
      {effect !== "allow" && (
        <p className={`text-body ${effect === "deny" ? "font-medium text-danger" : "text-muted"}`}>
          <HostileText text={reasons[0]?.sentence ?? "This waits for a person."} />
          {effect === "deny" && " Take it out or change it: the plan can't be approved with it."}
        </p>
      )}
      {rows && !editor && <RowsPreviewCard rows={rows} isDecided={isDecided} without={rowsWithout} />}
      {assessment && (
        <details className="text-small">
          <summary className="target w-fit cursor-pointer text-muted hover:text-ink">What it would do, and why</summary>
          <Facts>
            {assessment.factors.length > 0 && (
              <Fact name="Risk">
                <RiskFactors factors={assessment.factors} />
              </Fact>
            )}
            <Preview assessment={assessment} hasRows={rows?.status === "tried"} />
          </Facts>
        </details>
      )}
      {proposed.claim && <AgentSays claim={proposed.claim} />}
    </section>
  );
}
