import type { LogLine } from "@pullcord/sdk/protocol";
import { ArrowDown, TextSearch } from "lucide-react";
import { memo, useEffect, useRef, useState } from "react";
import { useSearch } from "../../frame/search.js";
import { useLog } from "../../live/queries.js";
import { Button } from "../../parts/button.js";
import { ScrollBox } from "../../parts/scroll-box.js";
import { Empty, Loading, Trouble } from "../../parts/state-pages.js";
import { HostileText } from "../../text/hostile-text.js";
import { clockTime, count } from "../../text/words.js";

const atEndPx = 40;

/** The run's output, live. It follows the end until somebody scrolls up. */
export function Log({ run }: { readonly run: string }) {
  const log = useLog(run);
  const matches = useSearch();
  const [wanted, setWanted] = useState("");
  const box = useRef<HTMLDivElement>(null);
  const [follows, setFollows] = useState(true);
  const all = log.data ?? [];
  const lines = all.filter((line) => matches(line.text) && line.text.toLowerCase().includes(wanted.toLowerCase()));
  useEffect(() => {
    if (follows && lines.length > 0) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [follows, lines.length]);

  if (!log.data)
    return <div className="card">{log.isError ? <Trouble error={log.error} retry={() => void log.refetch()} /> : <Loading />}</div>;
  if (log.data.length === 0) {
    return (
      <div className="card">
        <Empty icon={TextSearch} title="No output yet" command={`npx pullcord log ${run} --follow`}>
          Output appears here as it is written. In a terminal:
        </Empty>
      </div>
    );
  }
  return (
    <div className="card relative overflow-hidden">
      <SearchLines text={wanted} setText={setWanted} found={lines.length} of={all.length} isCut={(all[0]?.seq ?? 1) > 1} />
      <ScrollBox
        ref={box}
        label="Output of the run"
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) =>
          setFollows(scrollHeight - scrollTop - clientHeight < atEndPx)
        }
        className="will-run max-h-[60dvh] min-h-40 bg-sunken/60 py-3"
      >
        {lines.map((line) => (
          <Line key={line.seq} line={line} />
        ))}
        {lines.length === 0 && <p className="px-4 py-2 text-muted">No line has that.</p>}
      </ScrollBox>
      {!follows && (
        <Button tone="primary" className="absolute right-4 bottom-4 rounded-full shadow-lifted" onPress={() => setFollows(true)}>
          <ArrowDown size={15} aria-hidden="true" /> Follow
        </Button>
      )}
    </div>
  );
}

interface SearchLinesProps {
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly found: number;
  readonly of: number;
  /** There is more before; the server has it. */
  readonly isCut: boolean;
}

function SearchLines({ text, setText, found, of, isCut }: SearchLinesProps) {
  const all = isCut ? `the newest ${count(of, "line")}` : count(of, "line");
  return (
    <div className="flex items-center gap-3 border-b border-line px-4 py-2">
      <label className="relative flex min-w-0 flex-1 items-center sm:max-w-[340px]">
        <TextSearch size={15} aria-hidden="true" className="pointer-events-none absolute left-3 text-muted" />
        <span className="sr-only">Search the output</span>
        <input
          type="search"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => event.key === "Escape" && setText("")}
          placeholder="Search the output"
          className="h-9 w-full min-w-0 rounded-card border border-line bg-surface pr-3 pl-9 text-body placeholder:text-muted pointer-coarse:h-11"
        />
      </label>
      <span role="status" className="ml-auto text-small whitespace-nowrap text-muted tabular-nums">
        {found === of ? all : `${found} of ${all}`}
      </span>
    </div>
  );
}

const looks = { stdout: "", stderr: "shadow-[inset_3px_0_0_var(--line-control)] bg-ink/4", note: "italic text-muted" } as const;
const names = { stdout: "", stderr: "err", note: "note" } as const;

const Line = memo(function Line({ line }: { readonly line: LogLine }) {
  return (
    <div className={`flex gap-4 px-4 text-[13px] leading-5 ${looks[line.stream]}`}>
      <time className="hidden shrink-0 text-muted select-none sm:block">{clockTime(line.at)}</time>
      <span className="min-w-0 flex-1">
        {names[line.stream] && <span className="mr-2 text-muted select-none">{names[line.stream]}</span>}
        <HostileText text={line.text === "" ? " " : line.text} />
      </span>
    </div>
  );
});
