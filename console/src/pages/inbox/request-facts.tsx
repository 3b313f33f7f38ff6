import type { AffectedNames, ApprovalRequest, RiskAssessment } from "@pullcord/sdk/protocol";
import { CircleHelp, Undo2 } from "lucide-react";
import type { ReactNode } from "react";
import { CopyCommand } from "../../parts/copy-command.js";
import { ScrollBox } from "../../parts/scroll-box.js";
import { pretty } from "../../parts/what-runs.js";
import { HostileText } from "../../text/hostile-text.js";
import { reversibilityWords, shortDigest } from "../../text/words.js";

/** What was found out about it, by us, from the action itself. */
export function RequestFacts({ request }: { readonly request: ApprovalRequest }) {
  const { assessment, proposed, decision } = request.action;
  return (
    <div className="flex flex-col gap-5">
      {assessment ? <Assessed assessment={assessment} /> : <Row name="Risk">Nothing could be found out about it: treated as critical.</Row>}
      <dl className="flex flex-col">
        <Row name="Why it was asked">
          <ul className="flex flex-col gap-0.5">
            {decision?.reasons.map((reason) => (
              <li key={reason.step + reason.sentence}>
                {reason.sentence}{" "}
                <span className="text-small text-muted">{[reason.step.replaceAll("_", " "), reason.rule].filter(Boolean).join(" · ")}</span>
              </li>
            ))}
          </ul>
        </Row>
        <Row name="Digest">
          <code className="text-small">{shortDigest(request.action.digest)}</code>{" "}
          <span className="text-small text-muted">the approval holds for exactly this, once</span>
        </Row>
      </dl>
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

const affectedNames = {
  deletes: "Deletes",
  writes: "Writes",
  reads: "Reads",
  databases: "Databases",
  hosts: "Reaches",
  programs: "Runs",
} as const;
const affectedOrder = ["deletes", "writes", "databases", "hosts", "reads", "programs"] as const;

function Assessed({ assessment }: { readonly assessment: RiskAssessment }) {
  return (
    <dl className="flex flex-col">
      {assessment.factors.length > 0 && (
        <Row name="Risk">
          <ul className="flex flex-col gap-1.5">
            {assessment.factors.map((factor) => (
              <li key={factor.name} className="flex items-baseline gap-3">
                <span className="w-6 shrink-0 text-right text-small font-semibold tabular-nums">{factor.score}</span>
                <span className="min-w-0">
                  {factor.sentence}
                  {factor.evidence && (
                    <code className="ml-2 rounded bg-sunken px-1.5 py-0.5 text-small break-words">
                      <HostileText text={factor.evidence} />
                    </code>
                  )}
                </span>
              </li>
            ))}
          </ul>
        </Row>
      )}
      <Row name="Taking it back">
        <span className="inline-flex items-center gap-2 font-medium">
          <Undo2 size={15} aria-hidden="true" className={assessment.reversibility === "irreversible" ? "opacity-40" : ""} />
          {reversibilityWords[assessment.reversibility]}
        </span>
        {!assessment.understood && (
          <span className="mt-1 flex items-center gap-2">
            <CircleHelp size={15} aria-hidden="true" /> A part of it could not be read.
          </span>
        )}
      </Row>
      {affectedOrder.map((kind) => (
        <Affected key={kind} name={affectedNames[kind]} names={assessment.affected[kind]} />
      ))}
      {assessment.alternatives.length > 0 && (
        <Row name="Safer">
          {assessment.alternatives.map((alternative) => (
            <div key={alternative.text} className="flex flex-col gap-1">
              <CopyCommand command={alternative.text} />
              <span className="text-small text-muted">
                {alternative.sentence} Risk {alternative.score}.
              </span>
            </div>
          ))}
        </Row>
      )}
    </dl>
  );
}

function Affected({ name, names }: { readonly name: string; readonly names: AffectedNames }) {
  if (names.count === 0) return null;
  const more = names.count - names.first.length;
  return (
    <Row name={name}>
      <span className="flex flex-wrap gap-1.5">
        {names.first.map((one) => (
          <code key={one} className="rounded bg-sunken px-1.5 py-0.5 text-small break-all">
            <HostileText text={one} />
          </code>
        ))}
        {more > 0 && <span className="text-small leading-6 text-muted">and {more} more</span>}
      </span>
    </Row>
  );
}

function Row({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="grid grid-cols-1 gap-x-6 gap-y-1 border-t border-line py-2.5 first:border-t-0 sm:grid-cols-[128px_minmax(0,1fr)]">
      <dt className="text-small leading-[21px] font-medium text-muted">{name}</dt>
      <dd className="min-w-0 text-body">{children}</dd>
    </div>
  );
}
