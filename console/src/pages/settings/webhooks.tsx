import { webhookKinds, type IssuedWebhookToken, type WebhookAct, type WebhookKind, type WebhookToken } from "@pullcord/sdk/protocol";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Webhook } from "lucide-react";
import { useState } from "react";
import { useClient } from "../../live/client.js";
import { keys } from "../../live/keys.js";
import { useWebhookTokens } from "../../live/queries.js";
import { Button } from "../../parts/button.js";
import { Choice } from "../../parts/choice.js";
import { CopyCommand } from "../../parts/copy-command.js";
import { Field } from "../../parts/field.js";
import { Loading, Trouble, WriteTrouble } from "../../parts/state-pages.js";
import { Ago } from "../../parts/time.js";
import { HostileText } from "../../text/hostile-text.js";
import { scopeName } from "../../text/words.js";

const kindNames: Readonly<Record<WebhookKind, string>> = {
  alertmanager: "Alertmanager",
  pagerduty: "PagerDuty",
  "feature-flag": "Feature flag",
};
const actNames: Readonly<Record<WebhookAct, string>> = { stop: "Stop", pause: "Pause" };

/** Other systems that may stop or pause. Nothing ever resumes by a notice. */
export function Webhooks() {
  const { data, error } = useWebhookTokens();
  return (
    <div className="card divide-y divide-line overflow-hidden">
      <p className="px-4 py-3 text-small text-muted">
        Alerts, incidents and kill switches elsewhere can stop or pause agents here. Such a token can do that alone, for its scope alone.
      </p>
      {!data && (error ? <Trouble error={error} /> : <Loading rows={1} />)}
      {data?.items.map((token) => (
        <TokenRow key={token.id} token={token} />
      ))}
      <Make />
    </div>
  );
}

function TokenRow({ token }: { readonly token: WebhookToken }) {
  const client = useClient();
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => client.webhooks.revokeToken(token.id),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.webhooks }),
  });
  return (
    <div className={`flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3 ${token.revokedAt === null ? "" : "text-muted"}`}>
      <span className="font-medium">
        <HostileText text={token.name} />
      </span>
      <span className="text-small text-muted">
        {kindNames[token.kind]} may {token.act} {scopeName(token.scope)}, issued <Ago at={token.issuedAt} />
      </span>
      <span className="ml-auto">
        {token.revokedAt !== null ? (
          <span className="text-small">Revoked</span>
        ) : (
          <Button aria-label={`Revoke webhook ${token.name}`} isDisabled={revoke.isPending} onPress={() => revoke.mutate()}>
            Revoke
          </Button>
        )}
      </span>
      <WriteTrouble error={revoke.error} />
    </div>
  );
}

function Make() {
  const client = useClient();
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [agent, setAgent] = useState("");
  const [kind, setKind] = useState<WebhookKind>("alertmanager");
  const [act, setAct] = useState<WebhookAct>("stop");
  const scope = agent.trim() ? ({ kind: "agent", id: agent.trim() } as const) : ({ kind: "everything" } as const);
  const make = useMutation({
    mutationFn: () => client.webhooks.makeToken({ name: name.trim(), kind, act, scope }),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.webhooks }),
  });
  return (
    <form
      className="flex flex-col gap-3 px-4 py-4"
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate();
      }}
    >
      <Choice
        label="Whose notices"
        value={kind}
        options={webhookKinds.map((value) => ({ value, name: kindNames[value] }))}
        onChange={setKind}
      />
      <Choice
        label="What they do"
        value={act}
        options={(["stop", "pause"] as const).map((value) => ({ value, name: actNames[value] }))}
        onChange={setAct}
      />
      <div className="flex flex-wrap gap-3">
        <Field label="Name" value={name} onChange={setName} maxLength={200} placeholder="prod-alerts" />
        <Field label="Only this agent" value={agent} onChange={setAgent} maxLength={200} placeholder="everything" />
      </div>
      <Button type="submit" className="h-10 self-start" isDisabled={!name.trim() || make.isPending}>
        <Webhook size={15} aria-hidden="true" /> Make webhook
      </Button>
      <WriteTrouble error={make.error} />
      {make.data && <Made token={make.data} />}
    </form>
  );
}

function Made({ token }: { readonly token: IssuedWebhookToken }) {
  return (
    <div role="status" className="flex flex-col gap-2 rounded-card border border-accent/40 bg-accent-wash p-3">
      <p className="text-body font-medium">Send its notices here, with the token as Authorization: Bearer. The token is shown this once.</p>
      <CopyCommand command={`${location.origin}${token.path}`} />
      <CopyCommand command={token.secret} />
    </div>
  );
}
