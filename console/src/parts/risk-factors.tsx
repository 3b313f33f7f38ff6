import type { RiskFactor } from "@pullcord/sdk/protocol";
import { TriangleAlert } from "lucide-react";
import { HostileText } from "../text/hostile-text.js";

/** What was seen in an action and what each weighs, with a warning on each step that destroys (E37). */
export function RiskFactors({ factors }: { readonly factors: readonly RiskFactor[] }) {
  return (
    <ul className="flex flex-col gap-1.5">
      {factors.map((factor) => (
        <li key={factor.name} className="flex items-baseline gap-3">
          <span className="w-6 shrink-0 text-right text-small font-semibold tabular-nums">{factor.score}</span>
          <span className="min-w-0 break-words">
            {factor.isDestructive && (
              <TriangleAlert size={15} aria-label="Destroys what nothing brings back:" role="img" className="mr-1.5 mb-0.5 inline-block" />
            )}
            <HostileText text={factor.sentence} />
            {factor.evidence && (
              <code className="ml-2 rounded bg-sunken px-1.5 py-0.5 text-small break-words">
                <HostileText text={factor.evidence} />
              </code>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
