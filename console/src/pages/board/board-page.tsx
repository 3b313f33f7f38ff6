import { Link } from "@tanstack/react-router";
import { LayoutList } from "lucide-react";
import { useState } from "react";
import { useSearch } from "../../frame/search.js";
import { useNow } from "../../live/clock.js";
import { useRuns } from "../../live/queries.js";
import { Button } from "../../parts/button.js";
import { PageFrame, Section } from "../../parts/page.js";
import { Empty, Loading, Trouble } from "../../parts/state-pages.js";
import { count } from "../../text/words.js";
import { groupNames, groups } from "./groups.js";
import { RunRow } from "./run-row.js";
import { useArranged } from "./settle.js";
import { StopTimesOfTheWeek } from "./stop-times.js";

/** Is everything all right? */
export function BoardPage() {
  const runs = useRuns();
  const matches = useSearch();
  const now = useNow();
  const [still, setStill] = useState(false);
  const items = (runs.data?.items ?? []).filter((run) => matches(`${run.id} ${run.agent} ${run.task} ${run.now?.sentence ?? ""}`));
  const { arranged, moved, settle } = useArranged(items, still, now);
  const sizes = groups.map((group) => arranged.get(group)?.length ?? 0);

  return (
    <PageFrame
      title="Board"
      lead={runs.data && answer(sizes)}
      actions={moved > 0 && <Button onPress={settle}>{count(moved, "change")} to show</Button>}
    >
      {runs.isPending && (
        <div className="card">
          <Loading rows={5} />
        </div>
      )}
      {runs.isError && !runs.data && (
        <div className="card">
          <Trouble error={runs.error} retry={() => void runs.refetch()} />
        </div>
      )}
      {runs.data && items.length === 0 && <NothingRuns />}
      <div
        className="flex flex-col gap-6"
        onPointerEnter={(event) => event.pointerType === "mouse" && setStill(true)}
        onPointerLeave={() => setStill(false)}
        onFocus={() => setStill(true)}
        onBlur={() => setStill(false)}
      >
        {groups.map((group) => {
          const rows = arranged.get(group) ?? [];
          if (rows.length === 0) return null;
          return (
            <Section key={group} title={groupNames[group]} aside={rows.length}>
              <ul className="card divide-y divide-line overflow-hidden">
                {rows.map((run) => (
                  <RunRow key={run.id} run={run} showsLimits />
                ))}
              </ul>
            </Section>
          );
        })}
      </div>
      <StopTimesOfTheWeek />
      {runs.data && (
        <p className="px-1 text-small text-muted">
          <Link to="/runs" className="target underline decoration-line underline-offset-4 hover:text-ink">
            All runs, also earlier ones
          </Link>
        </p>
      )}
    </PageFrame>
  );
}

function answer([needsYou = 0, running = 0, paused = 0]: readonly number[]): string {
  if (needsYou > 0)
    return `${count(needsYou, "run")} ${needsYou === 1 ? "waits" : "wait"} for you${running > 0 ? `, ${running} running` : ""}.`;
  if (running > 0) return `All is well: ${count(running, "run")} running${paused > 0 ? `, ${paused} paused` : ""}.`;
  return paused > 0 ? `Nothing is running, ${count(paused, "run")} paused.` : "All is quiet.";
}

function NothingRuns() {
  return (
    <div className="card">
      <Empty icon={LayoutList} title="Nothing is running" command="npx pullcord connect claude-code">
        Connect a coding agent and its next session appears here. Any other program:{" "}
        <code className="text-small">npx pullcord run -- npm test</code>
      </Empty>
    </div>
  );
}
