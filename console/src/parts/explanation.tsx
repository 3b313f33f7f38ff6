import type { Action, DecisionReason, Effect, Explanation } from "@pullcord/sdk/protocol";
import { Link } from "@tanstack/react-router";
import { Ban, Check, Hand, type LucideIcon } from "lucide-react";
import { useExplanation } from "../live/queries.js";
import { HostileText } from "../text/hostile-text.js";
import { Fact } from "./facts.js";

/** Why it was decided so, with the step, the rule and its line; what would have changed that; what has changed since. */
export function Explained({ action }: { readonly action: Action }) {
  const explanation = useExplanation(action.id).data;
  const { decision } = action;
  return (
    <>
      <Fact name={whyNames[decision?.effect ?? "require_approval"]}>
        {decision ? (
          <ul className="flex flex-col gap-1">
            {decision.reasons.map((reason) => (
              <Reason key={reason.step + reason.sentence} reason={reason} policy={explanation?.policy} />
            ))}
          </ul>
        ) : (
          "Held: the run is paused, so nothing was decided yet."
        )}
      </Fact>
      {explanation && <Changes explanation={explanation} />}
    </>
  );
}

const whyNames: Readonly<Record<Effect, string>> = {
  allow: "Why it ran",
  require_approval: "Why it was asked",
  deny: "Why it was denied",
};

function Reason({ reason, policy }: { readonly reason: DecisionReason; readonly policy: Explanation["policy"] | undefined }) {
  const spoke = [reason.step.replaceAll("_", " "), reason.rule].filter(Boolean).join(" · ");
  return (
    <li className="break-words">
      <HostileText text={reason.sentence} />{" "}
      <span className="text-small text-muted">
        {spoke}
        {reason.line !== undefined && policy && (
          <>
            {" · "}
            <Place line={reason.line} policy={policy} />
          </>
        )}
      </span>
    </li>
  );
}

/** Leads to the line of the policy, while that is the policy that decided. */
function Place({ line, policy: { file, hasChanged } }: { readonly line: number; readonly policy: Explanation["policy"] }) {
  const name = `${file?.split("/").at(-1) ?? "built-in policy"}:${line}`;
  if (hasChanged) return <code title="In the policy that decided; it has changed since">{name}</code>;
  return (
    <Link to="/policy" hash={`line-${line}`} className="target underline decoration-line underline-offset-4 hover:text-ink">
      <code>{name}</code>
    </Link>
  );
}

const effectIcons: Readonly<Record<Effect, LucideIcon>> = { allow: Check, require_approval: Hand, deny: Ban };

function Changes({ explanation: { wouldChange, notes, today, policy } }: { readonly explanation: Explanation }) {
  return (
    <>
      {wouldChange.length > 0 && (
        <Fact name="What would change it">
          <ul className="flex flex-col gap-1.5">
            {wouldChange.map(({ sentence, effect, line }) => {
              const Icon = effectIcons[effect];
              return (
                <li key={sentence} className="flex gap-2.5">
                  <Icon size={15} aria-hidden="true" className="mt-[3px] shrink-0 text-muted" />
                  <span className="min-w-0 break-words">
                    <HostileText text={sentence} />
                    {line !== undefined && (
                      <span className="text-small text-muted">
                        {" "}
                        <Place line={line} policy={policy} />
                      </span>
                    )}
                  </span>
                </li>
              );
            })}
          </ul>
        </Fact>
      )}
      {(notes.length > 0 || today) && (
        <Fact name="Also">
          {notes.map((note) => (
            <p key={note}>{note}</p>
          ))}
          {today && (
            <p>
              Decided today, {todayWords[today.effect]}: <HostileText text={today.sentence} />
            </p>
          )}
        </Fact>
      )}
    </>
  );
}

const todayWords: Readonly<Record<Effect, string>> = {
  allow: "it would run",
  require_approval: "a person would be asked",
  deny: "it would be denied",
};
