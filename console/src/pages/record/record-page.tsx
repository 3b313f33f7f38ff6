import { auditTypes, type AuditType } from "@pullcord/sdk/protocol";
import { Activity, ArrowUp } from "lucide-react";
import { useState } from "react";
import { useSearch } from "../../frame/search.js";
import { useRecordedCount } from "../../live/clock.js";
import { useAudit } from "../../live/queries.js";
import { Button } from "../../parts/button.js";
import { PageFrame } from "../../parts/page.js";
import { Empty, Loading, Trouble } from "../../parts/state-pages.js";
import { count } from "../../text/words.js";
import { Entry } from "./entry.js";
import { Verify } from "./verify.js";

interface Filters {
  readonly type: AuditType | "";
  readonly actor: string;
  readonly run: string;
}

/** Can I prove it? */
export function RecordPage() {
  const [filters, setFilters] = useState<Filters>({ type: "", actor: "", run: "" });
  const audit = useAudit({
    ...(filters.type && { type: filters.type }),
    ...(filters.actor && { actor: filters.actor }),
    ...(filters.run && { run: filters.run }),
  });
  const matches = useSearch();
  const recorded = useRecordedCount();
  const [shownCount, setShownCount] = useState(recorded);
  const fresh = recorded - shownCount;
  const entries = (audit.data?.pages ?? [])
    .flatMap((page) => page.items)
    .filter((entry) => matches(`${entry.type} ${entry.actor.id} ${entry.runId ?? ""} ${JSON.stringify(entry.body)}`));

  const letIn = () => {
    setShownCount(recorded);
    void audit.refetch();
  };
  return (
    <PageFrame title="Record" lead="Everything that happened, each entry chained to the one before it." actions={<Verify />}>
      <FilterBar filters={filters} onFilters={setFilters} />
      {fresh > 0 && (
        <Button className="self-center rounded-full shadow-lifted" tone="primary" onPress={letIn}>
          <ArrowUp size={15} aria-hidden="true" /> {count(fresh, "new entry", "new entries")}
        </Button>
      )}
      <div className="card overflow-hidden">
        {audit.isPending && <Loading rows={8} />}
        {audit.isError && !audit.data && <Trouble error={audit.error} retry={() => void audit.refetch()} />}
        {audit.data && entries.length === 0 && (
          <Empty icon={Activity} title="No entries fit" command="npx pullcord audit --json">
            Take a filter away, or read the whole record in a terminal:
          </Empty>
        )}
        <ul className="divide-y divide-line">
          {entries.map((entry) => (
            <Entry key={entry.seq} entry={entry} />
          ))}
        </ul>
      </div>
      {audit.hasNextPage && (
        <Button className="self-center" isDisabled={audit.isFetchingNextPage} onPress={() => void audit.fetchNextPage()}>
          {audit.isFetchingNextPage ? "Reading" : "Older entries"}
        </Button>
      )}
    </PageFrame>
  );
}

const box =
  "h-10 min-w-0 rounded-card border border-control/70 bg-surface px-3 text-body text-ink placeholder:text-muted pointer-coarse:h-11";

function FilterBar({ filters, onFilters }: { readonly filters: Filters; readonly onFilters: (filters: Filters) => void }) {
  return (
    <div role="group" aria-label="Filters" className="grid gap-2 sm:grid-cols-3 lg:max-w-[760px]">
      <select
        aria-label="Type"
        value={filters.type}
        onChange={(event) => onFilters({ ...filters, type: auditTypes.find((type) => type === event.target.value) ?? "" })}
        className={`${box} cursor-pointer`}
      >
        <option value="">Every type</option>
        {auditTypes.map((type) => (
          <option key={type}>{type}</option>
        ))}
      </select>
      <input
        aria-label="Actor"
        placeholder="Actor"
        value={filters.actor}
        maxLength={200}
        onChange={(event) => onFilters({ ...filters, actor: event.target.value.trim() })}
        className={box}
      />
      <input
        aria-label="Run"
        placeholder="Run id"
        value={filters.run}
        maxLength={64}
        onChange={(event) => onFilters({ ...filters, run: event.target.value.trim() })}
        className={box}
      />
    </div>
  );
}
