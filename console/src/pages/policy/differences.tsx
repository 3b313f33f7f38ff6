import type { PolicyDifference, PolicyOutcome } from "@pullcord/sdk/protocol";
import { Chip } from "../../parts/chip.js";
import { Ago } from "../../parts/time.js";
import { HostileText } from "../../text/hostile-text.js";

const effectNames = { allow: "allow", require_approval: "ask", deny: "deny" } as const;

/** Every decision that differs, those first that let more happen. */
export function DifferenceList({ differences, label }: { readonly differences: readonly PolicyDifference[]; readonly label: string }) {
  return (
    <ul aria-label={label} className="card divide-y divide-line overflow-hidden">
      {differences.map((one) => (
        <li key={`${one.actionIds[0]}${one.after.effect}`} className="flex flex-col gap-1.5 px-4 py-3">
          <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <Effect outcome={one.before} />
            <span aria-label="becomes" className="text-muted">
              →
            </span>
            <Effect outcome={one.after} />
            <span className="ml-auto text-small text-muted">
              {one.count > 1 && `${one.count} times · `}
              {one.agent} · risk {one.score} · <Ago at={one.lastAt} />
            </span>
          </div>
          <code className="text-small break-words">
            <HostileText text={one.description} />
          </code>
          <Because outcome={one.after} />
        </li>
      ))}
    </ul>
  );
}

function Effect({ outcome: { effect, level } }: { readonly outcome: PolicyOutcome }) {
  const tone = effect === "deny" ? "danger" : effect === "require_approval" ? "wait" : "plain";
  return (
    <Chip tone={tone}>
      {effectNames[effect]}
      {effect === "require_approval" && ` · ${level}`}
    </Chip>
  );
}

function Because({ outcome: { sentence, rule, line } }: { readonly outcome: PolicyOutcome }) {
  return (
    <p className="text-small text-muted">
      <HostileText text={sentence} />
      {rule !== undefined && (
        <>
          {" "}
          <code>{rule}</code>
          {line !== undefined && `, line ${line}`}
        </>
      )}
    </p>
  );
}

/** How many decisions change, in words. */
export function changedSentence(changed: Readonly<Record<string, number>>): string {
  const parts = Object.entries(changed)
    .toSorted(([, one], [, other]) => other - one)
    .map(([kind, count]) => `${count} from ${kind.replaceAll("require_approval", "ask").replace(">", " to ")}`);
  return parts.length === 0 ? "No decision would differ." : `Would differ: ${parts.join(", ")}.`;
}
