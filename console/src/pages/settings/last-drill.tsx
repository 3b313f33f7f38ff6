import { containmentWords, type DrillReport, type DrillSummary } from "@pullcord/sdk/protocol";
import { useLastDrill } from "../../live/queries.js";
import { CopyCommand } from "../../parts/copy-command.js";
import { Loading, Trouble } from "../../parts/state-pages.js";
import { Ago } from "../../parts/time.js";
import { count } from "../../text/words.js";

/** What the newest drill showed, and how to run one: on the machine that the agents run on. */
export function LastDrill() {
  const { data, error } = useLastDrill();
  if (!data) return error ? <Trouble error={error} /> : <Loading rows={2} />;
  const [entry] = data.items;
  return (
    <div className="flex flex-col items-start gap-3">
      {entry ? (
        <Report report={entry.body as unknown as DrillReport} at={entry.at} />
      ) : (
        <p className="text-body text-muted">No drill yet. It starts harmless workloads that are hard to end, and stops them.</p>
      )}
      <CopyCommand command="npx pullcord drill stop" />
    </div>
  );
}

function Report({ report: { isPassed, summaries }, at }: { readonly report: DrillReport; readonly at: number }) {
  return (
    <>
      <p className="text-body">
        <strong className={isPassed ? "font-semibold" : "font-semibold text-danger"}>
          {isPassed ? "The stop works here" : "The stop failed"}
        </strong>
        , <Ago at={at} />
      </p>
      <ul className="flex flex-col gap-1 text-small">
        {summaries.map((summary) => (
          <li key={summary.containment}>
            <span className="text-muted">{containmentWords[summary.containment]}:</span> {summaryWords(summary)}
          </li>
        ))}
      </ul>
    </>
  );
}

function summaryWords({ rounds, left, unnamed, p50Ms, p99Ms }: DrillSummary): string {
  const survivors = left === 0 ? "none left" : `${left} left, ${unnamed} of them not named`;
  return `${count(rounds, "stop")}, ${survivors}, p50 ${p50Ms} ms, p99 ${p99Ms} ms`;
}
