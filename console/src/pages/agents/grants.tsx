import type { Grant } from "@pullcord/sdk/protocol";
import { Timer } from "lucide-react";
import { useNow } from "../../live/clock.js";
import { useEndGrant, useGrants } from "../../live/grants.js";
import { Button } from "../../parts/button.js";
import { Empty, Loading, Trouble, WriteTrouble } from "../../parts/state-pages.js";
import { HostileText } from "../../text/hostile-text.js";
import { duration } from "../../text/words.js";

/** What runs without a question for a while, and how to take it back. */
export function Grants() {
  const grants = useGrants();
  const now = useNow();
  const active = (grants.data?.items ?? []).filter(({ endedAt, expiresAt }) => endedAt === null && expiresAt > now);
  return (
    <div className="card divide-y divide-line overflow-hidden">
      {!grants.data && (grants.error ? <Trouble error={grants.error} retry={() => void grants.refetch()} /> : <Loading rows={2} />)}
      {grants.data && active.length === 0 && (
        <Empty icon={Timer} title="Nothing is granted beyond once">
          Approving a request can cover more than once: so many times, for a while, in one run. It ends by itself after 7 days at most.
        </Empty>
      )}
      {active.map((grant) => (
        <GrantRow key={grant.id} grant={grant} now={now} />
      ))}
    </div>
  );
}

function GrantRow({ grant, now }: { readonly grant: Grant; readonly now: number }) {
  const end = useEndGrant();
  const { id, agent, runId, sentence, used, usesLeft, expiresAt, by } = grant;
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3">
      <div className="flex min-w-0 flex-1 basis-64 flex-col gap-0.5">
        <span className="break-words">
          <HostileText text={sentence} />
        </span>
        <span className="text-small text-muted">
          {agent} · {runId === null ? "every run" : `run ${runId}`} · used {used} times{usesLeft !== null && `, ${usesLeft} left`} · ends in{" "}
          {duration(expiresAt - now)} · by {by.id}
        </span>
        <WriteTrouble error={end.error} />
      </div>
      <Button aria-label={`Take back grant ${id}`} isDisabled={end.isPending} onPress={() => end.mutate(id)}>
        Take back
      </Button>
    </div>
  );
}
