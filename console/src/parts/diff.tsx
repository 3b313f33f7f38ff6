import { diffLines } from "diff";
import { useMemo } from "react";
import { HiddenNotice, HostileText } from "../text/hostile-text.js";
import { Caption, UntilSeen } from "./will-run.js";

export interface Edit {
  readonly before: string;
  readonly after: string;
}

interface DiffLine {
  readonly kind: "same" | "added" | "removed";
  readonly text: string;
}

const longestDiff = 20_000;

interface DiffProps {
  readonly label: string;
  readonly edits: readonly Edit[];
  readonly onSeen?: () => void;
}

/** Before and after, line by line. Added and removed are told by sign and weight; red stays reserved. */
export function Diff({ label, edits, onSeen }: DiffProps) {
  const parts = useMemo(() => edits.map((edit) => diffOf(edit)), [edits]);
  const lines = parts.flat();
  const added = lines.filter((line) => line.kind === "added").length;
  const removed = lines.filter((line) => line.kind === "removed").length;
  return (
    <figure className="card overflow-hidden">
      <Caption label={label} aside={<span aria-label={`${added} lines added, ${removed} removed`}>{`+${added}  −${removed}`}</span>} />
      <HiddenNotice text={edits.map((edit) => edit.after).join("\n")} />
      <UntilSeen label={label} {...(onSeen && { onSeen })}>
        <div className="will-run py-2">
          {parts.map((part, index) => (
            <div key={index} className={index > 0 ? "mt-2 border-t border-dashed border-line pt-2" : ""}>
              {part.map((line, row) => (
                <Line key={row} line={line} />
              ))}
            </div>
          ))}
        </div>
      </UntilSeen>
    </figure>
  );
}

/** Hunks that were worked out elsewhere, as a unified diff. */
export function UnifiedDiff({ label, text }: { readonly label: string; readonly text: string }) {
  const lines = text.replace(/\n$/u, "").split("\n");
  return (
    <figure aria-label={label} className="border-t border-line">
      <HiddenNotice text={text} />
      <div className="will-run py-2">
        {lines.map((line, row) => (
          <Line key={row} line={{ kind: kindOf(line), text: line.startsWith("@@") ? line : line.slice(1) }} />
        ))}
      </div>
    </figure>
  );
}

function kindOf(line: string): DiffLine["kind"] {
  if (line.startsWith("+")) return "added";
  return line.startsWith("-") ? "removed" : "same";
}

const looks: Readonly<Record<DiffLine["kind"], readonly [string, string, string]>> = {
  same: [" ", "", "text-muted"],
  added: ["+", "added: ", "bg-accent-wash shadow-[inset_3px_0_0_var(--accent)]"],
  removed: ["−", "removed: ", "bg-ink/6 text-muted shadow-[inset_3px_0_0_var(--line-control)]"],
};

function Line({ line }: { readonly line: DiffLine }) {
  const [sign, word, look] = looks[line.kind];
  return (
    <div className={`flex px-4 ${look}`}>
      <span aria-hidden="true" className="inline-block w-5 shrink-0 font-semibold select-none">
        {sign}
      </span>
      <span className="min-w-0 flex-1">
        <span className="sr-only">{word}</span>
        <HostileText text={line.text === "" ? " " : line.text} />
      </span>
    </div>
  );
}

/** A huge change is shown whole, all removed then all added, in place of a slow comparison. */
export function diffOf({ before, after }: Edit): readonly DiffLine[] {
  if (before.length + after.length > longestDiff) return [...lines("removed", before), ...lines("added", after)];
  return diffLines(before, after).flatMap((part) => lines(part.added ? "added" : part.removed ? "removed" : "same", part.value));
}

function lines(kind: DiffLine["kind"], text: string): readonly DiffLine[] {
  if (text === "") return [];
  return text
    .replace(/\n$/u, "")
    .split("\n")
    .map((line) => ({ kind, text: line }));
}
