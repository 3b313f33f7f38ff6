import type { RunStatus } from "@pullcord/sdk/protocol";
import { History } from "lucide-react";
import { useState } from "react";
import { useSearch } from "../../frame/search.js";
import { useRuns } from "../../live/queries.js";
import { Choice } from "../../parts/choice.js";
import { PageFrame } from "../../parts/page.js";
import { Empty, Loading, Trouble } from "../../parts/state-pages.js";
import { RunRow } from "../board/run-row.js";

const filters = [
  { value: "all", name: "All" },
  { value: "running", name: "Running" },
  { value: "paused", name: "Paused" },
  { value: "stopped", name: "Stopped" },
  { value: "finished", name: "Finished" },
] as const;

/** Every run there was, newest first. */
export function RunsPage() {
  const [filter, setFilter] = useState<RunStatus | "all">("all");
  const runs = useRuns(filter === "all" ? undefined : filter);
  const matches = useSearch();
  const items = (runs.data?.items ?? []).filter((run) => matches(`${run.id} ${run.agent} ${run.task}`));
  return (
    <PageFrame title="Runs" lead="What agents have done, newest first.">
      <Choice label="State" hideLabel value={filter} options={filters} onChange={setFilter} />
      <div className="card overflow-hidden">
        {runs.isPending && <Loading />}
        {runs.isError && !runs.data && <Trouble error={runs.error} retry={() => void runs.refetch()} />}
        {runs.data && items.length === 0 && (
          <Empty icon={History} title={filter === "all" ? "No runs yet" : `No ${filter} runs`} command="npx pullcord run -- npm test">
            Start any program under Pullcord, and it is listed here.
          </Empty>
        )}
        <ul className="divide-y divide-line">
          {items.map((run) => (
            <RunRow key={run.id} run={run} />
          ))}
        </ul>
      </div>
    </PageFrame>
  );
}
