import type { LogLine } from "@pullcord/sdk/protocol";
import { ArrowDown, TextSearch } from "lucide-react";
import { memo, useEffect, useRef, useState } from "react";
import { useSearch } from "../../frame/search.js";
import { useLog } from "../../live/queries.js";
import { Button } from "../../parts/button.js";
import { ScrollBox } from "../../parts/scroll-box.js";
import { Empty, Loading, Trouble } from "../../parts/state-pages.js";
import { HostileText } from "../../text/hostile-text.js";
import { clockTime } from "../../text/words.js";

const atEndPx = 40;

/** The run's output, live. It follows the end until somebody scrolls up. */
export function Log({ run }: { readonly run: string }) {
  const log = useLog(run);
  const matches = useSearch();
  const box = useRef<HTMLDivElement>(null);
  const [follows, setFollows] = useState(true);
  const lines = (log.data ?? []).filter((line) => matches(line.text));
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
