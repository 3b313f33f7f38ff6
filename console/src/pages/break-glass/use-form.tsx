import { breakGlassMaxMs, type Scope } from "@pullcord/sdk/protocol";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ShieldAlert } from "lucide-react";
import { useState } from "react";
import { announce } from "../../live/announce.js";
import { useClient } from "../../live/client.js";
import { useAgents, useRuns } from "../../live/queries.js";
import { Button } from "../../parts/button.js";
import { Choice } from "../../parts/choice.js";
import { Field } from "../../parts/field.js";
import { WriteTrouble } from "../../parts/state-pages.js";

const minuteMs = 60_000;
const lengths = [5, 10, breakGlassMaxMs / minuteMs].map((minutes) => ({ value: String(minutes), name: `${minutes} min` }));
const kinds = [
  { value: "run", name: "A run" },
  { value: "agent", name: "An agent" },
  { value: "everything", name: "Everything" },
] as const;

/** One plain trigger: a scope, a short time, and a reason if there is one. */
export function UseForm() {
  const client = useClient();
  const queries = useQueryClient();
  const [kind, setKind] = useState<Scope["kind"]>("run");
  const [id, setId] = useState("");
  const [minutes, setMinutes] = useState("5");
  const [reason, setReason] = useState("");
  const scope: Scope = kind === "everything" ? { kind } : { kind, id };
  const use = useMutation({
    mutationFn: () => client.breakGlass({ scope, durationMs: Number(minutes) * minuteMs, ...(reason && { reason }) }),
    onSuccess: async () => {
      announce("Break glass is active");
      setReason("");
      await queries.invalidateQueries();
    },
  });
  return (
    <form
      className="card flex flex-col gap-4 p-4 md:p-5"
      onSubmit={(event) => {
        event.preventDefault();
        use.mutate();
      }}
    >
      <p className="max-w-[72ch] text-body text-muted">
        Allows what the gate would ask about or deny, in one scope, for a short time. It does not lift a stop, and Pullcord's own store,
        keys and hooks stay out of reach. It is counted and carries your name; it pages nobody.
      </p>
      <div className="flex flex-wrap items-start gap-x-6 gap-y-4">
        <Choice label="For" value={kind} options={kinds} onChange={setKind} />
        {kind !== "everything" && <Which kind={kind} id={id} onId={setId} />}
        <Choice label="How long" value={minutes} options={lengths} onChange={setMinutes} />
      </div>
      <div className="flex flex-wrap items-end gap-3">
        <div className="min-w-[220px] flex-1">
          <Field
            label="Why (helps later, not demanded)"
            value={reason}
            onChange={setReason}
            maxLength={2_000}
            placeholder="The rule for migrations is wrong about this one"
          />
        </div>
        <Button type="submit" className="h-10" isDisabled={use.isPending || (kind !== "everything" && !id)}>
          <ShieldAlert size={16} aria-hidden="true" /> Break glass
        </Button>
      </div>
      <WriteTrouble error={use.error} />
    </form>
  );
}

function Which({ kind, id, onId }: { readonly kind: "run" | "agent"; readonly id: string; readonly onId: (id: string) => void }) {
  const runs = useRuns().data?.items ?? [];
  const agents = useAgents().data?.items ?? [];
  const living = runs.filter((run) => run.state.status === "running" || run.state.status === "paused");
  const options =
    kind === "run"
      ? living.map((run) => [run.id, `${run.task} (${run.agent})`] as const)
      : agents.map((agent) => [agent.name, agent.name] as const);
  const known = options.some(([value]) => value === id);
  return (
    <label className="flex min-w-0 flex-col gap-1.5 text-small font-medium text-muted">
      Which {kind}
      <select
        value={known ? id : ""}
        onChange={(event) => onId(event.target.value)}
        className="h-10 max-w-[320px] cursor-pointer rounded-card border border-control/70 bg-surface px-3 text-body font-normal text-ink pointer-coarse:h-11"
      >
        <option value="">{options.length === 0 ? `No ${kind} to choose` : `Choose ${kind === "run" ? "a run" : "an agent"}`}</option>
        {options.map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
