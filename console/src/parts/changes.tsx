import type { PathChange, PathLeft } from "@pullcord/sdk/protocol";
import { ChevronRight } from "lucide-react";
import { HostileText } from "../text/hostile-text.js";
import { UnifiedDiff } from "./diff.js";

const signs: Readonly<Record<PathChange["kind"], readonly [sign: string, word: string]>> = {
  added: ["+", "added"],
  changed: ["~", "changed"],
  removed: ["−", "removed"],
};

/** What happens to files, rows and whatever else can go back; each opens to its lines and to what is run for it. */
export function ChangeList({ label, changes }: { readonly label: string; readonly changes: readonly PathChange[] }) {
  return (
    <ul aria-label={label} className="card divide-y divide-line overflow-hidden">
      {changes.map((change) => (
        <li key={`${change.of} ${change.path}`}>{hasMore(change) ? <Opening change={change} /> : <Line change={change} />}</li>
      ))}
    </ul>
  );
}

function hasMore({ diff, runs }: PathChange): boolean {
  return diff !== null || runs.length > 0;
}

function Opening({ change }: { readonly change: PathChange }) {
  const { of, path, diff, runs, actionIds } = change;
  const what = actionIds.length > 0 ? "What an undo runs for" : "What is run for";
  return (
    // What runs a program is never done unseen.
    <details className="group" open={runs.length > 0 && (of === "command" || of === "custom")}>
      <summary className="cursor-pointer list-none hover:bg-hover">
        <Line change={change} opens />
      </summary>
      {diff !== null && <UnifiedDiff label={`Lines of ${path}`} text={diff} />}
      {runs.length > 0 && (
        <ul aria-label={`${what} ${path}`} className="flex flex-col gap-1 px-4 py-2 text-small">
          {runs.map((line) => (
            <li key={line}>
              <code className="break-all">
                <HostileText text={line} />
              </code>
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}

function Line({
  change: { of, kind, path, sentence, actionIds },
  opens = false,
}: {
  readonly change: PathChange;
  readonly opens?: boolean;
}) {
  const [sign, word] = signs[kind];
  return (
    <div className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-0.5 px-4 py-2 text-body">
      <span aria-hidden="true" className="w-4 shrink-0 text-center font-semibold">
        {sign}
      </span>
      <span className="sr-only">{word}:</span>
      <code className="min-w-0 font-medium break-all">
        <HostileText text={path} />
      </code>
      <span className="text-small text-muted">
        <HostileText text={sentence} />
      </span>
      {of !== "file" && <span className="rounded border border-line px-1.5 text-small text-muted">{of}</span>}
      {actionIds.length > 0 && <span className="text-small text-muted">by {actionIds.join(", ")}</span>}
      {opens && <ChevronRight size={16} aria-hidden="true" className="ml-auto shrink-0 text-muted group-open:rotate-90" />}
    </div>
  );
}

/** What stays as it is, and why: nobody's work is overwritten. */
export function LeftList({ left }: { readonly left: readonly PathLeft[] }) {
  return (
    <ul aria-label="What stays as it is" className="flex flex-col gap-1 text-body">
      {left.map(({ of, path, sentence }) => (
        <li key={`${of} ${path}`}>
          <code className="font-medium break-all">
            <HostileText text={path} />
          </code>{" "}
          <span className="text-muted">
            <HostileText text={sentence} />
          </span>
        </li>
      ))}
    </ul>
  );
}

/** What no snapshot holds, said once, small. */
export function NotKept({ sentences }: { readonly sentences: readonly string[] }) {
  if (sentences.length === 0) return null;
  return (
    <ul aria-label="What undo does not reach" className="flex flex-col gap-0.5 text-small text-muted">
      {sentences.map((sentence) => (
        <li key={sentence}>
          <HostileText text={sentence} />
        </li>
      ))}
    </ul>
  );
}
