import type { BreakGlassReport } from "@pullcord/sdk/protocol";
import { ShieldAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useBreakGlassReport, useBreakGlassUses } from "../../live/queries.js";
import { PageFrame, Section } from "../../parts/page.js";
import { Empty, Loading, Trouble } from "../../parts/state-pages.js";
import { DayChart } from "./day-chart.js";
import { Uses } from "./uses.js";
import { UseForm } from "./use-form.js";

/** Is the gate getting worse? */
export function BreakGlassPage() {
  const report = useBreakGlassReport();
  const uses = useBreakGlassUses();
  return (
    <PageFrame title="Break glass" lead="For when the gate is wrong and something must go through. Always available, always on the record.">
      <UseForm />
      <Section title="Last 30 days" aside="Rising means the gate's judgment is getting worse">
        <div className="card p-4 md:p-5">
          {report.data ? (
            <Report report={report.data} />
          ) : report.isError ? (
            <Trouble error={report.error} retry={() => void report.refetch()} />
          ) : (
            <Loading rows={2} />
          )}
        </div>
      </Section>
      <Section title="Uses">
        <div className="card overflow-hidden">
          {!uses.data && (uses.isError ? <Trouble error={uses.error} retry={() => void uses.refetch()} /> : <Loading rows={2} />)}
          {uses.data?.items.length === 0 && (
            <Empty icon={ShieldAlert} title="Never used" command="npx pullcord break-glass --agent claude-code --for 5m">
              That is a good sign. From a terminal it is one command:
            </Empty>
          )}
          {uses.data && <Uses uses={uses.data.items} />}
        </div>
      </Section>
    </PageFrame>
  );
}

function Report({ report }: { readonly report: BreakGlassReport }) {
  return (
    <div className="flex flex-col gap-5">
      <dl className="grid grid-cols-2 gap-4 sm:grid-cols-4">
        <Figure name="Rate">{(report.rate * 100).toFixed(report.rate > 0 && report.rate < 0.01 ? 2 : 1)} %</Figure>
        <Figure name="Uses">{report.uses.toLocaleString("en")}</Figure>
        <Figure name="Gated decisions">{report.gatedDecisions.toLocaleString("en")}</Figure>
        <Figure name="Trend">{trend(report)}</Figure>
      </dl>
      <DayChart days={report.days} />
    </div>
  );
}

function Figure({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt className="text-small font-medium text-muted">{name}</dt>
      <dd className="text-figure font-semibold tracking-[-0.02em] tabular-nums">{children}</dd>
    </div>
  );
}

/** The second half of the window against the first. */
function trend({ days }: BreakGlassReport): string {
  const half = Math.floor(days.length / 2);
  const sum = (part: BreakGlassReport["days"]) => part.reduce((total, day) => total + day.uses, 0);
  const before = sum(days.slice(0, half));
  const after = sum(days.slice(half));
  if (before === after) return "Flat";
  return after > before ? "Rising" : "Falling";
}
