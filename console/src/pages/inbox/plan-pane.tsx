import { limits, type ArrangePlan, type JsonObject, type Plan, type PlanStep } from "@pullcord/sdk/protocol";
import { Link } from "@tanstack/react-router";
import { ArrowDown, ArrowUp, Pencil, Trash2, Undo2 } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useArrangePlan, usePlan } from "../../live/plans.js";
import { useRun } from "../../live/queries.js";
import { AgentSays } from "../../parts/agent-says.js";
import { Button } from "../../parts/button.js";
import { Chip } from "../../parts/chip.js";
import { Choice } from "../../parts/choice.js";
import { Fact, Facts } from "../../parts/facts.js";
import { PlanStepCard } from "../../parts/plan-step.js";
import { RiskMark } from "../../parts/risk.js";
import { Loading, Trouble, WriteTrouble } from "../../parts/state-pages.js";
import { Ago, TimeLeft } from "../../parts/time.js";
import { HostileText } from "../../text/hostile-text.js";
import { count, levelWords, shortDigest } from "../../text/words.js";
import { DecidePlan } from "./decide-plan.js";
import { editable, EditWhatRuns } from "./edit-what-runs.js";
import { Ended } from "./ended.js";
import { WhatRuns } from "../../parts/what-runs.js";

const hour = 3_600_000;
const lengths = [
  { value: "hour", name: "1 h" },
  { value: "workday", name: "8 h" },
  { value: "day", name: "1 day" },
  { value: "week", name: "7 days" },
] as const;
type Length = (typeof lengths)[number]["value"];
const lengthMs: Readonly<Record<Length, number>> = { hour, workday: 8 * hour, day: 24 * hour, week: limits.grantMs };

/** One plan in full: as a whole, then every step, to be changed, moved or taken out before it is answered. */
export function PlanPane({ id, onDecided }: { readonly id: string; readonly onDecided: () => void }) {
  const plan = usePlan(id);
  if (plan.data) return <OnePlan plan={plan.data} onDecided={onDecided} />;
  return plan.isError ? <Trouble error={plan.error} retry={() => void plan.refetch()} /> : <Loading rows={6} />;
}

function OnePlan({ plan, onDecided }: { readonly plan: Plan; readonly onDecided: () => void }) {
  const run = useRun(plan.runId).data;
  const arrange = useArrangePlan(plan);
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set());
  const [editing, setEditing] = useState<number | null>(null);
  const [length, setLength] = useState<Length>("day");
  const isPending = plan.status === "pending";
  const change = (steps: ArrangePlan["steps"]) => arrange.mutate(steps, { onSuccess: () => setEditing(null) });
  return (
    <article aria-label={`Plan ${plan.id}`} className="flex min-h-full flex-col">
      <div className="mx-auto flex w-full max-w-[860px] flex-1 flex-col gap-6 px-4 pt-2 pb-6 md:px-8 lg:pt-6">
        <Heading plan={plan} task={run?.task} />
        <Whole plan={plan}>
          {isPending && (
            <Fact name="It holds for">
              <Choice label="It holds for" hideLabel value={length} options={lengths} onChange={setLength} />
            </Fact>
          )}
        </Whole>
        {plan.summary !== undefined && <AgentSays claim={{ reason: plan.summary }} />}
        <WriteTrouble error={arrange.error} />
        <ol className="flex flex-col gap-6" aria-busy={arrange.isPending}>
          {plan.steps.map((step, at) => (
            <li key={step.number} className="border-t border-line pt-5">
              <PlanStepCard
                // Other arguments have to be seen anew.
                key={wordOf(step)}
                step={step}
                directory={run?.workingDirectory}
                onSeen={() => setSeen((known) => new Set([...known, wordOf(step)]))}
                {...(isPending && {
                  acts: (
                    <StepActs
                      plan={plan}
                      at={at}
                      isBusy={arrange.isPending}
                      onArrange={change}
                      onEdit={() => setEditing(editing === step.number ? null : step.number)}
                    />
                  ),
                })}
                {...(editing === step.number && {
                  editor: (
                    <Editor step={step} isBusy={arrange.isPending} onSave={(args) => change(withArguments(plan, step.number, args))} />
                  ),
                })}
              />
            </li>
          ))}
        </ol>
        <Removed plan={plan} isBusy={arrange.isPending} onArrange={change} />
      </div>
      {isPending ? (
        <DecidePlan
          plan={plan}
          seen={plan.steps.every((step) => seen.has(wordOf(step)))}
          isEditing={editing !== null}
          forMs={lengthMs[length]}
          onDecided={onDecided}
        />
      ) : (
        <Ended question={plan} onNext={onDecided} />
      )}
    </article>
  );
}

function Heading({ plan, task }: { readonly plan: Plan; readonly task: string | undefined }) {
  const { whole, level, agent, steps, createdAt, expiresAt, runId, status } = plan;
  return (
    <header className="flex flex-col gap-2.5">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <RiskMark level={whole.level} score={whole.score} />
        <Chip>{levelWords[level]}</Chip>
        <Chip>Plan</Chip>
        {status === "pending" && (
          <span className="ml-auto text-body">
            <TimeLeft until={expiresAt} />
          </span>
        )}
      </div>
      <h2 className="text-title font-semibold tracking-[-0.012em]">A plan of {count(steps.length, "step")}, to be approved as a whole.</h2>
      <p className="text-body text-muted">
        <strong className="font-medium text-ink">{agent}</strong> handed it in <Ago at={createdAt} />, working on{" "}
        <Link to="/runs/$run" params={{ run: runId }} className="break-words underline decoration-line underline-offset-4 hover:text-ink">
          {task === undefined ? `run ${runId}` : <HostileText text={task} />}
        </Link>
      </p>
    </header>
  );
}

function Whole({ plan: { whole, digest }, children }: { readonly plan: Plan; readonly children: ReactNode }) {
  const more = whole.files.count - whole.files.first.length;
  return (
    <Facts>
      {whole.files.count > 0 && (
        <Fact name="Files">
          <span className="flex flex-wrap gap-1.5">
            {whole.files.first.map((file) => (
              <code key={file} className="rounded bg-sunken px-1.5 py-0.5 text-small break-all">
                <HostileText text={file} />
              </code>
            ))}
            {more > 0 && <span className="text-small leading-6 text-muted">and {more} more</span>}
          </span>
        </Fact>
      )}
      <Fact name="Taking it back">{whole.undo}</Fact>
      <Fact name="What it grants">Each step once, in this order, in this run. Whatever deviates is asked about.</Fact>
      {children}
      <Fact name="Digest">
        <code className="text-small">{shortDigest(digest)}</code>{" "}
        <span className="text-small text-muted">the approval holds for exactly these steps</span>
      </Fact>
    </Facts>
  );
}

interface StepActsProps {
  readonly plan: Plan;
  readonly at: number;
  readonly isBusy: boolean;
  readonly onArrange: (steps: ArrangePlan["steps"]) => void;
  readonly onEdit: () => void;
}

function StepActs({ plan, at, isBusy, onArrange, onEdit }: StepActsProps) {
  const steps = standing(plan);
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

interface EditorProps {
  readonly step: PlanStep;
  readonly isBusy: boolean;
  /** Undefined: as the agent handed it in. */
  readonly onSave: (args: JsonObject | undefined) => void;
}

function Editor({ step, isBusy, onSave }: EditorProps) {
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
function Removed({ plan, isBusy, onArrange }: RemovedProps) {
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
                onPress={() => onArrange([...standing(plan), { number: step.number }])}
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

function standing({ steps }: Plan): ArrangePlan["steps"] {
  return steps.map(({ number, approvedArguments }) => (approvedArguments ? { number, arguments: approvedArguments } : { number }));
}

function withArguments(plan: Plan, number: number, args: JsonObject | undefined): ArrangePlan["steps"] {
  return standing(plan).map((step) => (step.number === number ? { number, ...(args && { arguments: args }) } : step));
}

/** What was read: a step with these very arguments. */
function wordOf({ number, approvedArguments }: PlanStep): string {
  return `${number} ${JSON.stringify(approvedArguments ?? null)}`;
}
