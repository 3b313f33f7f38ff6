import type { AutonomySource, DialScope, RunSummary } from "@pullcord/sdk/protocol";
import { useState } from "react";
import { useAgents, useAutonomySettings } from "../live/queries.js";
import { count } from "../text/words.js";
import { Choice } from "./choice.js";
import { Dial } from "./dial.js";

const sources: Readonly<Record<AutonomySource, string>> = {
  run: "set for this run",
  agent: "set for its agent",
  task: "held back by its task",
  environment: "held back by its environment",
  everything: "set for everything",
  policy: "from the policy",
};
const scopeNames = { run: "This run", agent: "Its agent", task: "Its task", environment: "Its environment" } as const;

/** The dial of a run, and of all that it belongs to (E19). */
export function RunDial({ run, isDisabled = false }: { readonly run: RunSummary; readonly isDisabled?: boolean }) {
  const scopes = scopesOf(run);
  const [kind, setKind] = useState<keyof typeof scopeNames>("run");
  const scope = scopes.find((one) => one.kind === kind) ?? scopes[0];
  const level = useLevelOf(run, scope);
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <Choice
        label="What the dial is turned for"
        hideLabel
        value={scope.kind}
        options={scopes.map(({ kind: value }) => ({ value, name: scopeNames[value] }))}
        onChange={setKind}
        isDisabled={isDisabled}
      />
      <Dial scope={scope} level={level} {...(scope.kind === "run" ? {} : { inherits: "Inherit" })} isDisabled={isDisabled} />
      <p className="px-1 text-small text-muted">
        In force: {sources[run.autonomy.from]}.{" "}
        {(scope.kind === "task" || scope.kind === "environment") && "Agents name it themselves, so it can only hold back. "}
        {run.waiting > 0 && `${count(run.waiting, "question")} already waiting still ${run.waiting === 1 ? "needs" : "need"} an answer.`}
      </p>
    </div>
  );
}

type RunScope = Exclude<DialScope, { readonly kind: "everything" }>;

function scopesOf({ id, agent, task, environment }: RunSummary): readonly [RunScope, ...RunScope[]] {
  return [
    { kind: "run", id },
    { kind: "agent", id: agent },
    { kind: "task", id: task },
    ...(environment === undefined ? [] : [{ kind: "environment", id: environment } as const]),
  ];
}

/** A run shows the level that holds for it; what it belongs to, what was set there. */
function useLevelOf(run: RunSummary, { kind, id }: RunScope) {
  const agents = useAgents();
  const settings = useAutonomySettings();
  if (kind === "run") return run.autonomy.level;
  if (kind === "agent") return agents.data?.items.find(({ name }) => name === id)?.autonomy ?? null;
  return settings.data?.items.find(({ scope }) => scope.kind === kind && scope.id === id)?.level ?? null;
}
