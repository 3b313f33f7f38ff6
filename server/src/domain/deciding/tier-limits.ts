import type { DecisionFacts } from "../facts.js";
import { trustLimits } from "../trust.js";
import { filesAfter } from "../limits/files.js";
import type { Ask, Draft } from "./draft.js";

/** What the agent's tier lets it do before a person has a look (P35). An `allow` rule lifts it. */
export function asksByTier({ reading }: Draft, { trustTier, counters }: DecisionFacts): readonly Ask[] {
  if (!reading) return [];
  const { calls, files } = trustLimits[trustTier];
  const { files: filesChanged, more } = filesAfter(reading, counters);
  const asks: Ask[] = [];
  if (more > 0 && filesChanged > files) {
    asks.push(asking(`The run would have changed ${filesChanged} files; trust tier ${trustTier} lets it change ${files} by itself.`));
  }
  if (reading.hosts.length > 0 && counters.calls >= calls) {
    asks.push(
      asking(`The run has called other hosts ${counters.calls} times; trust tier ${trustTier} lets it do so ${calls} times by itself.`),
    );
  }
  return asks;
}

function asking(sentence: string): Ask {
  return { reasons: [{ step: "autonomy_and_trust", rule: "tier_limits", sentence }], level: "review", isLiftable: true };
}
