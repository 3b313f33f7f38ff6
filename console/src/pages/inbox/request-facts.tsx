import type { ApprovalRequest, RiskAssessment } from "@pullcord/sdk/protocol";
import { CopyCommand } from "../../parts/copy-command.js";
import { Explained } from "../../parts/explanation.js";
import { Fact, Facts } from "../../parts/facts.js";
import { Preview } from "../../parts/preview.js";
import { RiskFactors } from "../../parts/risk-factors.js";
import { ScrollBox } from "../../parts/scroll-box.js";
import { pretty } from "../../parts/what-runs.js";
import { HostileText } from "../../text/hostile-text.js";
import { shortDigest } from "../../text/words.js";

/** What was found out about it, by us, from the action itself. */
export function RequestFacts({ request }: { readonly request: ApprovalRequest }) {
  const { assessment, proposed, digest } = request.action;
  const { rows } = request;
  return (
    <div className="flex flex-col gap-5">
      <Facts>
        {assessment ? (
          <Assessed assessment={assessment} hasRows={rows?.status === "tried"} />
        ) : (
          <Fact name="Risk">Nothing could be found out about it: treated as critical.</Fact>
        )}
        <Explained action={request.action} />
        <Fact name="Digest">
          <code className="text-small">{shortDigest(digest)}</code>{" "}
          <span className="text-small text-muted">the approval holds for exactly this, once</span>
        </Fact>
      </Facts>
      <details className="text-small">
        <summary className="target w-fit cursor-pointer text-muted hover:text-ink">Exactly as the agent sent it</summary>
        <ScrollBox label="The action as sent" className="will-run card mt-2 max-h-80 px-4 py-3">
          <HostileText
            text={pretty({ type: proposed.type, arguments: proposed.arguments, ...(proposed.tool && { tool: { ...proposed.tool } }) })}
          />
        </ScrollBox>
      </details>
    </div>
  );
}

function Assessed({ assessment, hasRows }: { readonly assessment: RiskAssessment; readonly hasRows: boolean }) {
  return (
    <>
      {assessment.factors.length > 0 && (
        <Fact name="Risk">
          <RiskFactors factors={assessment.factors} />
        </Fact>
      )}
      <Preview assessment={assessment} hasRows={hasRows} />
      {assessment.alternatives.length > 0 && (
        <Fact name="Safer">
          <div className="flex flex-col gap-2">
            {assessment.alternatives.map((alternative) => (
              <div key={alternative.text} className="flex flex-col items-start gap-1">
                <CopyCommand command={alternative.text} />
                <span className="text-small text-muted">
                  {alternative.sentence} Risk {alternative.score}.
                </span>
              </div>
            ))}
          </div>
        </Fact>
      )}
    </>
  );
}
