import { Link } from "@tanstack/react-router";
import { ArrowUp, CheckCheck, ChevronDown } from "lucide-react";
import { useState } from "react";
import { Button } from "../../parts/button.js";
import { RiskMark } from "../../parts/risk.js";
import { Empty } from "../../parts/state-pages.js";
import { TimeLeft } from "../../parts/time.js";
import { HostileText } from "../../text/hostile-text.js";
import { count } from "../../text/words.js";
import { folded, type Fold } from "./order.js";
import type { Question } from "./question.js";

const longestLine = 160;

interface QuestionListProps {
  readonly questions: readonly Question[];
  readonly pending: ReadonlySet<string>;
  readonly current: string | undefined;
  readonly arrived: number;
  readonly onLetIn: () => void;
}

/** The list stands still; new requests arrive as a counted pill. */
export function QuestionList({ questions, pending, current, arrived, onLetIn }: QuestionListProps) {
  return (
    <div className="relative flex flex-col">
      {arrived > 0 && (
        <div className="sticky top-0 z-10 flex justify-center py-2">
          <Button tone="primary" className="rounded-full shadow-lifted" onPress={onLetIn}>
            <ArrowUp size={15} aria-hidden="true" /> {count(arrived, "new request")}
          </Button>
        </div>
      )}
      {questions.length === 0 && arrived === 0 && (
        <Empty icon={CheckCheck} title="All answered" command="npx pullcord inbox">
          The same list in a terminal:
        </Empty>
      )}
      <ul className="flex flex-col border-y border-line bg-surface">
        {folded(questions).map((fold) => (
          <FoldedRows key={fold.first.id} fold={fold} pending={pending} current={current} />
        ))}
      </ul>
    </div>
  );
}

function FoldedRows({
  fold,
  pending,
  current,
}: {
  readonly fold: Fold;
  readonly pending: ReadonlySet<string>;
  readonly current: string | undefined;
}) {
  const [open, setOpen] = useState(false);
  const rows = open ? [fold.first, ...fold.rest] : [fold.first];
  return (
    <>
      {rows.map((question) => (
        <Row key={question.id} question={question} isPending={pending.has(question.id)} isCurrent={question.id === current} />
      ))}
      {fold.rest.length > 0 && (
        <li className="border-b border-line px-3 py-1 last:border-b-0">
          <Button tone="quiet" aria-expanded={open} onPress={() => setOpen(!open)}>
            <ChevronDown size={15} aria-hidden="true" className={open ? "rotate-180" : ""} />{" "}
            {open ? "Fold together" : `${fold.rest.length} more like this`}
          </Button>
        </li>
      )}
    </>
  );
}

interface RowProps {
  readonly question: Question;
  readonly isPending: boolean;
  readonly isCurrent: boolean;
}

function Row({ question, isPending, isCurrent }: RowProps) {
  const { id, agent, risk, expiresAt, line, why } = question;
  return (
    <li className="border-b border-line last:border-b-0">
      <Link
        to="/inbox/$request"
        params={{ request: id }}
        aria-current={isCurrent ? "true" : undefined}
        className={`flex flex-col gap-1 px-4 py-3 -outline-offset-2 transition-colors duration-(--quick) hover:bg-hover lg:px-5 ${isCurrent ? "lg:bg-accent-wash lg:shadow-[inset_3px_0_0_var(--accent)]" : ""} ${isPending ? "" : "opacity-60"}`}
      >
        <span className="flex items-center justify-between gap-3">
          <RiskMark level={risk} />
          <span className="text-small">{isPending ? <TimeLeft until={expiresAt} /> : <span className="text-muted">answered</span>}</span>
        </span>
        <code className={`block truncate text-small font-medium ${isPending ? "" : "line-through"}`}>
          <HostileText text={line.slice(0, longestLine)} />
        </code>
        <span className="truncate text-small text-muted">
          {agent} · {why}
        </span>
      </Link>
    </li>
  );
}
