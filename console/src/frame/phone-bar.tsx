import { Link } from "@tanstack/react-router";
import { Inbox, LayoutList } from "lucide-react";
import { useStatus } from "../live/queries.js";
import { WaitingCount } from "./rail.js";
import { StopEverything } from "./stop-everything.js";

const look =
  "relative flex h-12 flex-1 items-center justify-center gap-2 rounded-card text-body font-medium text-muted aria-[current=page]:bg-ink/7 aria-[current=page]:text-ink";

/** Under the thumb: Inbox, Board, Stop. */
export function PhoneBar() {
  const waiting = useStatus().data?.pendingRequests ?? 0;
  return (
    <div className="sticky bottom-0 z-40 flex items-center gap-2 border-t border-line bg-canvas/95 px-3 pt-2 pb-[max(8px,env(safe-area-inset-bottom))] backdrop-blur-md md:hidden">
      <nav aria-label="Inbox and board" className="flex flex-[2] gap-2">
        <Link to="/inbox" className={look}>
          <Inbox size={18} aria-hidden="true" /> Inbox {waiting > 0 && <WaitingCount count={waiting} />}
        </Link>
        <Link to="/" activeOptions={{ exact: true }} className={look}>
          <LayoutList size={18} aria-hidden="true" /> Board
        </Link>
      </nav>
      <StopEverything wide />
    </div>
  );
}
