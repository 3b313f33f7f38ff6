import type { ApprovalRequest } from "@pullcord/sdk/protocol";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useRequest, useRun } from "../../live/queries.js";
import { AgentSays } from "../../parts/agent-says.js";
import { Chip } from "../../parts/chip.js";
import { RiskMark } from "../../parts/risk.js";
import { RowsPreviewCard } from "../../parts/rows-preview.js";
import { Loading, Trouble } from "../../parts/state-pages.js";
import { Ago, TimeLeft } from "../../parts/time.js";
import { WhatRuns } from "../../parts/what-runs.js";
import { HostileText } from "../../text/hostile-text.js";
import { levelWords } from "../../text/words.js";
import { Decide } from "./decide.js";
import { EditWhatRuns, editable } from "./edit-what-runs.js";
import { Ended } from "./ended.js";
import { RequestFacts } from "./request-facts.js";

/** One request in full. */
export function RequestPane({ id, onDecided }: { readonly id: string; readonly onDecided: () => void }) {
  const request = useRequest(id);
  if (request.data) return <Request request={request.data} onDecided={onDecided} />;
  return request.isError ? <Trouble error={request.error} retry={() => void request.refetch()} /> : <Loading rows={6} />;
}

function Request({ request, onDecided }: { readonly request: ApprovalRequest; readonly onDecided: () => void }) {
  const [seen, setSeen] = useState(false);
  const [edited, setEdited] = useState<string | null>(null);
  const run = useRun(request.runId).data;
  const { action } = request;
  const pending = request.status === "pending";
  const field = editable(action.proposed);
  return (
    <article aria-label={`Request ${request.id}`} className="flex min-h-full flex-col">
      <div className="mx-auto flex w-full max-w-[860px] flex-1 flex-col gap-5 px-4 pt-2 pb-6 md:px-8 lg:pt-6">
        <Heading request={request} task={run?.task} />
        {edited === null || !field ? (
          <WhatRuns
            proposed={action.proposed}
            directory={run?.workingDirectory}
            {...(action.approvedArguments && { args: action.approvedArguments })}
            onSeen={() => setSeen(true)}
          />
        ) : (
          <EditWhatRuns field={field} text={edited} onText={setEdited} />
        )}
        {request.rows && edited === null && <RowsPreviewCard rows={request.rows} isDecided={request.status !== "pending"} />}
        <RequestFacts request={request} />
        {action.proposed.claim && <AgentSays claim={action.proposed.claim} />}
      </div>
      {pending ? (
        <Decide
          request={request}
          seen={seen}
          modified={field && edited !== null && edited !== field.text ? field.withText(edited) : undefined}
          onEdit={field ? () => setEdited(edited === null ? field.text : null) : undefined}
          isEditing={edited !== null}
          onDecided={onDecided}
        />
      ) : (
        <Ended question={request} onNext={onDecided} />
      )}
    </article>
  );
}

/** The one sentence that made it a question comes first. */
function Heading({ request, task }: { readonly request: ApprovalRequest; readonly task: string | undefined }) {
  const { action } = request;
  return (
    <header className="flex flex-col gap-2.5">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <RiskMark level={action.assessment?.level ?? "critical"} {...(action.assessment && { score: action.assessment.score })} />
        <Chip>{levelWords[request.level]}</Chip>
        {action.proposed.environment && <Chip>{action.proposed.environment}</Chip>}
        {request.status === "pending" && (
          <span className="ml-auto text-body">
            <TimeLeft until={request.expiresAt} />
          </span>
        )}
      </div>
      <h2 className="text-title font-semibold tracking-[-0.012em]">
        {action.decision?.reasons[0]?.sentence ?? "This waits for a person."}
      </h2>
      <p className="text-body text-muted">
        <strong className="font-medium text-ink">{request.agent}</strong>
        {action.proposed.subagent && ` (sub-agent ${action.proposed.subagent.type ?? action.proposed.subagent.id})`} asked{" "}
        <Ago at={request.createdAt} />, working on{" "}
        <Link
          to="/runs/$run"
          params={{ run: request.runId }}
          className="break-words underline decoration-line underline-offset-4 hover:text-ink"
        >
          {task === undefined ? `run ${request.runId}` : <HostileText text={task} />}
        </Link>
      </p>
    </header>
  );
}
