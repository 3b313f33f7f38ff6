import type { PolicyChange, PolicyCheck, PolicyInForce } from "@pullcord/sdk/protocol";
import { CircleCheck, FileWarning } from "lucide-react";
import { useState } from "react";
import { usePolicyCheck, useReplacePolicy } from "../../live/policy.js";
import { Button } from "../../parts/button.js";
import { Chip } from "../../parts/chip.js";
import { Field } from "../../parts/field.js";
import { Section } from "../../parts/page.js";
import { WriteTrouble } from "../../parts/state-pages.js";
import { HostileText } from "../../text/hostile-text.js";
import { Conditions } from "./conditions.js";
import { Lines } from "./lines.js";

const editorRows = 24;

interface EditProps {
  readonly policy: PolicyInForce;
  readonly draft: string;
  readonly onDraft: (text: string) => void;
}

/** The text, what is wrong with it while it is typed, and what putting it in force would change. */
export function Edit({ policy, draft, onDraft }: EditProps) {
  const check = usePolicyCheck(draft);
  const isChanged = draft !== policy.text;
  const [isEditing, setEditing] = useState(false);
  return (
    <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_340px]">
      <div className="flex min-w-0 flex-col gap-4">
        {isEditing || isChanged ? (
          <Field label="Policy text" value={draft} onChange={onDraft} rows={editorRows} code takesFocus={isEditing} />
        ) : (
          <figure className="card overflow-hidden">
            <figcaption className="flex items-center justify-between gap-2 border-b border-line px-4 py-2 text-small text-muted">
              Policy text
              <Button onPress={() => setEditing(true)}>Edit</Button>
            </figcaption>
            <Lines text={policy.text} />
          </figure>
        )}
        <Verdict check={check.data} isCurrent={check.isCurrent} />
        <WriteTrouble error={check.error} />
        {isChanged && (
          <PutInForce policy={policy} draft={draft} isSound={check.isCurrent && check.data?.problem === null} onDone={onDraft} />
        )}
      </div>
      <div className="flex min-w-0 flex-col gap-5">
        {isChanged && <Changes changes={check.data?.changes ?? []} />}
        <Cases check={check.data} />
        <Conditions />
      </div>
    </div>
  );
}

function Verdict({ check, isCurrent }: { readonly check: PolicyCheck | undefined; readonly isCurrent: boolean }) {
  if (!check || !isCurrent) return <p className="text-small text-muted">Checking …</p>;
  const { problem } = check;
  if (!problem)
    return (
      <p role="status" className="flex items-center gap-2 text-small text-muted">
        <CircleCheck size={16} aria-hidden="true" /> This text is sound.
      </p>
    );
  return (
    <p role="status" className="card flex gap-2 border-control p-3">
      <FileWarning size={16} aria-hidden="true" className="mt-0.5 shrink-0" />
      <span className="min-w-0 break-words">
        {problem.line !== null && <b>Line {problem.line}: </b>}
        <HostileText text={problem.sentence} />
      </span>
    </p>
  );
}

interface PutProps {
  readonly policy: PolicyInForce;
  readonly draft: string;
  readonly isSound: boolean;
  readonly onDone: (text: string) => void;
}

function PutInForce({ policy, draft, isSound, onDone }: PutProps) {
  const [reason, setReason] = useState("");
  const replace = useReplacePolicy(() => setReason(""));
  return (
    <form
      className="flex flex-wrap items-end gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        replace.mutate({ text: draft, base: policy.version, reason });
      }}
    >
      <div className="min-w-[220px] flex-1">
        <Field label="Why, for the record" value={reason} onChange={setReason} />
      </div>
      <Button type="submit" tone="primary" isDisabled={!isSound || replace.isPending}>
        Put in force
      </Button>
      <Button onPress={() => onDone(policy.text)}>Discard</Button>
      <WriteTrouble error={replace.error} />
    </form>
  );
}

const signs = { added: "+", removed: "−", changed: "~" } as const;

function Changes({ changes }: { readonly changes: readonly PolicyChange[] }) {
  return (
    <Section title="What this would change">
      <ul className="card divide-y divide-line overflow-hidden">
        {changes.length === 0 && <li className="px-4 py-3 text-small text-muted">Nothing: only the wording differs.</li>}
        {changes.map(({ kind, what, direction }) => (
          <li key={what} className="flex items-center gap-2 px-4 py-2.5">
            <span className="sr-only">{kind}</span>
            <span aria-hidden="true" className="w-4 shrink-0 font-semibold">
              {signs[kind]}
            </span>
            <code className="min-w-0 text-small break-all">{what}</code>
            {direction && (
              <span className="ml-auto">
                <Chip tone={direction === "looser" ? "wait" : "plain"}>{direction}</Chip>
              </span>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Cases({ check }: { readonly check: PolicyCheck | undefined }) {
  const cases = check?.cases ?? [];
  const failed = cases.filter(({ ok }) => !ok);
  return (
    <Section title="Test cases" aside={cases.length > 0 ? `${cases.length - failed.length} of ${cases.length} hold` : undefined}>
      <ul className="card divide-y divide-line overflow-hidden">
        {cases.length === 0 && (
          <li className="px-4 py-3 text-small text-muted">
            None yet. Write them beside the policy, in <code>policy.test.yaml</code>.
          </li>
        )}
        {[...failed, ...cases.filter(({ ok }) => ok)].map(({ name, ok, expected, got }) => (
          <li key={name} className="flex flex-col gap-0.5 px-4 py-2.5">
            <span className="flex items-center gap-2">
              <span aria-hidden="true">{ok ? "✓" : "✗"}</span>
              <span className="sr-only">{ok ? "holds:" : "fails:"}</span>
              <HostileText text={name} />
            </span>
            {!ok && (
              <span className="text-small text-muted">
                Expected {expected.effect}, got {got.effect}: <HostileText text={got.reasons[0]?.sentence ?? ""} />
              </span>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}
