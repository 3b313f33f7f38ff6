import { type Action, actionLine, type RunSummary } from "@pullcord/sdk/protocol";
import { ListTree } from "lucide-react";
import { useSearch } from "../../frame/search.js";
import { Explained } from "../../parts/explanation.js";
import { Fact, Facts } from "../../parts/facts.js";
import { OpeningRow } from "../../parts/opening-row.js";
import { Preview } from "../../parts/preview.js";
import { RiskFactors } from "../../parts/risk-factors.js";
import { RiskMark } from "../../parts/risk.js";
import { StateMark } from "../../parts/state-mark.js";
import { Empty, Loading, Trouble } from "../../parts/state-pages.js";
import { WhatRuns } from "../../parts/what-runs.js";
import { HostileText } from "../../text/hostile-text.js";
import { clockTime, fineDuration } from "../../text/words.js";
import { UndoAction } from "./undo-action.js";

interface TimelineProps {
  readonly run: RunSummary;
  readonly actions: readonly Action[] | undefined;
  readonly error: unknown;
}

/** Every action with its decision, its outcome and its reasons, newest first. */
export function Timeline({ run, actions, error }: TimelineProps) {
  const matches = useSearch();
  if (!actions) return <div className="card">{error ? <Trouble error={error} /> : <Loading />}</div>;
  const shown = actions
    .filter((action) => matches(`${action.id} ${action.proposed.type} ${JSON.stringify(action.proposed.arguments)}`))
    .toSorted((a, b) => b.proposedAt - a.proposedAt);
  if (shown.length === 0) {
    return (
      <div className="card">
        <Empty icon={ListTree} title="No actions yet">
          What the agent proposes appears here with the answer it got.
        </Empty>
      </div>
    );
  }
  return (
    <ul className="card divide-y divide-line overflow-hidden">
      {shown.map((action) => (
        <Entry key={action.id} run={run} action={action} />
      ))}
    </ul>
  );
}

interface EntryProps {
  readonly run: RunSummary;
  readonly action: Action;
}

function Entry({ run, action }: EntryProps) {
  return (
    <OpeningRow
      columns="grid-cols-[16px_minmax(0,1fr)_auto] md:grid-cols-[16px_72px_minmax(0,1fr)_120px_104px]"
      detail={<Detail run={run} action={action} />}
    >
      <time className="hidden text-small text-muted md:block">{clockTime(action.proposedAt)}</time>
      <code className="truncate text-small font-medium">
        <HostileText text={actionLine(action.proposed)} />
      </code>
      <span className="hidden md:block">
        <RiskMark level={action.assessment?.level ?? "none"} />
      </span>
      <StateMark state={action.state.status} />
    </OpeningRow>
  );
}

function Detail({ run, action }: EntryProps) {
  const { assessment, state } = action;
  const outcome = "outcome" in state ? state.outcome : null;
  return (
    <>
      <WhatRuns proposed={action.proposed} {...(action.approvedArguments && { args: action.approvedArguments })} />
      <Facts>
        {assessment && assessment.factors.length > 0 && (
          <Fact name="Risk">
            <RiskFactors factors={assessment.factors} />
          </Fact>
        )}
        {assessment && <Preview assessment={assessment} />}
        <Explained action={action} />
      </Facts>
      <p className="text-small text-muted">
        {outcome?.durationMs !== undefined && `took ${fineDuration(outcome.durationMs)} · `}
        <code>{action.id}</code>
      </p>
      {outcome?.summary && (
        <p className="text-small break-words">
          Outcome, as the agent's gate reports it: <HostileText text={outcome.summary} />
        </p>
      )}
      <UndoAction run={run} action={action} />
      {(state.status === "denied" || state.status === "cancelled") && <p className="text-small">{state.reason}</p>}
    </>
  );
}
