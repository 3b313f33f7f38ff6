import type { Action, RunSummary, UndoScope } from "@pullcord/sdk/protocol";
import { History, Undo2 } from "lucide-react";
import { useState } from "react";
import { Button } from "../../parts/button.js";
import { UndoDialog } from "./undo.js";

/** Takes back one action of a run, or all that came after it (`undo ACTION`, `undo RUN --to ACTION`). */
export function UndoAction({ run, action }: { readonly run: RunSummary; readonly action: Action }) {
  const [scope, setScope] = useState<UndoScope | null>(null);
  if (!mayHaveChanged(action)) return null;
  const { id } = action;
  return (
    <div className="flex flex-wrap gap-2">
      <Button aria-label={`Undo action ${id}`} onPress={() => setScope({ action: id })}>
        <Undo2 size={15} aria-hidden="true" /> Undo this action
      </Button>
      <Button tone="quiet" aria-label={`Undo what came after action ${id}`} onPress={() => setScope({ run: run.id, to: id })}>
        <History size={15} aria-hidden="true" /> Undo what came after it
      </Button>
      {scope && (
        <UndoDialog
          run={run}
          isOpen
          onClose={() => setScope(null)}
          part={{ scope, title: scope.action === undefined ? "Undo what came after this action" : "Undo this action" }}
        />
      )}
    </div>
  );
}

/** It has run, and may have done more than read. */
function mayHaveChanged({ state, assessment }: Action): boolean {
  return (state.status === "succeeded" || state.status === "failed") && assessment?.reversibility !== "read_only";
}
