import { trustTiers, type Agent, type TrustTier } from "@pullcord/sdk/protocol";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Bot } from "lucide-react";
import { useState } from "react";
import { useClient } from "../../live/client.js";
import { Button } from "../../parts/button.js";
import { Choice } from "../../parts/choice.js";
import { Dial } from "../../parts/dial.js";
import { Field } from "../../parts/field.js";
import { Limits } from "../../parts/limits.js";
import { WriteTrouble } from "../../parts/state-pages.js";
import { Ago } from "../../parts/time.js";
import { count, tierWords } from "../../text/words.js";
import { Capabilities } from "./capabilities.js";

/** One agent: what it has earned, and the ceiling set for it. */
export function AgentCard({ agent }: { readonly agent: Agent }) {
  return (
    <li className="card flex flex-col gap-4 p-4 md:p-5">
      <div className="flex flex-wrap items-baseline gap-x-3">
        <Bot size={17} aria-hidden="true" className="self-center text-muted" />
        <h2 className="text-lead font-semibold">{agent.name}</h2>
        <p className="text-small text-muted">
          {count(agent.runs, "run")} · first seen <Ago at={agent.firstSeenAt} />
        </p>
      </div>
      <div className="grid gap-x-8 gap-y-4 xl:grid-cols-2">
        <Trust agent={agent} />
        <div className="flex min-w-0 flex-col gap-1.5">
          <h3 className="text-small font-medium text-muted">Autonomy, the ceiling</h3>
          <Dial scope={{ kind: "agent", id: agent.name }} level={agent.autonomy} inherits="Inherit" />
        </div>
      </div>
      <Capabilities agent={agent} />
      <Limits owner={{ kind: "agent", id: agent.name }} />
    </li>
  );
}

const tierOptions = trustTiers.map((value) => ({ value, name: tierWords[value] }));

/** A change of trust is chosen, then given its reason, then set. */
function Trust({ agent }: { readonly agent: Agent }) {
  const client = useClient();
  const queries = useQueryClient();
  const [chosen, setChosen] = useState<TrustTier | null>(null);
  const [reason, setReason] = useState("");
  const set = useMutation({
    mutationFn: (tier: TrustTier) => client.setTrust(agent.name, tier, reason ? { reason } : {}),
    onSuccess: async () => {
      await queries.invalidateQueries();
      setChosen(null);
      setReason("");
    },
  });
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <Choice
        label="Trust, earned"
        value={chosen ?? agent.trustTier}
        options={tierOptions}
        onChange={(tier) => setChosen(tier === agent.trustTier ? null : tier)}
      />
      {chosen && (
        <form
          className="flex flex-wrap items-end gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            set.mutate(chosen);
          }}
        >
          <div className="min-w-[200px] flex-1">
            <Field
              label={`Why ${tierWords[chosen].toLowerCase()}`}
              takesFocus
              value={reason}
              onChange={setReason}
              maxLength={2_000}
              placeholder="Twenty clean runs in a row"
            />
          </div>
          <Button type="submit" tone="primary" className="h-10" isDisabled={set.isPending}>
            Set trust
          </Button>
          <Button tone="quiet" className="h-10" onPress={() => setChosen(null)}>
            Cancel
          </Button>
        </form>
      )}
      <WriteTrouble error={set.error} />
    </div>
  );
}
