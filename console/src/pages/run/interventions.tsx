import type { Intervention } from "@pullcord/sdk/protocol";
import { CheckCheck, Hourglass, MessageSquareText, Pause, Play } from "lucide-react";
import { Section } from "../../parts/page.js";
import { StopReceiptOf } from "../../parts/stop-receipt.js";
import { Ago } from "../../parts/time.js";
import { HostileText } from "../../text/hostile-text.js";
import { fineDuration, scopeName } from "../../text/words.js";

/** What people did to this run, and whether it took. */
export function Interventions({ made }: { readonly made: readonly Intervention[] }) {
  return (
    <Section title="What people did">
      <ul className="card divide-y divide-line">
        {made
          .toSorted((a, b) => b.at - a.at)
          .map((intervention) => (
            <li key={intervention.id} className="px-4 py-3">
              {intervention.kind === "stop" ? <StopReceiptOf id={intervention.id} /> : <Made intervention={intervention} />}
            </li>
          ))}
      </ul>
    </Section>
  );
}

const icons = { pause: Pause, resume: Play, instruct: MessageSquareText, stop: Pause } as const;
const verbs = { pause: "paused", resume: "resumed", instruct: "told", stop: "stopped" } as const;

function Made({ intervention }: { readonly intervention: Intervention }) {
  const Icon = icons[intervention.kind];
  const delivered = intervention.effects.find((effect) => effect.step === "delivered");
  return (
    <div className="flex items-start gap-3 text-body">
      <Icon size={16} aria-hidden="true" className="mt-0.5 shrink-0 text-muted" />
      <div className="min-w-0 flex-1">
        <p className="text-muted">
          <strong className="font-medium text-ink">{intervention.by.id}</strong> {verbs[intervention.kind]} {scopeName(intervention.scope)}{" "}
          <Ago at={intervention.at} />
        </p>
        {intervention.text && (
          <p className="break-words whitespace-pre-wrap">
            <HostileText text={intervention.text} />
          </p>
        )}
      </div>
      {intervention.kind === "instruct" && (
        <span className="inline-flex items-center gap-1.5 text-small whitespace-nowrap text-muted">
          {delivered ? <CheckCheck size={15} aria-hidden="true" /> : <Hourglass size={15} aria-hidden="true" />}
          {delivered ? `Delivered after ${fineDuration(delivered.at - intervention.at)}` : "Waits for the next safe point"}
        </span>
      )}
    </div>
  );
}
