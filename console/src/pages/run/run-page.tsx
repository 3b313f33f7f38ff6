import { containmentWords, type Action, type RunSummary } from "@pullcord/sdk/protocol";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useActions, useInterventions, useRun } from "../../live/queries.js";
import { Chip } from "../../parts/chip.js";
import { Limits } from "../../parts/limits.js";
import { PageFrame } from "../../parts/page.js";
import { ProgressMark } from "../../parts/progress-mark.js";
import { RiskTrail } from "../../parts/risk.js";
import { RunActs } from "../../parts/run-acts.js";
import { StateMark } from "../../parts/state-mark.js";
import { Loading, Trouble } from "../../parts/state-pages.js";
import { RunDial } from "../../parts/run-dial.js";
import { Tabs } from "../../parts/tabs.js";
import { Tell } from "../../parts/tell.js";
import { Ago } from "../../parts/time.js";
import { HostileText } from "../../text/hostile-text.js";
import { count, tierWords } from "../../text/words.js";
import { markOf } from "../board/run-row.js";
import { Changes } from "./changes.js";
import { Interventions } from "./interventions.js";
import { Log } from "./log.js";
import { RunPlans } from "./plans.js";
import { Processes } from "./processes.js";
import { Review } from "./review.js";
import { Timeline } from "./timeline.js";
import { UndoButton, UndoDialog, UndoOffer, Undos } from "./undo.js";

/** What is it doing, what has it done, how do I take it back? */
export function RunPage() {
  const { run: id } = useParams({ strict: false });
  return id ? <OneRun key={id} id={id} /> : null;
}

function OneRun({ id }: { readonly id: string }) {
  const run = useRun(id);
  const actions = useActions(id);
  if (!run.data) return run.isError ? <Trouble error={run.error} retry={() => void run.refetch()} /> : <Loading />;
  return <Shown run={run.data} actions={actions.data?.items} error={actions.error} />;
}

interface ShownProps {
  readonly run: RunSummary;
  readonly actions: readonly Action[] | undefined;
  readonly error: unknown;
}

function Shown({ run, actions, error }: ShownProps) {
  const [telling, setTelling] = useState(false);
  const [undoing, setUndoing] = useState(false);
  const [tab, setTab] = useState("timeline");
  const made = useInterventions(run.id).data?.items ?? [];
  const ended = run.state.status === "stopped" || run.state.status === "finished";
  return (
    <PageFrame
      title={run.task}
      lead={<Lead run={run} />}
      actions={<Acts run={run} onUndo={() => setUndoing(true)} onTell={() => setTelling(!telling)} />}
    >
      {telling && (
        <div className="card p-4">
          <Tell run={run.id} onDone={() => setTelling(false)} />
        </div>
      )}
      <div className="card grid gap-x-8 gap-y-5 p-4 md:grid-cols-2 md:p-5 xl:grid-cols-[auto_1fr_auto]">
        <div className="flex min-w-0 flex-col gap-2">
          <h2 className="text-small font-medium text-muted">Autonomy</h2>
          <RunDial run={run} isDisabled={ended} />
        </div>
        <div className="flex min-w-0 flex-col gap-2">
          <h2 className="text-small font-medium text-muted">{run.progress ? "Progress" : "So far"}</h2>
          {run.progress && <ProgressMark progress={run.progress} />}
          <p className="text-small text-muted">
            {count(run.actions, "action")} · {count(run.questions, "question")} asked · {run.denied} denied
          </p>
        </div>
        <div className="flex flex-col gap-2">
          <h2 className="text-small font-medium text-muted">Risk</h2>
          <RiskTrail scores={run.riskTrail} />
        </div>
      </div>
      <RunPlans run={run.id} directory={run.workingDirectory} />
      {!ended && (
        <div className="card p-4 md:p-5 empty:hidden">
          <Limits owner={{ kind: "run", id: run.id }} />
        </div>
      )}
      <UndoOffer run={run} onUndo={() => setUndoing(true)} onReview={() => setTab("review")} />
      <UndoDialog run={run} isOpen={undoing} onClose={() => setUndoing(false)} />
      <Undos run={run.id} />
      {made.length > 0 && <Interventions made={made} />}
      <Tabs
        label="Views of this run"
        selected={tab}
        onSelect={setTab}
        tabs={[
          { id: "timeline", name: "Timeline", content: <Timeline run={run} actions={actions} error={error} /> },
          { id: "changes", name: "Changes", content: <Changes run={run.id} /> },
          ...(ended ? [{ id: "review", name: "Review", content: <Review run={run} /> }] : []),
          { id: "processes", name: "Processes", content: <Processes run={run.id} /> },
          { id: "log", name: "Log", content: <Log run={run.id} /> },
        ]}
      />
    </PageFrame>
  );
}

/** Everything a person needs about a run is in sight: nothing behind a menu. */
function Acts({ run, onUndo, onTell }: { readonly run: RunSummary; readonly onUndo: () => void; readonly onTell: () => void }) {
  return (
    <>
      <UndoButton run={run} onUndo={onUndo} />
      <RunActs run={run} words onTell={onTell} />
    </>
  );
}

function Lead({ run }: { readonly run: RunSummary }) {
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1 text-body">
      <StateMark state={markOf(run)} />
      <span>
        {run.agent} · <code className="text-small">{run.id}</code> · opened <Ago at={run.openedAt} />
      </span>
      {run.workingDirectory && (
        <code className="max-w-full truncate text-small">
          <HostileText text={run.workingDirectory} />
        </code>
      )}
      <Chip title="What the agent has earned">{tierWords[run.trustTier]}</Chip>
      <Chip title="How its processes can be ended">{containmentWords[run.containment]}</Chip>
      {run.waiting > 0 && (
        <Link to="/inbox" className="target rounded-full">
          <Chip tone="wait">{count(run.waiting, "question")}</Chip>
        </Link>
      )}
    </span>
  );
}
