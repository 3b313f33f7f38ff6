import {
  trustFloor,
  type ActionType,
  type Agent,
  type AgentTrust,
  type CapabilityStanding,
  type TrustPoint,
  type TrustTier,
} from "@pullcord/sdk/protocol";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useClient } from "../../live/client.js";
import { useNow } from "../../live/clock.js";
import { keys } from "../../live/keys.js";
import { useAgentTrust } from "../../live/queries.js";
import { Button } from "../../parts/button.js";
import { WriteTrouble } from "../../parts/state-pages.js";
import { Ago } from "../../parts/time.js";
import { duration, tierWords } from "../../text/words.js";

/** What an agent has earned and lost, by type of action; what is earned holds once a person says so. */
export function Capabilities({ agent }: { readonly agent: Agent }) {
  const trust = useAgentTrust(agent.trust.length > 0 ? agent.name : null);
  if (agent.trust.length === 0) return null;
  return (
    <section aria-label={`Trust of ${agent.name} by type of action`} className="flex flex-col gap-2 border-t border-line pt-4">
      <h3 className="text-small font-medium text-muted">Earned and lost, by type of action</h3>
      <ul className="flex flex-col">
        {agent.trust.map((standing) => (
          <Capability key={standing.capability} agent={agent.name} standing={standing} history={historyOf(trust.data, standing)} />
        ))}
      </ul>
    </section>
  );
}

interface CapabilityProps {
  readonly agent: string;
  readonly standing: CapabilityStanding;
  readonly history: readonly TrustPoint[];
}

function Capability({ agent, standing, history }: CapabilityProps) {
  const { capability, tier, score, at, proposed } = standing;
  return (
    <li className="grid min-h-10 grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-0.5 py-1 md:grid-cols-[150px_160px_100px_minmax(0,1fr)_auto] xl:grid-cols-[150px_300px_100px_minmax(0,1fr)_auto]">
      <span className="truncate text-body">{capability.replaceAll("_", " ")}</span>
      <Course history={history} standing={standing} />
      <span className="text-small font-medium">{tierWords[tier]}</span>
      <span className="text-small text-muted tabular-nums">
        {score.toFixed(2)}, moved <Ago at={at} />
      </span>
      {proposed && <Ratify agent={agent} capability={capability} tier={proposed} />}
    </li>
  );
}

interface RatifyProps {
  readonly agent: string;
  readonly capability: ActionType;
  readonly tier: TrustTier;
}

function Ratify({ agent, capability, tier }: RatifyProps) {
  const client = useClient();
  const queries = useQueryClient();
  const ratify = useMutation({
    mutationFn: () => client.setTrust(agent, tier, { capability, reason: "Earned by the numbers, ratified." }),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.agents }),
  });
  return (
    <span className="flex flex-wrap items-center gap-2 justify-self-end">
      <Button isDisabled={ratify.isPending} onPress={() => ratify.mutate()}>
        Ratify {tierWords[tier].toLowerCase()}
      </Button>
      <WriteTrouble error={ratify.error} />
    </span>
  );
}

const width = 240;
const height = 40;
const floors = Object.values(trustFloor).filter((floor) => floor > 0);

/** The score over time, from its first point to now; 0 at the bottom and 1 at the top, the tiers' floors as faint lines. */
function Course({ history, standing: { score, at } }: Pick<CapabilityProps, "history" | "standing">) {
  const now = useNow();
  const points = [...history.map((point) => ({ at: point.at, score: point.score })), { at, score }, { at: now, score }];
  const [first = { at, score }] = points;
  const x = (when: number) => (now === first.at ? width : ((when - first.at) / (now - first.at)) * width);
  const y = (value: number) => height - value * height;
  const line = points.map((point) => `${x(point.at).toFixed(1)},${y(point.score).toFixed(1)}`).join(" ");
  return (
    <figure className="col-span-2 flex min-w-0 items-center gap-3 md:col-span-1">
      <svg
        role="img"
        aria-label={`Score from ${first.score.toFixed(2)} to ${score.toFixed(2)} in ${duration(now - first.at)}`}
        viewBox={`-2 -2 ${width + 4} ${height + 4}`}
        className="h-11 w-full max-w-60 min-w-0"
      >
        {floors.map((floor) => (
          <line key={floor} x1={0} x2={width} y1={y(floor)} y2={y(floor)} className="stroke-line" strokeWidth={1} />
        ))}
        <polyline points={line} fill="none" className="stroke-accent" strokeWidth={1.75} strokeLinejoin="round" />
        <circle cx={width} cy={y(score)} r={2} className="fill-accent" />
      </svg>
      <figcaption className="text-small whitespace-nowrap text-muted tabular-nums">{duration(now - first.at)}</figcaption>
    </figure>
  );
}

function historyOf(trust: AgentTrust | undefined, { capability }: CapabilityStanding): readonly TrustPoint[] {
  return trust?.capabilities.find((one) => one.capability === capability)?.history ?? [];
}
