import { actionLine, type ApprovalRequest } from "@pullcord/sdk/protocol";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { ArrowLeft, Inbox } from "lucide-react";
import { useMemo } from "react";
import { useSearch } from "../../frame/search.js";
import { useRequests } from "../../live/queries.js";
import { useTitle } from "../../parts/page.js";
import { useShortcuts } from "../../parts/shortcuts.js";
import { Empty, Loading, Trouble } from "../../parts/state-pages.js";
import { useSteady } from "../../parts/steady.js";
import { count } from "../../text/words.js";
import { byUrgency } from "./order.js";
import { RequestList } from "./request-list.js";
import { RequestPane } from "./request-pane.js";

/** What needs me? Two panes; on a phone one after the other. */
export function InboxPage() {
  const { request: chosen } = useParams({ strict: false });
  const requests = useRequests();
  const matches = useSearch();
  const navigate = useNavigate();
  const waiting = useMemo(() => requests.data && [...requests.data.items].sort(byUrgency), [requests.data]);
  const { shown, arrived, letIn } = useSteady(waiting);
  const pending = new Set(waiting?.map((request) => request.id));
  const listed = shown.filter((request) => matches(`${request.agent} ${actionLine(request.action.proposed)} ${request.id}`));
  const current = chosen ?? listed.find((request) => pending.has(request.id))?.id;
  useTitle(waiting && waiting.length > 0 ? `Inbox (${waiting.length})` : "Inbox");

  const go = (request: string | undefined) => void navigate(request ? { to: "/inbox/$request", params: { request } } : { to: "/inbox" });
  const step = (by: 1 | -1) => {
    const at = listed.findIndex((request) => request.id === current);
    go(listed[Math.min(listed.length - 1, Math.max(0, at + by))]?.id);
  };
  useShortcuts({ j: () => step(1), k: () => step(-1) });

  if (!waiting) return requests.isError ? <Trouble error={requests.error} retry={() => void requests.refetch()} /> : <Loading rows={6} />;
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
        <RequestList requests={listed} pending={pending} current={current} arrived={arrived} onLetIn={letIn} />
      </div>
      <div className={`min-w-0 lg:block lg:min-h-0 lg:overflow-y-auto ${chosen ? "" : "hidden"}`}>
        {chosen && (
          <Link to="/inbox" className="flex h-12 items-center gap-2 px-4 text-body font-medium text-muted lg:hidden">
            <ArrowLeft size={17} aria-hidden="true" /> Inbox
          </Link>
        )}
        {current ? <RequestPane key={current} id={current} onDecided={() => go(nextOf(listed, pending, current))} /> : <AllDone />}
      </div>
    </div>
  );
}

/** The next one that waits, after this one, else before it. */
function nextOf(listed: readonly ApprovalRequest[], pending: ReadonlySet<string>, current: string): string | undefined {
  const at = listed.findIndex((request) => request.id === current);
  return [...listed.slice(at + 1), ...listed.slice(0, Math.max(0, at))].find((request) => pending.has(request.id))?.id;
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
