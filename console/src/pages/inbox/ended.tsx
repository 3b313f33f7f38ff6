import type { ApprovalStatus, Resolution } from "@pullcord/sdk/protocol";
import { useEffect } from "react";
import { announce } from "../../live/announce.js";
import { Button } from "../../parts/button.js";
import { StateMark } from "../../parts/state-mark.js";
import { Ago } from "../../parts/time.js";
import { HostileText } from "../../text/hostile-text.js";

const sentences: Readonly<Record<ApprovalStatus, string>> = {
  pending: "",
  approved: "approved this",
  denied: "denied this",
  expired: "Nobody answered in time, so it was denied",
  cancelled: "It was cancelled: nobody waits for it any more",
};

interface EndedProps {
  /** A request or a plan. */
  readonly question: { readonly status: ApprovalStatus; readonly resolution: Resolution | null };
  readonly onNext: () => void;
}

/** How the question ended, at once and in the place where it would have been decided. */
export function Ended({ question, onNext }: EndedProps) {
  const { resolution, status } = question;
  const byPerson = resolution && (status === "approved" || status === "denied");
  useEffect(() => announce(`This request is ${status}`, status === "expired" || status === "cancelled" ? "assertive" : "polite"), [status]);
  return (
    <footer role="status" className="sticky bottom-[65px] z-10 border-t border-line bg-raised px-4 py-4 md:bottom-0 md:px-8">
      <div className="mx-auto flex w-full max-w-[796px] flex-wrap items-center gap-x-4 gap-y-2">
        <StateMark state={status} size={18} />
        <p className="min-w-0 flex-1 text-body">
          {byPerson ? `${resolution.by.id} ${sentences[status]}` : sentences[status]}
          {resolution && (
            <>
              {" "}
              <span className="text-muted">
                <Ago at={resolution.at} />
                {resolution.by.via && ` via ${resolution.by.via.replaceAll("_", " ")}`}
              </span>
              {resolution.reason && (
                <span className="block text-small text-muted">
                  “<HostileText text={resolution.reason} />”
                </span>
              )}
            </>
          )}
        </p>
        <Button onPress={onNext}>Next request</Button>
      </div>
    </footer>
  );
}
