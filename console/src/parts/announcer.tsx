import { useSyncExternalStore } from "react";
import { announcement, onAnnouncement } from "../live/announce.js";

/** The two live regions of the page. */
export function Announcer() {
  const polite = useSyncExternalStore(onAnnouncement, () => announcement("polite"));
  const assertive = useSyncExternalStore(onAnnouncement, () => announcement("assertive"));
  return (
    <div className="sr-only" data-react-aria-top-layer="true">
      <div aria-live="polite">
        <span key={polite.id}>{polite.text}</span>
      </div>
      <div aria-live="assertive">
        <span key={assertive.id}>{assertive.text}</span>
      </div>
    </div>
  );
}
