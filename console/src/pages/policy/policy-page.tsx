import type { PolicyInForce, PolicyProblem } from "@pullcord/sdk/protocol";
import { FileWarning } from "lucide-react";
import { useState } from "react";
import { usePolicy } from "../../live/queries.js";
import { PageFrame, Section } from "../../parts/page.js";
import { Loading, Trouble } from "../../parts/state-pages.js";
import { Tabs } from "../../parts/tabs.js";
import { Ago } from "../../parts/time.js";
import { HostileText } from "../../text/hostile-text.js";
import { shortVersion } from "../../text/words.js";
import { Backtest } from "./backtest.js";
import { Dials } from "./dials.js";
import { Edit } from "./edit.js";
import { Shadow } from "./shadow.js";
import { Suggestions } from "./suggestions.js";
import { Versions } from "./versions.js";

/** What is decided in advance. */
export function PolicyPage() {
  const policy = usePolicy();
  return (
    <PageFrame title="Policy" lead="What is decided in advance, so that nobody has to be asked.">
      <Section title="Autonomy for everything" aside="Holds where no agent or run has its own; tasks and environments hold back">
        <Dials />
      </Section>
      {policy.data ? (
        <Policies policy={policy.data} />
      ) : (
        <div className="card">{policy.isError ? <Trouble error={policy.error} retry={() => void policy.refetch()} /> : <Loading />}</div>
      )}
    </PageFrame>
  );
}

function Policies({ policy }: { readonly policy: PolicyInForce }) {
  const [draft, setDraft] = useState<string | null>(null);
  const [tab, setTab] = useState("text");
  const text = draft ?? policy.text;
  const look = (suggested: string) => {
    setDraft(suggested);
    setTab("text");
  };
  return (
    <>
      {policy.problem && <Problem problem={policy.problem} />}
      <p className="px-1 text-small text-muted">
        In force: version <code>{shortVersion(policy.version)}</code>, loaded <Ago at={policy.loadedAt} />
        {policy.file && (
          <>
            {" from "}
            <code className="break-all">{policy.file}</code>
          </>
        )}
        . The file is loaded as soon as it is saved.
      </p>
      <Tabs
        label="Policy"
        selected={tab}
        onSelect={setTab}
        tabs={[
          {
            id: "text",
            name: text === policy.text ? "Text" : "Text · draft",
            content: <Edit policy={policy} draft={text} onDraft={(next) => setDraft(next === policy.text ? null : next)} />,
          },
          { id: "history", name: "Try on history", content: <Backtest policy={policy} draft={text} /> },
          { id: "shadow", name: "Shadow", content: <Shadow draft={text} /> },
          { id: "suggestions", name: "Suggestions", content: <Suggestions onLook={look} /> },
          { id: "versions", name: "Versions", content: <Versions /> },
        ]}
      />
    </>
  );
}

/** A broken file is refused; what was in force stays. */
function Problem({ problem }: { readonly problem: PolicyProblem }) {
  return (
    <div role="alert" className="card flex gap-3 border-control p-4">
      <FileWarning size={18} aria-hidden="true" className="mt-0.5 shrink-0" />
      <div className="min-w-0">
        <p className="font-semibold">The policy file has a mistake, so the earlier policy stays in force</p>
        <p className="mt-0.5 break-words text-muted">
          <code className="text-small text-ink">
            {problem.file}
            {problem.line !== null && `:${problem.line}${problem.column === null ? "" : `:${problem.column}`}`}
          </code>{" "}
          <HostileText text={problem.sentence} />
        </p>
      </div>
    </div>
  );
}
