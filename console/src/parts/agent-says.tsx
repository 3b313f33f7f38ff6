import type { AgentClaim } from "@pullcord/sdk/protocol";
import { HostileText } from "../text/hostile-text.js";
import { reversibilityWords } from "../text/words.js";

/** The agent's own words: apart, smaller, labelled. They never lower a risk. */
export function AgentSays({ claim }: { readonly claim: AgentClaim }) {
  const figures = [
    claim.risk !== undefined && `risk ${claim.risk}`,
    claim.reversibility && reversibilityWords[claim.reversibility].toLowerCase(),
    claim.confidence !== undefined && `confidence ${Math.round(claim.confidence * 100)} %`,
  ].filter(Boolean);
  return (
    <aside aria-label="The agent says" className="rounded-card border border-dashed border-control/50 px-4 py-3 text-small text-muted">
      <p className="mb-1 font-medium">The agent says (not checked)</p>
      {[claim.description, claim.reason].map((text) => text && <Quote key={text} text={text} />)}
      {figures.length > 0 && <p>It puts this at {figures.join(", ")}.</p>}
    </aside>
  );
}

function Quote({ text }: { readonly text: string }) {
  return (
    <p className="break-words whitespace-pre-wrap">
      “<HostileText text={text} />”
    </p>
  );
}
