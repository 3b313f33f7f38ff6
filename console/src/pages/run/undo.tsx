import type { RunSummary, Undo, UndoPreview, UndoScope } from "@pullcord/sdk/protocol";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ListChecks, Redo2, Undo2 } from "lucide-react";
import { useState } from "react";
import { announce } from "../../live/announce.js";
import { useClient } from "../../live/client.js";
import { keys } from "../../live/keys.js";
import { useChanges, useUndoPreview, useUndos } from "../../live/queries.js";
import { Button } from "../../parts/button.js";
import { ChangeList, LeftList, NotKept } from "../../parts/changes.js";
import { Dialog } from "../../parts/dialog.js";
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
}

/** Takes back what this run did; what will go back is seen before. Nothing is undone under a running run. */
export function UndoDialog({ run, isOpen, onClose }: UndoDialogProps) {
  return (
    <Dialog title="Undo this run" isOpen={isOpen} onClose={onClose}>
      {run.state.status === "running" ? (
        <>
          <p className="text-body">
            This run is still running, so what it does next could not be told from what is taken back. Pause or stop it first; then you see
            what will go back.
          </p>
          <HaltActs run={run} />
        </>
      ) : (
        <Preview scope={{ run: run.id }} onDone={onClose} />
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
}

/** What will go back and what stays, then the press that does it. */
export function Preview({ scope, onDone, make: makeOtherwise }: PreviewProps) {
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
  if (!preview.data) return preview.isError ? <Trouble error={preview.error} retry={() => void preview.refetch()} /> : <Loading />;
  const { changes, conflicts, notKept, kind } = preview.data;
  return (
    <>
      {changes.length === 0 ? (
        <p className="text-body">There is nothing to take back.</p>
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
      <WriteTrouble error={make.error} />
      <div className="flex gap-2">
        <Button tone="primary" isDisabled={changes.length === 0 || make.isPending} onPress={() => make.mutate(preview.data)}>
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
      <div>
        <Button onPress={onClose}>Close</Button>
      </div>
    </>
  );
}

function saidOf({ kind, status, restored, conflicts, failure }: Undo): string {
  if (status === "failed") return `Nothing was changed: a step could not be done. ${failure ?? ""}`;
  const stay = conflicts.length === 0 ? "" : `, ${conflicts.length} left as found`;
  return `${kind === "undo" ? "Undone" : "Redone"}: ${count(restored.length, "change")}, each checked${stay}.`;
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
