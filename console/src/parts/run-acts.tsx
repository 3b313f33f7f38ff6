import type { InterventionKind, Run } from "@pullcord/sdk/protocol";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Gauge, MessageSquareText, Pause, Play, Square } from "lucide-react";
import { announce } from "../live/announce.js";
import { useClient } from "../live/client.js";
import { showReceipt } from "../live/receipts.js";
import { Button } from "./button.js";
import { sentenceOf } from "./state-pages.js";

interface RunActsProps {
  readonly run: Pick<Run, "id" | "task" | "state">;
  readonly onTell: () => void;
  /** Absent where the dial is in sight anyway. */
  readonly onDial?: () => void;
  /** With words beside the pictures. */
  readonly words?: boolean;
}

/** Stop, pause, tell, and the dial: one press each, for a run that lives; one that was stopped can be let go on, as another run. */
export function RunActs({ run, onTell, onDial, words = false }: RunActsProps) {
  const act = useIntervene(run.id);
  const { status } = run.state;
  if (status === "finished" || (status === "stopped" && !words)) return null;
  if (status === "stopped") {
    return (
      <Button isDisabled={act.isPending || act.isSuccess} onPress={() => act.mutate("resume")}>
        <Play size={16} aria-hidden="true" /> {act.isSuccess ? "Start the agent again" : "Let it go on"}
      </Button>
    );
  }
  const paused = status === "paused";
  const name = `run ${run.id}`;
  return (
    <div className="flex items-center gap-2">
      {onDial && (
        <Button tone="quiet" square aria-label={`Autonomy of ${name}`} onPress={onDial}>
          <Gauge size={16} aria-hidden="true" />
        </Button>
      )}
      <Button tone="quiet" square={!words} aria-label={`Tell ${name}`} onPress={onTell}>
        <MessageSquareText size={16} aria-hidden="true" /> {words && "Tell"}
      </Button>
      <Button
        tone={words ? "plain" : "quiet"}
        square={!words}
        aria-label={`${paused ? "Resume" : "Pause"} ${name}`}
        isDisabled={act.isPending}
        onPress={() => act.mutate(paused ? "resume" : "pause")}
      >
        {paused ? <Play size={16} aria-hidden="true" /> : <Pause size={16} aria-hidden="true" />} {words && (paused ? "Resume" : "Pause")}
      </Button>
      <Button tone="deny" square={!words} aria-label={`Stop ${name}`} onPress={() => act.mutate("stop")}>
        <Square size={14} fill="currentColor" aria-hidden="true" /> {words && "Stop"}
      </Button>
    </div>
  );
}

/** Pause and stop by their words alone, where a run has to be held for what comes next. */
export function HaltActs({ run }: Pick<RunActsProps, "run">) {
  const act = useIntervene(run.id);
  return (
    <div className="flex gap-2">
      <Button isDisabled={act.isPending} onPress={() => act.mutate("pause")}>
        <Pause size={16} aria-hidden="true" /> Pause it
      </Button>
      <Button tone="deny" onPress={() => act.mutate("stop")}>
        <Square size={14} fill="currentColor" aria-hidden="true" /> Stop it
      </Button>
    </div>
  );
}

function useIntervene(runId: string) {
  const client = useClient();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (kind: InterventionKind) => client.intervene({ kind, scope: { kind: "run", id: runId } }),
    onSuccess: async (made) => {
      if (made.kind === "stop") showReceipt({ status: "made", intervention: made });
      await queries.invalidateQueries();
    },
    onError: (error) => {
      announce(sentenceOf(error), "assertive");
      showReceipt({ status: "failed", sentence: sentenceOf(error), at: Date.now() });
    },
  });
}
