import type { ReceiptAction, ReceiptProcesses, ReceiptStep, RunReceipt, StopReceipt } from "@pullcord/sdk/protocol";
import { useStopReceipt } from "../live/queries.js";
import { HostileText } from "../text/hostile-text.js";
import { clockTime, count, fineDuration, scopeName } from "../text/words.js";
import { CopyCommand } from "./copy-command.js";
import { ScrollBox } from "./scroll-box.js";

/** What was done in a step, and how many times. */
const stepWords: Readonly<Record<ReceiptStep["step"], (n: number) => string>> = {
  requested: () => "requested",
  acknowledged: () => "nothing more allowed",
  permits_revoked: (n) => `${count(n, "permit")} revoked`,
  requests_cancelled: (n) => `${count(n, "request")} cancelled`,
  heard: (n) => `${n} heard by ${n === 1 ? "its gate" : "their gates"}`,
  processes_ended: (n) => `${count(n, "process", "processes")} ended`,
};

const fateNames: Readonly<Record<ReceiptAction["fate"], string>> = {
  finished: "finished after the stop",
  cut_short: "cut short",
  unreported: "had begun, end unknown",
  never_begun: "never begun",
};

/** What came of a stop, read again with every line that is recorded about it. */
export function StopReceiptOf({ id }: { readonly id: string }) {
  const { data } = useStopReceipt(id);
  if (!data) return <p className="text-body font-semibold text-danger">Stopping: waiting for the receipt …</p>;
  return <StopReceiptView receipt={data} />;
}

/** A stop, step by step with times; nothing is called stopped on a guess. */
export function StopReceiptView({ receipt: { intervention, sentence, steps, runs } }: { readonly receipt: StopReceipt }) {
  const requestedAt = steps[0]?.at ?? intervention.at;
  return (
    <div className="flex flex-col gap-1.5 text-body">
      <p className="font-semibold text-danger">
        <HostileText text={sentence} />
      </p>
      {intervention.unrecorded && (
        <p className="font-semibold">
          Not on record: the database cannot write. The stop holds as long as this server runs, and is recorded when the disk is back.
        </p>
      )}
      <p className="text-small text-ink">
        Asked for {scopeName(intervention.scope)} by <HostileText text={intervention.by.id} /> at {clockTime(requestedAt)}
        {intervention.reason !== undefined && (
          <>
            : <HostileText text={intervention.reason} />
          </>
        )}
      </p>
      <ol className="flex flex-wrap gap-x-3 gap-y-0.5 text-small text-ink">
        {steps.slice(1).map((step) => (
          <li key={step.step} className="whitespace-nowrap tabular-nums">
            → {stepWords[step.step](step.count ?? 0)} <span className="text-muted">{fineDuration(step.at - requestedAt)}</span>
          </li>
        ))}
      </ol>
      <ScrollBox label="Receipt by run" className="max-h-44">
        <ul className="flex flex-col gap-1">
          {runs.map((run) => (
            <RunLines key={run.runId} run={run} requestedAt={requestedAt} />
          ))}
        </ul>
      </ScrollBox>
    </div>
  );
}

function RunLines({ run, requestedAt }: { readonly run: RunReceipt; readonly requestedAt: number }) {
  const { processes, actions } = run;
  const undone = actions.filter(({ fate }) => fate !== "finished").length;
  return (
    <li className="text-small text-ink">
      <code className="font-semibold">{run.runId}</code> {processWords(run, requestedAt)}
      {processes.survivors.length > 0 && (
        <span className="font-semibold text-danger">
          {" "}
          · survivors: <HostileText text={processes.survivors.join(", ")} />
        </span>
      )}
      {processes.unknown > 0 && <span className="font-semibold text-danger"> · {processes.unknown} unknown</span>}
      {processes.containment !== undefined && <span className="text-muted"> · held by {processes.containment.replace("_", " ")}</span>}
      {processes.saidBy !== undefined && (
        <span className="text-muted">
          {" "}
          · says <HostileText text={processes.saidBy} />, which supervised it
        </span>
      )}
      {processes.status === "unproven" && processes.detail !== undefined && (
        <span className="block pl-4">
          <HostileText text={processes.detail} />
        </span>
      )}
      <details className="pl-4">
        <summary className="target w-fit cursor-pointer text-muted hover:text-ink">
          {count(run.finished, "action")} done before{undone > 0 && `, ${undone} not done`}; how to go on
        </summary>
        <ul className="flex flex-col py-1">
          {actions.map((action) => (
            <li key={action.actionId}>
              {fateNames[action.fate]}:{" "}
              <code className="break-all">
                <HostileText text={action.sentence} />
              </code>
            </li>
          ))}
        </ul>
        <CopyCommand command={run.resume} />
      </details>
    </li>
  );
}

function processWords({ processes, heardAt }: RunReceipt, requestedAt: number): string {
  const words: Record<ReceiptProcesses["status"], string> = {
    awaited: "waiting for word about its processes",
    ended: `${count(processes.ended, "process", "processes")} ended`,
    unproven: `not proven stopped: ${count(processes.ended, "process", "processes")} ended`,
    unwatched: heardAt === undefined ? "no processes of its own are known: it stops at its next action" : "its own gate has heard the stop",
  };
  const at = processes.at ?? heardAt;
  return `→ ${words[processes.status]}${at === undefined ? "" : ` ${fineDuration(at - requestedAt)}`}`;
}
