import type { PolicyVersion } from "@pullcord/sdk/protocol";
import { useState } from "react";
import { useVersions, useVersionText } from "../../live/policy.js";
import { Button } from "../../parts/button.js";
import { Diff } from "../../parts/diff.js";
import { Loading, Trouble } from "../../parts/state-pages.js";
import { Ago } from "../../parts/time.js";
import { HostileText } from "../../text/hostile-text.js";
import { shortVersion } from "../../text/words.js";

/** The policies that were in force: who put them there, why, and what they changed. */
export function Versions() {
  const versions = useVersions();
  if (versions.isPending) return <Loading />;
  if (versions.error) return <Trouble error={versions.error} retry={() => void versions.refetch()} />;
  const { items } = versions.data;
  return (
    <ul aria-label="Versions" className="card divide-y divide-line overflow-hidden">
      {items.map((version, at) => (
        <Version key={`${version.version}${version.at}`} version={version} before={items[at + 1]?.version ?? null} />
      ))}
    </ul>
  );
}

function Version({ version: { version, at, by, reason }, before }: { readonly version: PolicyVersion; readonly before: string | null }) {
  const [isOpen, setOpen] = useState(false);
  const after = useVersionText(version, isOpen);
  const earlier = useVersionText(before ?? "", isOpen && before !== null);
  return (
    <li className="flex flex-col gap-2 px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <code className="text-small">{shortVersion(version)}</code>
        <span>{by.kind === "person" ? by.id : "the policy file"}</span>
        <span className="text-small text-muted">
          <Ago at={at} />
          {reason && (
            <>
              {" · "}
              <HostileText text={reason} />
            </>
          )}
        </span>
        <span className="ml-auto">
          <Button aria-expanded={isOpen} aria-label={`What version ${shortVersion(version)} changed`} onPress={() => setOpen(!isOpen)}>
            {isOpen ? "Close" : "What changed"}
          </Button>
        </span>
      </div>
      {isOpen && after.data !== undefined && (before === null || earlier.data !== undefined) && (
        <Diff label="Against the version before" edits={[{ before: earlier.data ?? "", after: after.data }]} />
      )}
    </li>
  );
}
