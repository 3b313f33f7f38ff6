import type { PolicyInForce, PolicyProblem } from "@pullcord/sdk/protocol";
import { useLocation } from "@tanstack/react-router";
import { FileWarning } from "lucide-react";
import { useSearch } from "../../frame/search.js";
import { usePolicy, useStatus } from "../../live/queries.js";
import { Dial } from "../../parts/dial.js";
import { PageFrame, Section } from "../../parts/page.js";
import { ScrollBox } from "../../parts/scroll-box.js";
import { Loading, Trouble } from "../../parts/state-pages.js";
import { Ago } from "../../parts/time.js";
import { HostileText } from "../../text/hostile-text.js";

/** What is decided in advance. */
export function PolicyPage() {
  const policy = usePolicy();
  const status = useStatus();
  return (
    <PageFrame title="Policy" lead="What is decided in advance, so that nobody has to be asked.">
      <Section title="Autonomy for everything" aside="Holds where no agent or run has its own">
        <div className="card p-4 md:p-5">
          {status.data ? <Dial scope={{ kind: "everything" }} level={status.data.autonomy} /> : <Loading rows={1} />}
        </div>
      </Section>
      {policy.data ? (
        <InForce policy={policy.data} />
      ) : (
        <div className="card">{policy.isError ? <Trouble error={policy.error} retry={() => void policy.refetch()} /> : <Loading />}</div>
      )}
    </PageFrame>
  );
}

function InForce({ policy }: { readonly policy: PolicyInForce }) {
  return (
    <>
      {policy.problem && <Problem problem={policy.problem} />}
      <Section
        title="In force"
        aside={
          <>
            version <code>{policy.version.slice(0, 12)}</code> · loaded <Ago at={policy.loadedAt} />
          </>
        }
      >
        <figure className="card overflow-hidden">
          <figcaption className="flex flex-wrap items-center justify-between gap-2 border-b border-line px-4 py-2 text-small text-muted">
            {policy.file ? <code className="break-all">{policy.file}</code> : "Built in: no policy file was found"}
            <span>Edit the file; it is loaded as soon as it is saved</span>
          </figcaption>
          <Lines text={policy.text} />
        </figure>
      </Section>
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

function Lines({ text }: { readonly text: string }) {
  const matches = useSearch();
  const chosen = useLocation().hash;
  return (
    <ScrollBox label="Policy text" className="will-run max-h-[70dvh] bg-sunken/60 py-3">
      {text
        .replace(/\n$/u, "")
        .split("\n")
        .map((written, index) => {
          const isChosen = chosen === `line-${index + 1}`;
          return (
            <div
              key={index}
              {...(isChosen && { ref: intoView, "aria-current": "location" })}
              className={`flex gap-4 border-l-2 px-4 text-[13px] leading-[21px] ${isChosen ? "border-accent bg-accent-wash" : "border-transparent"} ${matches(written) ? "" : "opacity-35"}`}
            >
              <span aria-hidden="true" className="w-7 shrink-0 text-right text-muted tabular-nums select-none">
                {index + 1}
              </span>
              <span className={`min-w-0 flex-1 ${/^\s*#/u.test(written) ? "text-muted" : ""}`}>
                <HostileText text={written === "" ? " " : written} />
              </span>
            </div>
          );
        })}
    </ScrollBox>
  );
}

function intoView(line: HTMLElement | null): void {
  line?.scrollIntoView({ block: "center" });
}
