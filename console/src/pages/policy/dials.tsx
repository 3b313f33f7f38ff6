import type { DialScope } from "@pullcord/sdk/protocol";
import { useState } from "react";
import { useAutonomySettings, useStatus } from "../../live/queries.js";
import { Choice } from "../../parts/choice.js";
import { Dial } from "../../parts/dial.js";
import { Field } from "../../parts/field.js";
import { Loading, Trouble } from "../../parts/state-pages.js";
import { Ago } from "../../parts/time.js";
import { HostileText } from "../../text/hostile-text.js";

/** The dial for everything, for tasks and for environments; agents and runs have theirs on their own pages. */
export function Dials() {
  const status = useStatus();
  const settings = useAutonomySettings();
  const named = (settings.data?.items ?? []).filter(({ scope }) => scope.kind === "task" || scope.kind === "environment");
  return (
    <div className="card divide-y divide-line">
      <div className="p-4 md:p-5">
        {status.data ? <Dial scope={{ kind: "everything" }} level={status.data.autonomy} /> : <Loading rows={1} />}
      </div>
      {settings.isError && <Trouble error={settings.error} />}
      {named.map(({ scope, level, setAt }) => (
        <div key={`${scope.kind} ${idOf(scope)}`} className="flex flex-col gap-2 p-4 md:p-5">
          <p className="min-w-0 text-small text-muted">
            <span className="capitalize">{scope.kind}</span>{" "}
            <strong className="font-medium break-words text-ink">
              <HostileText text={idOf(scope)} />
            </strong>
            , set <Ago at={setAt} />
          </p>
          <Dial scope={scope} level={level} inherits="Inherit" />
        </div>
      ))}
      <HoldBack />
    </div>
  );
}

type Named = "environment" | "task";

/** An environment or a task is named here before any run shows it. */
function HoldBack() {
  const [kind, setKind] = useState<Named>("environment");
  const [name, setName] = useState("");
  const id = name.trim();
  return (
    <div className="flex flex-col gap-3 p-4 md:p-5">
      <div className="flex flex-wrap items-end gap-3">
        <Choice
          label="Hold back"
          value={kind}
          options={[
            { value: "environment", name: "An environment" },
            { value: "task", name: "A task" },
          ]}
          onChange={setKind}
        />
        <div className="min-w-[200px] flex-1">
          <Field
            label={kind === "task" ? "Its words, as runs are opened with" : "Its name"}
            value={name}
            onChange={setName}
            maxLength={2_000}
            placeholder={kind === "task" ? "Upgrade the dependencies" : "production"}
          />
        </div>
      </div>
      {id !== "" && <Dial scope={{ kind, id }} level={null} />}
      <p className="px-1 text-small text-muted">
        Agents name tasks and environments themselves, so these only hold back: the lowest holds.
      </p>
    </div>
  );
}

function idOf(scope: DialScope): string {
  return scope.kind === "everything" ? "" : scope.id;
}
