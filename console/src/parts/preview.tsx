import { previewTopics, type AffectedNames, type PreviewItem, type PreviewTopic, type RiskAssessment } from "@pullcord/sdk/protocol";
import { CircleHelp, Undo2 } from "lucide-react";
import { HostileText } from "../text/hostile-text.js";
import { reversibilityWords } from "../text/words.js";
import { CopyCommand } from "./copy-command.js";
import { Fact } from "./facts.js";

const topicNames: Readonly<Record<Exclude<PreviewTopic, "undo">, string>> = {
  files: "Files",
  rows: "Rows",
  services: "Services",
  money: "Money",
};

interface PreviewProps {
  readonly assessment: RiskAssessment;
  /** The rows themselves are shown, and were tried: what the SQL alone tells of them says less. */
  readonly hasRows?: boolean;
}

/** What would happen if it ran, by what it is about (E34 to E36), and whether it can be taken back. */
export function Preview({ assessment, hasRows = false }: PreviewProps) {
  const items = Map.groupBy(assessment.preview ?? [], ({ about }) => about);
  return (
    <>
      {previewTopics.map((topic) => {
        const told = items.get(topic);
        if (!told || topic === "undo" || (topic === "rows" && hasRows)) return null;
        return (
          <Fact key={topic} name={topicNames[topic]}>
            <Items items={told} />
          </Fact>
        );
      })}
      <Others assessment={assessment} hasFiles={items.has("files")} />
      <Fact name="Taking it back">
        <span className="inline-flex items-center gap-2 font-medium">
          <Undo2 size={15} aria-hidden="true" className={assessment.reversibility === "irreversible" ? "opacity-40" : ""} />
          {reversibilityWords[assessment.reversibility]}
          {hasRows && assessment.reversibility === "reversible" && ": yes, tried"}
        </span>
        <Items items={items.get("undo") ?? []} />
        {!assessment.understood && (
          <span className="mt-1 flex items-center gap-2">
            <CircleHelp size={15} aria-hidden="true" /> A part of it could not be read.
          </span>
        )}
      </Fact>
    </>
  );
}

function Items({ items }: { readonly items: readonly PreviewItem[] }) {
  return (
    <ul className="flex flex-col gap-1.5">
      {items.map(({ sentence, query }) => (
        <li key={sentence} className="flex flex-col items-start gap-1 break-words">
          <span className="max-w-full">
            <HostileText text={sentence.replace(/^(?:Services|Money): /u, "")} />
          </span>
          {query && (
            <>
              <CopyCommand command={query} />
              <span className="text-small text-muted">This counts them; run it yourself.</span>
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

const affectedNames = {
  deletes: "Deletes",
  writes: "Writes",
  databases: "Databases",
  hosts: "Reaches",
  reads: "Reads",
  programs: "Runs",
} as const;
const affectedOrder = ["deletes", "writes", "databases", "hosts", "reads", "programs"] as const;

/** Whatever else it touches; files that change are told in sentences already. */
function Others({ assessment: { affected }, hasFiles }: { readonly assessment: RiskAssessment; readonly hasFiles: boolean }) {
  return affectedOrder
    .filter((kind) => !(hasFiles && (kind === "deletes" || kind === "writes")))
    .map((kind) => <Affected key={kind} name={affectedNames[kind]} names={affected[kind]} />);
}

function Affected({ name, names }: { readonly name: string; readonly names: AffectedNames }) {
  if (names.count === 0) return null;
  const more = names.count - names.first.length;
  return (
    <Fact name={name}>
      <span className="flex flex-wrap gap-1.5">
        {names.first.map((one) => (
          <code key={one} className="rounded bg-sunken px-1.5 py-0.5 text-small break-all">
            <HostileText text={one} />
          </code>
        ))}
        {more > 0 && <span className="text-small leading-6 text-muted">and {more} more</span>}
      </span>
    </Fact>
  );
}
