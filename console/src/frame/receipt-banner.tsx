import { X } from "lucide-react";
import { useSyncExternalStore } from "react";
import { onReceipt, receipt, showReceipt } from "../live/receipts.js";
import { bannerHeight } from "../parts/dialog.js";
import { Button } from "../parts/button.js";
import { StopReceiptOf } from "../parts/stop-receipt.js";

/** What came of the newest stop, until somebody puts it away. */
export function ReceiptBanner() {
  const shown = useSyncExternalStore(onReceipt, receipt);
  if (!shown) return null;
  return (
    <div ref={tellHeight} data-react-aria-top-layer="true" className="sticky top-14 z-35 border-b border-danger/40 bg-danger-wash">
      <div className="mx-auto flex w-full max-w-[1180px] items-start gap-4 px-4 py-3 md:px-8">
        <div className="min-w-0 flex-1" role={shown.status === "failed" ? "alert" : "status"}>
          {shown.status === "sending" && <p className="text-body font-semibold text-danger">Stopping everything …</p>}
          {shown.status === "failed" && <StopFailed sentence={shown.sentence} />}
          {shown.status === "made" && <StopReceiptOf key={shown.intervention.id} id={shown.intervention.id} />}
        </div>
        <Button tone="quiet" square aria-label="Put the receipt away" onPress={() => showReceipt(null)}>
          <X size={17} aria-hidden="true" />
        </Button>
      </div>
    </div>
  );
}

/** A dialog begins below the banner: neither hides the other. */
function tellHeight(banner: HTMLElement | null): (() => void) | undefined {
  if (!banner) return undefined;
  const { style } = document.documentElement;
  const observer = new ResizeObserver(() => style.setProperty(bannerHeight, `${banner.offsetHeight}px`));
  observer.observe(banner);
  return () => {
    observer.disconnect();
    style.removeProperty(bannerHeight);
  };
}

function StopFailed({ sentence }: { readonly sentence: string }) {
  return (
    <div className="flex flex-col gap-1 text-body">
      <p className="font-semibold text-danger">Stop did not reach the server</p>
      <p>
        {sentence} Press again, or stop without it in a terminal:{" "}
        <code className="rounded bg-surface px-1.5 py-0.5 text-small">npx pullcord stop --all --offline</code>
      </p>
    </div>
  );
}
