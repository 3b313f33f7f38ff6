import { Bot } from "lucide-react";
import { useSearch } from "../../frame/search.js";
import { useAgents, useTokens } from "../../live/queries.js";
import { PageFrame, Section } from "../../parts/page.js";
import { Empty, Loading, Trouble } from "../../parts/state-pages.js";
import { AgentCard } from "./agent-card.js";
import { Grants } from "./grants.js";
import { Tokens } from "./tokens.js";

/** Whom do I trust with what? */
export function AgentsPage() {
  const agents = useAgents();
  const tokens = useTokens();
  const matches = useSearch();
  const items = (agents.data?.items ?? []).filter((agent) => matches(agent.name));
  return (
    <PageFrame title="Agents" lead="Whom you trust with what. The lower of trust and autonomy holds.">
      {agents.isPending && (
        <div className="card">
          <Loading />
        </div>
      )}
      {agents.isError && !agents.data && (
        <div className="card">
          <Trouble error={agents.error} retry={() => void agents.refetch()} />
        </div>
      )}
      {agents.data && items.length === 0 && (
        <div className="card">
          <Empty icon={Bot} title="No agents yet" command="npx pullcord connect claude-code">
            An agent appears here with its first run. To connect a coding agent:
          </Empty>
        </div>
      )}
      <ul className="flex flex-col gap-3">
        {items.map((agent) => (
          <AgentCard key={agent.name} agent={agent} />
        ))}
      </ul>
      <Section title="Grants" aside="What runs without a question, for a while.">
        <Grants />
      </Section>
      <Section title="Agent tokens" aside="A token can propose, report and read its own runs; never decide.">
        <Tokens tokens={tokens.data?.items} error={tokens.error} agents={items.map((agent) => agent.name)} />
      </Section>
    </PageFrame>
  );
}
