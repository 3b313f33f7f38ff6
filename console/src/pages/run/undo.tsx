import type { RunSummary, Undo, UndoPreview, UndoScope } from "@pullcord/sdk/protocol";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ListChecks, Redo2, Undo2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { announce } from "../../live/announce.js";
import { useClient } from "../../live/client.js";
import { keys } from "../../live/keys.js";
import { useChanges, useUndoPreview, useUndos } from "../../live/queries.js";
import { Button } from "../../parts/button.js";
import { ChangeList, LeftList, NotKept } from "../../parts/changes.js";
import { Dialog } from "../../parts/dialog.js";
import { Field } from "../../parts/field.js";
import { Section } from "../../parts/page.js";
import { HaltActs } from "../../parts/run-acts.js";
import { Loading, Trouble, WriteTrouble } from "../../parts/state-pages.js";
import { Ago } from "../../parts/time.js";
import { HostileText } from "../../text/hostile-text.js";
import { count } from "../../text/words.js";

interface OpeningProps {
  readonly run: RunSummary;
  readonly onUndo: () => void;
}

export function UndoButton({ run, onUndo }: OpeningProps) {
  return (
    <Button aria-label={`Undo run ${run.id}`} onPress={onUndo}>
      <Undo2 size={16} aria-hidden="true" /> Undo
    </Button>
  );
}

interface UndoDialogProps {
  readonly run: RunSummary;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** Not all of the run: what then, and what the dialog is called. */
  readonly part?: { readonly scope: UndoScope; readonly title: string };
}

/** Takes back what this run did; what will go back is seen before. Nothing is undone under a running run. */
export function UndoDialog({ run, isOpen, onClose, part }: UndoDialogProps) {
  return (
    <Dialog title={part?.title ?? "Undo this run"} isOpen={isOpen} onClose={onClose}>
      {run.state.status === "running" ? (
        <>
          <p className="text-body">
            This run is still running, so what it does next could not be told from what is taken back. Pause or stop it first; then you see
            what will go back.
          </p>
          <HaltActs run={run} />
        </>
      ) : (
        <Preview scope={part?.scope ?? { run: run.id }} onDone={onClose} canNarrow />
      )}
    </Dialog>
  );
}

/** The way back is offered as soon as a run is halted, and a review as soon as it has ended (E27, E28). */
export function UndoOffer({ run, onUndo, onReview }: OpeningProps & { readonly onReview: () => void }) {
  const { status } = run.state;
  const { changes = [], isReviewed = false } = useChanges(run.id).data ?? {};
  const undone = useUndos(run.id).data?.items[0]?.kind === "undo";
  if (status === "running" || changes.length === 0 || isReviewed || undone) return null;
  return (
    <div className="card flex flex-wrap items-center justify-between gap-3 p-4">
      <p className="text-body">
        This run made {count(changes.length, "change")}.{" "}
        {status === "paused"
          ? "While it is paused, you can take that back; what people changed since stays."
          : "Keep that as a commit, take it back, or leave it; what people changed since stays."}
      </p>
      <div className="flex flex-wrap gap-2">
        {status !== "paused" && (
          <Button tone="primary" onPress={onReview}>
            <ListChecks size={16} aria-hidden="true" /> Review
          </Button>
        )}
        <UndoButton run={run} onUndo={onUndo} />
      </div>
    </div>
  );
}

interface PreviewProps {
  readonly scope: UndoScope;
  readonly onDone: () => void;
  /** In place of a plain undo. */
  readonly make?: (seen: UndoPreview) => Promise<Undo>;
  /** Whether only some paths of it may be taken back. */
  readonly canNarrow?: boolean;
}

/** What will go back and what stays, then the press that does it. */
export function Preview({ scope: whole, onDone, make: makeOtherwise, canNarrow = false }: PreviewProps) {
  const [only, setOnly] = useState<readonly string[]>([]);
  const scope = only.length === 0 ? whole : { ...whole, only };
  const preview = useUndoPreview(scope);
  const client = useClient();
  const queries = useQueryClient();
  const make = useMutation({
    mutationFn: makeOtherwise ?? ((seen: UndoPreview) => client.undo({ ...scope, digest: seen.digest })),
    onSuccess: async (undo) => {
      announce(saidOf(undo));
      await queries.invalidateQueries({ queryKey: keys.undos(undo.runId) });
    },
  });
  if (make.data) return <Done undo={make.data} onClose={onDone} />;
  const narrow = canNarrow && <OnlySome only={only} onChange={setOnly} />;
  if (!preview.data)
    return (
      <>
        {preview.isError ? <Trouble error={preview.error} retry={() => void preview.refetch()} /> : <Loading />}
        {only.length > 0 && narrow}
      </>
    );
  const { changes, conflicts, notKept, kind } = preview.data;
  return (
    <>
      {changes.length === 0 ? (
        <p className="text-body">{conflicts.length === 0 ? "There is nothing to take back." : "Nothing of it goes back."}</p>
      ) : (
        <div className="max-h-[45vh] overflow-y-auto">
          <ChangeList label={kind === "undo" ? "What goes back" : "What comes again"} changes={changes} />
        </div>
      )}
      {conflicts.length > 0 && (
        <>
          <p className="text-body font-medium">This stays as it is:</p>
          <LeftList left={conflicts} />
        </>
      )}
      <NotKept sentences={notKept} />
      {narrow}
      <WriteTrouble error={make.error} />
      <div className="flex gap-2">
        <Button
          tone="primary"
          isDisabled={changes.length === 0 || make.isPending || preview.isFetching}
          onPress={() => make.mutate(preview.data)}
        >
          {kind === "undo" ? <Undo2 size={15} aria-hidden="true" /> : <Redo2 size={15} aria-hidden="true" />}
          {kind === "undo" ? "Undo" : "Redo"} {count(changes.length, "change")}
        </Button>
        <Button tone="quiet" onPress={onDone}>
          Cancel
        </Button>
      </div>
    </>
  );
}

function Done({ undo, onClose }: { readonly undo: Undo; readonly onClose: () => void }) {
  const closing = useRef<HTMLDivElement>(null);
  // What was pressed is gone: whoever goes by keyboard goes on from here.
  useEffect(() => closing.current?.querySelector("button")?.focus(), []);
  return (
    <>
      <p className="text-body font-medium">
        <HostileText text={saidOf(undo)} />
      </p>
      {undo.conflicts.length > 0 && <LeftList left={undo.conflicts} />}
      {undo.heldOpen && (
        <>
          <p className="text-body">Went back, but a program still writes into what stood there:</p>
          <LeftList left={undo.heldOpen} />
        </>
      )}
      {undo.unverified.length > 0 && (
        <ul aria-label="Looked different right afterwards" className="flex flex-col gap-1 text-body">
          {undo.unverified.map((path) => (
            <li key={path}>
              <code className="font-medium break-all">
                <HostileText text={path} />
              </code>{" "}
              <span className="text-muted">looked different right afterwards</span>
            </li>
          ))}
        </ul>
      )}
      <div ref={closing}>
        <Button onPress={onClose}>Close</Button>
      </div>
    </>
  );
}

function saidOf({ kind, status, restored, conflicts, unverified, failure }: Undo): string {
  if (status === "failed") return `Nothing was changed: a step could not be done. ${failure ?? ""}`;
  const stay = conflicts.length === 0 ? "" : `, ${conflicts.length} left as found`;
  const checked = unverified.length === 0 ? "each checked" : `${unverified.length} looked different right afterwards`;
  return `${kind === "undo" ? "Undone" : "Redone"}: ${count(restored.length, "change")}, ${checked}${stay}.`;
}

interface OnlySomeProps {
  readonly only: readonly string[];
  readonly onChange: (only: readonly string[]) => void;
}

/** Narrows an undo to some paths (`undo --only`); what goes back then is shown before it is done. */
function OnlySome({ only, onChange }: OnlySomeProps) {
  const [text, setText] = useState(only.join("\n"));
  const lines = text.split("\n").filter((line) => line !== "");
  const isAsShown = lines.join("\n") === only.join("\n");
  return (
    <details open={only.length > 0}>
      <summary className="target w-fit cursor-pointer text-small text-muted hover:text-ink">Only some of it</summary>
      <div className="flex flex-col items-start gap-2 pt-2">
        <div className="w-full">
          <Field
            label="Files, folders or rows, one a line"
            hint="As they are shown above: src, shop.db/orders. Empty for all of it."
            value={text}
            onChange={setText}
            rows={2}
            code
          />
        </div>
        <Button isDisabled={isAsShown} onPress={() => onChange(lines)}>
          Show what goes back then
        </Button>
      </div>
    </details>
  );
}

/** Who took back what, with the way to take that back. */
export function Undos({ run }: { readonly run: string }) {
  const made = useUndos(run).data?.items ?? [];
  if (made.length === 0) return null;
  return (
    <Section title="Undos">
      <ul className="card divide-y divide-line">
        {made.map((undo) => (
          <li key={undo.id} className="flex flex-wrap items-center justify-between gap-3 px-4 py-3">
            <p className="min-w-0 text-body">
              <HostileText text={saidOf(undo)} />{" "}
              <span className="text-muted">
                By <strong className="font-medium text-ink">{undo.by.id}</strong> <Ago at={undo.at} />
              </span>
            </p>
            <TakeBack undo={undo} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function TakeBack({ undo }: { readonly undo: Undo }) {
  const [open, setOpen] = useState(false);
  if (undo.status !== "done") return null;
  return (
    <>
      <Button tone="quiet" aria-label={`Take ${undo.kind} ${undo.id} back`} onPress={() => setOpen(true)}>
        <Redo2 size={15} aria-hidden="true" /> Take back
      </Button>
      <Dialog title={`Take this ${undo.kind} back`} isOpen={open} onClose={() => setOpen(false)}>
        <Preview scope={{ undo: undo.id }} onDone={() => setOpen(false)} />
      </Dialog>
    </>
  );
}
