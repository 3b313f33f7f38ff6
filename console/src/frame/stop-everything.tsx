import { OctagonX } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { announce } from "../live/announce.js";
import { useClient } from "../live/client.js";
import { showReceipt } from "../live/receipts.js";
import { isTyping } from "../parts/shortcuts.js";
import { sentenceOf } from "../parts/state-pages.js";

/** How long `.` is held: long enough not to be typed by accident. */
const holdKeyMs = 600;

/** One press stops everything; the receipt says at once what came of it. */
function useStopEverything(): () => void {
  const client = useClient();
  const sending = useRef(false);
  return () => {
    if (sending.current) return;
    sending.current = true;
    const requestedAt = Date.now();
    showReceipt({ status: "sending", at: requestedAt });
    announce("Stopping everything", "assertive");
    client
      .intervene({ kind: "stop", scope: { kind: "everything" } })
      .then(
        (intervention) => showReceipt({ status: "made", intervention }),
        (error: unknown) => showReceipt({ status: "failed", sentence: sentenceOf(error), at: requestedAt }),
      )
      .finally(() => {
        sending.current = false;
      });
  };
}

/** Red, far right, always there: also above a dialog, which leaves what is marked as top layer alone. */
export function StopEverything({ wide = false }: { readonly wide?: boolean }) {
  const stop = useStopEverything();
  return (
    <span data-react-aria-top-layer="true" className={wide ? "flex flex-1" : ""}>
      {/* A plain button: it works on press, whatever else the page is doing. */}
      <button
        type="button"
        onClick={stop}
        aria-keyshortcuts="."
        className={`target inline-flex h-10 cursor-pointer items-center justify-center gap-2 rounded-card bg-danger-fill px-4 text-body font-semibold whitespace-nowrap text-on-danger transition-colors duration-(--quick) hover:bg-danger-fill-hover active:translate-y-px pointer-coarse:h-11 ${wide ? "flex-1" : ""}`}
      >
        <OctagonX size={17} strokeWidth={2.25} aria-hidden="true" />
        {wide ? "Stop" : "Stop everything"}
        {wide && <span className="sr-only"> everything</span>}
      </button>
    </span>
  );
}

/** `.` held down for 600 ms, anywhere but in a text field, also while a dialog is open. */
export function StopKey() {
  const stop = useStopEverything();
  const latest = useRef(stop);
  const [holding, setHolding] = useState(false);
  useEffect(() => {
    latest.current = stop;
  });
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const release = () => {
      clearTimeout(timer);
      setHolding(false);
    };
    const press = (event: KeyboardEvent) => {
      if (event.key !== "." || event.repeat || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      setHolding(true);
      timer = setTimeout(() => {
        setHolding(false);
        latest.current();
      }, holdKeyMs);
    };
    const lift = (event: KeyboardEvent) => event.key === "." && release();
    window.addEventListener("keydown", press, true);
    window.addEventListener("keyup", lift, true);
    window.addEventListener("blur", release);
    return () => {
      release();
      window.removeEventListener("keydown", press, true);
      window.removeEventListener("keyup", lift, true);
      window.removeEventListener("blur", release);
    };
  }, []);
  if (!holding) return null;
  return (
    <p
      role="status"
      className="fixed inset-x-0 top-16 z-50 mx-auto w-fit rounded-card bg-danger-fill px-4 py-2 text-body font-semibold text-on-danger shadow-lifted"
    >
      Keep holding to stop everything
    </p>
  );
}
