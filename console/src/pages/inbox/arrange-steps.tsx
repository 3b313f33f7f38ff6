import type { ArrangePlan, JsonObject, Plan, PlanStep } from "@pullcord/sdk/protocol";
import { ArrowDown, ArrowUp, Pencil, Trash2, Undo2 } from "lucide-react";
import { useState } from "react";
import { Button } from "../../parts/button.js";
import { WhatRuns } from "../../parts/what-runs.js";
import { editable, EditWhatRuns } from "./edit-what-runs.js";

interface StepActsProps {
  readonly plan: Plan;
  readonly at: number;
  readonly isBusy: boolean;
  readonly onArrange: (steps: ArrangePlan["steps"]) => void;
  readonly onEdit: () => void;
}

/** Moves, edits and takes out one step; each is judged anew at once. */
export function StepActs({ plan, at, isBusy, onArrange, onEdit }: StepActsProps) {
  const steps = asTheyStand(plan);
  const step = plan.steps[at];
  if (!step) return null;
  const { number } = step;
  const move = (by: 1 | -1) => {
    const others = steps.toSpliced(at, 1);
    onArrange(others.toSpliced(at + by, 0, ...steps.slice(at, at + 1)));
  };
  return (
    <>
      <Button square tone="quiet" isDisabled={isBusy || at === 0} aria-label={`Move step ${number} up`} onPress={() => move(-1)}>
        <ArrowUp size={16} aria-hidden="true" />
      </Button>
      <Button
        square
        tone="quiet"
        isDisabled={isBusy || at === steps.length - 1}
        aria-label={`Move step ${number} down`}
        onPress={() => move(1)}
      >
        <ArrowDown size={16} aria-hidden="true" />
      </Button>
      {editable(step.proposed) && (
        <Button square tone="quiet" isDisabled={isBusy} aria-label={`Edit step ${number}`} onPress={onEdit}>
          <Pencil size={16} aria-hidden="true" />
        </Button>
      )}
      <Button
        square
        tone="quiet"
        isDisabled={isBusy || steps.length === 1}
        aria-label={`Take step ${number} out`}
        onPress={() => onArrange(steps.toSpliced(at, 1))}
      >
        <Trash2 size={16} aria-hidden="true" />
      </Button>
    </>
  );
}

interface StepEditorProps {
  readonly step: PlanStep;
  readonly isBusy: boolean;
  /** Undefined: as the agent handed it in. */
  readonly onSave: (args: JsonObject | undefined) => void;
}

/** Other arguments for a step, in place of what runs. */
export function StepEditor({ step, isBusy, onSave }: StepEditorProps) {
  const original = editable(step.proposed);
  const shown = editable({ ...step.proposed, arguments: step.approvedArguments ?? step.proposed.arguments });
  const [text, setText] = useState(shown?.text ?? "");
  if (!original) return null;
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        onSave(text === original.text ? undefined : original.withText(text));
      }}
    >
      <EditWhatRuns field={original} text={text} onText={setText} />
      <Button type="submit" className="self-start" isDisabled={isBusy || text.trim() === ""}>
        Put it in the plan
      </Button>
    </form>
  );
}

interface RemovedProps {
  readonly plan: Plan;
  readonly isBusy: boolean;
  readonly onArrange: (steps: ArrangePlan["steps"]) => void;
}

/** What was taken out stays in sight: it does not run by this plan. */
export function RemovedSteps({ plan, isBusy, onArrange }: RemovedProps) {
  if (plan.removed.length === 0) return null;
  return (
    <section aria-label="Taken out" className="flex flex-col gap-3 border-t border-line pt-5">
      <h3 className="text-small font-medium text-muted">Taken out; these do not run by this plan</h3>
      {plan.removed.map((step) => (
        <div key={step.number} className="flex flex-col gap-2">
          <span className="flex items-center justify-between gap-3">
            <span className="text-body text-muted">Step {step.number}</span>
            {plan.status === "pending" && (
              <Button
                tone="quiet"
                isDisabled={isBusy}
                aria-label={`Put step ${step.number} back`}
                onPress={() => onArrange([...asTheyStand(plan), { number: step.number }])}
              >
                <Undo2 size={15} aria-hidden="true" /> Put back
              </Button>
            )}
          </span>
          <div className="opacity-60">
            <WhatRuns proposed={step.proposed} />
          </div>
        </div>
      ))}
    </section>
  );
}

function asTheyStand({ steps }: Plan): ArrangePlan["steps"] {
  return steps.map(({ number, approvedArguments }) => (approvedArguments ? { number, arguments: approvedArguments } : { number }));
}

/** The steps as they stand, one of them with other arguments. */
export function withArguments(plan: Plan, number: number, args: JsonObject | undefined): ArrangePlan["steps"] {
  return asTheyStand(plan).map((step) => (step.number === number ? { number, ...(args && { arguments: args }) } : step));
}
