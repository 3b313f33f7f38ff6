import type { AgentToken } from "@pullcord/sdk/protocol";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { useState } from "react";
import { useClient } from "../../live/client.js";
import { useNow } from "../../live/clock.js";
import { keys } from "../../live/keys.js";
import { Button } from "../../parts/button.js";
import { CopyCommand } from "../../parts/copy-command.js";
import { Field } from "../../parts/field.js";
import { Empty, Loading, Trouble, WriteTrouble } from "../../parts/state-pages.js";
import { Ago } from "../../parts/time.js";
import { duration } from "../../text/words.js";

interface TokensProps {
  readonly tokens: readonly AgentToken[] | undefined;
  readonly error: unknown;
  readonly agents: readonly string[];
}

export function Tokens({ tokens, error, agents }: TokensProps) {
  return (
    <div className="card divide-y divide-line overflow-hidden">
      {!tokens && (error ? <Trouble error={error} /> : <Loading rows={2} />)}
      {tokens?.length === 0 && (
        <Empty icon={KeyRound} title="No tokens yet">
          Connecting a coding agent makes one by itself. Make one here for an agent that uses the SDK.
        </Empty>
      )}
      {tokens?.map((token) => (
        <TokenRow key={token.id} token={token} />
      ))}
      <Issue agents={agents} />
    </div>
  );
}

function TokenRow({ token }: { readonly token: AgentToken }) {
  const client = useClient();
  const queries = useQueryClient();
  const now = useNow();
  const revoke = useMutation({
    mutationFn: () => client.revokeAgentToken(token.id),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.tokens }),
  });
  const revoked = token.revokedAt !== null;
  return (
    <div className={`flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3 ${revoked ? "text-muted" : ""}`}>
      <code className="text-small">{token.id}</code>
      <span className="font-medium">{token.agent}</span>
      <span className="text-small text-muted">
        issued <Ago at={token.issuedAt} />
        {token.isForRun && " · for one run, ends with it"}
        {token.expiresAt !== null && ` · expires in ${duration(token.expiresAt - now)}`}
      </span>
      <span className="ml-auto">
        {revoked ? (
          <span className="text-small">Revoked</span>
        ) : (
          <Button aria-label={`Revoke token ${token.id}`} isDisabled={revoke.isPending} onPress={() => revoke.mutate()}>
            Revoke
          </Button>
        )}
      </span>
      <WriteTrouble error={revoke.error} />
    </div>
  );
}

function Issue({ agents }: { readonly agents: readonly string[] }) {
  const client = useClient();
  const queries = useQueryClient();
  const [agent, setAgent] = useState("");
  const issue = useMutation({
    mutationFn: () => client.issueAgentToken(agent.trim()),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.tokens }),
  });
  return (
    <div className="flex flex-col gap-3 px-4 py-4">
      <form
        className="flex flex-wrap items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          issue.mutate();
        }}
      >
        <div className="min-w-[200px] flex-1 sm:max-w-[320px]">
          <Field label="New token for" value={agent} onChange={setAgent} maxLength={200} placeholder={agents[0] ?? "my-agent"} />
        </div>
        <Button type="submit" className="h-10" isDisabled={!agent.trim() || issue.isPending}>
          <KeyRound size={15} aria-hidden="true" /> Make token
        </Button>
      </form>
      <WriteTrouble error={issue.error} />
      {issue.data && (
        <div role="status" className="flex flex-col gap-2 rounded-card border border-accent/40 bg-accent-wash p-3">
          <p className="text-body font-medium">The token for {issue.data.agent}. It is shown this once; copy it now.</p>
          <CopyCommand command={issue.data.secret} />
        </div>
      )}
    </div>
  );
}
