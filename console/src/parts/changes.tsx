import { changeCounts, changeGroups, type ChangeGroup, type PathChange, type PathLeft } from "@pullcord/sdk/protocol";
import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { HostileText } from "../text/hostile-text.js";
import { count } from "../text/words.js";
import { Button } from "./button.js";
import { UnifiedDiff } from "./diff.js";

const signs: Readonly<Record<PathChange["kind"], readonly [sign: string, word: string]>> = {
  added: ["+", "added"],
  changed: ["~", "changed"],
  removed: ["−", "removed"],
};

/** What happens to files, rows of each table and whatever else can go back; each opens to its lines and to what is run for it. */
export function ChangeList({ label, changes }: { readonly label: string; readonly changes: readonly PathChange[] }) {
  return (
    <div role="group" aria-label={label} className="card divide-y divide-line overflow-hidden">
      {changeGroups(changes).map((group) => (
        <Group key={`${group.of} ${group.title}`} group={group} />
      ))}
    </div>
  );
}

/** Most changes of one group that are shown at first: two hundred rows are a wall. */
const shownAtFirst = 10;

function Group({ group: { of, title, changes } }: { readonly group: ChangeGroup }) {
  const [isWhole, setWhole] = useState(false);
  // What runs a program is never done unseen.
  const shown = isWhole || of === "command" || of === "custom" ? changes : changes.slice(0, shownAtFirst);
  const more = changes.length - shown.length;
  return (
    <div>
      <p className="flex flex-wrap gap-x-3 bg-sunken px-4 py-2 text-small">
        <strong className="font-medium break-all">
          <HostileText text={title} />
        </strong>
        <span className="text-muted">{changeCounts(changes)}</span>
      </p>
      <ul aria-label={title} className="divide-y divide-line">
        {shown.map((change) => (
          <li key={`${change.of} ${change.path}`}>{hasMore(change) ? <Opening change={change} /> : <Line change={change} />}</li>
        ))}
      </ul>
      {more > 0 && (
        <Button tone="quiet" onPress={() => setWhole(true)}>
          Show {count(more, "more", "more")}
        </Button>
      )}
    </div>
  );
}

function hasMore({ diff, runs }: PathChange): boolean {
  return diff !== null || runs.length > 0;
}

function Opening({ change }: { readonly change: PathChange }) {
  const { of, path, diff, runs, actionIds } = change;
  // What a run did names its actions; what an undo is about to do names none.
  const what = actionIds.length > 0 ? "What an undo runs for" : "What is run for";
  return (
    // What runs a program is never done unseen.
    <details className="group" open={runs.length > 0 && (of === "command" || of === "custom")}>
      <summary className="cursor-pointer list-none hover:bg-hover">
        <Line change={change} opens />
      </summary>
      {diff !== null && <UnifiedDiff label={`Lines of ${path}`} text={of === "database" ? withoutHunkHeaders(diff) : diff} />}
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

/** Of rows, where among the columns a change stands (`@@ … @@`) says nothing. */
function withoutHunkHeaders(diff: string): string {
  return diff.replaceAll(/^@@.*\n/gmu, "");
}

/** Most columns of a row that are told beside its name. */
const columnsTold = 3;

/** `amount: 1200 → 1428`; null where there is too much to tell, or the row is new or gone. */
function rowChange(kind: PathChange["kind"], diff: string | null): string | null {
  if (kind !== "changed" || diff === null) return null;
  const lines = diff.split("\n");
  const values = (sign: string) => lines.flatMap((line) => (line.startsWith(sign) ? [line.slice(1)] : []));
  const [before, after] = [values("-"), values("+")];
  if (before.length === 0 || before.length > columnsTold || before.length !== after.length) return null;
  return before.map((line, index) => `${line} → ${(after[index] ?? "").replace(/^.*?: /u, "")}`).join(", ");
}

function Line({
  change: { of, kind, path, sentence, diff, actionIds },
  opens = false,
}: {
  readonly change: PathChange;
  readonly opens?: boolean;
}) {
  const [sign, word] = signs[kind];
  return (
    <div className="flex min-h-11 items-center gap-x-3 px-4 py-2 text-body">
      <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-0.5">
        <span aria-hidden="true" className="w-4 shrink-0 text-center font-semibold">
          {sign}
        </span>
        <span className="sr-only">{word}:</span>
        <code className="min-w-0 font-medium break-all">
          <HostileText text={path} />
        </code>
        <span className="text-small text-muted">
          <HostileText text={(of === "database" && rowChange(kind, diff)) || sentence} />
        </span>
        {actionIds.length > 0 && <span className="text-small text-muted">by {actionIds.join(", ")}</span>}
      </div>
      {opens && <ChevronRight size={16} aria-hidden="true" className="shrink-0 text-muted group-open:rotate-90" />}
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
