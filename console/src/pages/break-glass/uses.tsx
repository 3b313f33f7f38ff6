import type { BreakGlassUse } from "@pullcord/sdk/protocol";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useClient } from "../../live/client.js";
import { useNow } from "../../live/clock.js";
import { Button } from "../../parts/button.js";
import { Chip } from "../../parts/chip.js";
import { WriteTrouble } from "../../parts/state-pages.js";
import { Ago } from "../../parts/time.js";
import { HostileText } from "../../text/hostile-text.js";
import { count, duration, scopeName, timeLeft } from "../../text/words.js";

export function Uses({ uses }: { readonly uses: readonly BreakGlassUse[] }) {
  return (
    <ul className="divide-y divide-line">
      {uses.map((use) => (
        <Use key={use.id} use={use} />
      ))}
    </ul>
  );
}

function Use({ use }: { readonly use: BreakGlassUse }) {
  const client = useClient();
  const queries = useQueryClient();
  const now = useNow();
  const end = useMutation({ mutationFn: () => client.endBreakGlass(use.id), onSuccess: () => queries.invalidateQueries() });
  const active = use.endedAt === undefined && use.expiresAt > now;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1.5 px-4 py-3">
      <div className="min-w-0 flex-1">
        <p className="font-medium">
          {use.by.id} for {scopeName(use.scope)}{" "}
          <span className="font-normal text-muted">
            · <Ago at={use.at} /> · for {duration((use.endedAt ?? use.expiresAt) - use.at)} · {count(use.actions, "action")} let through
          </span>
        </p>
        <p className="text-small break-words text-muted">{use.reason ? <HostileText text={use.reason} /> : "No reason given"}</p>
      </div>
      {active && <Chip tone="wait">{timeLeft(use.expiresAt - now)} left</Chip>}
      {active && (
        <Button isDisabled={end.isPending} onPress={() => end.mutate()}>
          End now
        </Button>
      )}
      <WriteTrouble error={end.error} />
    </li>
  );
}
