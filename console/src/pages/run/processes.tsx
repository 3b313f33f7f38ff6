import type { ProcessState, RunningProcess } from "@pullcord/sdk/protocol";
import { Cpu } from "lucide-react";
import { useSearch } from "../../frame/search.js";
import { useProcesses } from "../../live/queries.js";
import { Empty, Loading, Trouble } from "../../parts/state-pages.js";
import { HostileText } from "../../text/hostile-text.js";

const stateWords: Readonly<Record<ProcessState, string>> = {
  working: "Works",
  waiting: "Waits",
  uninterruptible: "Waits for a device",
  frozen: "Stands still",
  other: "Unclear",
};

/** What each process of the run does now, read again every few seconds. */
export function Processes({ run }: { readonly run: string }) {
  const processes = useProcesses(run);
  const matches = useSearch();
  if (!processes.data)
    return (
      <div className="card">
        {processes.isError ? <Trouble error={processes.error} retry={() => void processes.refetch()} /> : <Loading />}
      </div>
    );
  const { items, unseen } = processes.data;
  const depths = depthsOf(items);
  return (
    <div className="card overflow-hidden">
      {unseen !== null && <p className="border-b border-line bg-accent-wash px-4 py-2 text-small font-medium">{unseen}</p>}
      {items.length === 0 && unseen === null && (
        <Empty icon={Cpu} title="No process is alive">
          What the run starts appears here while it lives.
        </Empty>
      )}
      <ul className="divide-y divide-line">
        {items
          .filter(({ command, pid }) => matches(`${pid} ${command}`))
          .map(({ pid, command, state }) => (
            <li
              key={pid}
              className="grid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-4 px-4 py-2 md:grid-cols-[72px_minmax(0,1fr)_150px]"
            >
              <span className="hidden text-small text-muted tabular-nums md:block">{pid}</span>
              <code className="text-small break-words" style={{ paddingInlineStart: `${(depths.get(pid) ?? 0) * 14}px` }}>
                <HostileText text={command} />
              </code>
              <span className="text-small text-muted">{stateWords[state]}</span>
            </li>
          ))}
      </ul>
    </div>
  );
}

const deepest = 8;

function depthsOf(items: readonly RunningProcess[]): ReadonlyMap<number, number> {
  const depths = new Map<number, number>();
  for (const { pid, parent } of items) depths.set(pid, Math.min(deepest, (depths.get(parent) ?? -1) + 1));
  return depths;
}
