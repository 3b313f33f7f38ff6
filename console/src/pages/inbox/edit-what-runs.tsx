import type { JsonObject, ProposedAction } from "@pullcord/sdk/protocol";
import { Diff } from "../../parts/diff.js";
import { Field } from "../../parts/field.js";

/** The part of an action that a person can rewrite before approving it (A8). */
export interface EditableField {
  readonly label: string;
  readonly text: string;
  readonly withText: (text: string) => JsonObject;
}

export function editable(proposed: ProposedAction): EditableField | null {
  const { arguments: args } = proposed;
  const fields = { command: "Command to run instead", content: "Content to write instead", sql: "SQL to run instead" };
  for (const [name, label] of Object.entries(fields)) {
    const text = args[name];
    if (typeof text === "string") return { label, text, withText: (next) => ({ ...args, [name]: next }) };
  }
  return null;
}

interface EditProps {
  readonly field: EditableField;
  readonly text: string;
  readonly onText: (text: string) => void;
}

/** The rewriting, and beneath it what changes against what the agent asked for. */
export function EditWhatRuns({ field, text, onText }: EditProps) {
  return (
    <div className="flex flex-col gap-3">
      <Field
        code
        rows={Math.min(14, Math.max(4, text.split("\n").length + 1))}
        label={field.label}
        value={text}
        onChange={onText}
        takesFocus
        hint="It is approved in place of what the agent asked for; the agent is told."
      />
      {text !== field.text && <Diff label="Against what the agent asked for" edits={[{ before: field.text, after: text }]} />}
    </div>
  );
}
