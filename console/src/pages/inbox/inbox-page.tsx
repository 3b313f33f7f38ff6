import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { ArrowLeft, Inbox } from "lucide-react";
import { useMemo } from "react";
import { useSearch } from "../../frame/search.js";
import { useWaitingPlans } from "../../live/plans.js";
import { useRequests } from "../../live/queries.js";
import { useTitle } from "../../parts/page.js";
import { useShortcuts } from "../../parts/shortcuts.js";
import { Empty, Loading, Trouble } from "../../parts/state-pages.js";
import { useSteady } from "../../parts/steady.js";
import { count } from "../../text/words.js";
import { byUrgency } from "./order.js";
import { PlanPane } from "./plan-pane.js";
import { isPlanId, questionOfPlan, questionOfRequest, type Question } from "./question.js";
import { QuestionList } from "./question-list.js";
import { RequestPane } from "./request-pane.js";

/** What needs me? Two panes; on a phone one after the other. */
export function InboxPage() {
  const { request: chosen } = useParams({ strict: false });
  const requests = useRequests();
  const plans = useWaitingPlans();
  const matches = useSearch();
  const navigate = useNavigate();
  const waiting = useMemo(
    () =>
      requests.data &&
      plans.data &&
      [...requests.data.items.map(questionOfRequest), ...plans.data.items.map(questionOfPlan)].toSorted(byUrgency),
    [requests.data, plans.data],
  );
  const { shown, arrived, letIn } = useSteady(waiting);
  const pending = new Set(waiting?.map(({ id }) => id));
  const listed = shown.filter(({ agent, line, id }) => matches(`${agent} ${line} ${id}`));
  const current = chosen ?? listed.find(({ id }) => pending.has(id))?.id;
  useTitle(waiting && waiting.length > 0 ? `Inbox (${waiting.length})` : "Inbox");

  const go = (id: string | undefined) => void navigate(id ? { to: "/inbox/$request", params: { request: id } } : { to: "/inbox" });
  const step = (by: 1 | -1) => {
    const at = listed.findIndex(({ id }) => id === current);
    go(listed[Math.min(listed.length - 1, Math.max(0, at + by))]?.id);
  };
  useShortcuts({ j: () => step(1), k: () => step(-1) });

  const failed = [requests, plans].find(({ isError }) => isError);
  if (!waiting) return failed ? <Trouble error={failed.error} retry={() => void failed.refetch()} /> : <Loading rows={6} />;
  return (
    <div className="lg:grid lg:h-[calc(100dvh-3.5rem)] lg:grid-cols-[minmax(300px,380px)_minmax(0,1fr)]">
      <div className={`flex-col border-line lg:flex lg:min-h-0 lg:overflow-y-auto lg:border-r ${chosen ? "hidden" : "flex"}`}>
        <header className="px-4 pt-6 pb-3 lg:px-5">
          <h1 className="text-title font-semibold tracking-[-0.012em]">Inbox</h1>
          <p className="text-lead text-muted">
            {waiting.length === 0
              ? "Nothing waits for you."
              : `${count(waiting.length, "request")} ${waiting.length === 1 ? "waits" : "wait"} for you.`}
          </p>
        </header>
        <QuestionList questions={listed} pending={pending} current={current} arrived={arrived} onLetIn={letIn} />
      </div>
      <div className={`min-w-0 lg:block lg:min-h-0 lg:overflow-y-auto ${chosen ? "" : "hidden"}`}>
        {chosen && (
          <Link to="/inbox" className="flex h-12 items-center gap-2 px-4 text-body font-medium text-muted lg:hidden">
            <ArrowLeft size={17} aria-hidden="true" /> Inbox
          </Link>
        )}
        {current ? <Pane key={current} id={current} onDecided={() => go(nextOf(listed, pending, current))} /> : <AllDone />}
      </div>
    </div>
  );
}

function Pane(props: { readonly id: string; readonly onDecided: () => void }) {
  return isPlanId(props.id) ? <PlanPane {...props} /> : <RequestPane {...props} />;
}

/** The next one that waits, after this one, else before it. */
function nextOf(listed: readonly Question[], pending: ReadonlySet<string>, current: string): string | undefined {
  const at = listed.findIndex(({ id }) => id === current);
  return [...listed.slice(at + 1), ...listed.slice(0, Math.max(0, at))].find(({ id }) => pending.has(id))?.id;
}

function AllDone() {
  return (
    <div className="grid h-full place-items-center">
      <Empty icon={Inbox} title="Nothing waits for you">
        When an agent wants to do something that needs a person, it appears here, and agents wait until you answer.
      </Empty>
    </div>
  );
}
