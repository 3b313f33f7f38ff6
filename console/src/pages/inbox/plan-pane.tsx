import { bounds, type ArrangePlan, type Plan, type PlanStep } from "@pullcord/sdk/protocol";
import { Link } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { useArrangePlan, usePlan } from "../../live/plans.js";
import { useRun } from "../../live/queries.js";
import { AgentSays } from "../../parts/agent-says.js";
import { Chip } from "../../parts/chip.js";
import { Choice } from "../../parts/choice.js";
import { Fact, Facts } from "../../parts/facts.js";
import { PlanStepCard } from "../../parts/plan-step.js";
import { RiskMark } from "../../parts/risk.js";
import { Loading, Trouble, WriteTrouble } from "../../parts/state-pages.js";
import { Ago, TimeLeft } from "../../parts/time.js";
import { HostileText } from "../../text/hostile-text.js";
import { count, levelWords, shortDigest } from "../../text/words.js";
import { RemovedSteps, StepActs, StepEditor, withArguments } from "./arrange-steps.js";
import { DecidePlan } from "./decide-plan.js";
import { Ended } from "./ended.js";

const hour = 3_600_000;
const lengths = [
  { value: "hour", name: "1 h" },
  { value: "workday", name: "8 h" },
  { value: "day", name: "1 day" },
  { value: "week", name: "7 days" },
] as const;
type Length = (typeof lengths)[number]["value"];
const lengthMs: Readonly<Record<Length, number>> = { hour, workday: 8 * hour, day: 24 * hour, week: bounds.grantMs };

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
                isDecided={!isPending}
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
                    <StepEditor step={step} isBusy={arrange.isPending} onSave={(args) => change(withArguments(plan, step.number, args))} />
                  ),
                })}
              />
            </li>
          ))}
        </ol>
        <RemovedSteps plan={plan} isBusy={arrange.isPending} onArrange={change} />
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

/** What was read: a step with these very arguments. */
function wordOf({ number, approvedArguments }: PlanStep): string {
  return `${number} ${JSON.stringify(approvedArguments ?? null)}`;
}
