import { bounds, type ApprovalRequest, type GrantTerms } from "@pullcord/sdk/protocol";
import { useState } from "react";
import { useGrantOptions } from "../../live/grants.js";
import { Choice } from "../../parts/choice.js";
import { HostileText } from "../../text/hostile-text.js";

const minute = 60_000;
const lengths = {
  once: null,
  fiveTimes: { forMs: bounds.grantMs, uses: 5 },
  halfHour: { forMs: 30 * minute },
  workday: { forMs: 8 * 60 * minute },
} as const;
type Length = keyof typeof lengths;

const lengthNames: readonly { readonly value: Length; readonly name: string }[] = [
  { value: "once", name: "Once" },
  { value: "fiveTimes", name: "5 times more" },
  { value: "halfHour", name: "30 min" },
  { value: "workday", name: "8 h" },
];

/** Between "once" and "always": for how long, where, and what exactly it covers, in sight before it is granted. */
export function useGrantChoice(request: ApprovalRequest) {
  const [length, setLength] = useState<Length>("once");
  const [where, setWhere] = useState<"run" | "agent">("run");
  const [chosen, setChosen] = useState("0");
  const isWanted = length !== "once";
  const options = useGrantOptions(request.id, isWanted).data ?? [];
  const option = options[Number(chosen)];
  const time = lengths[length];
  const terms: GrantTerms | undefined = time && option ? { ...time, covers: option.covers, runOnly: where === "run" } : undefined;
  const element = (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-end gap-x-4 gap-y-2">
        <Choice label="Approve for" hideLabel value={length} options={lengthNames} onChange={setLength} />
        {isWanted && (
          <Choice
            label="Where it holds"
            hideLabel
            value={where}
            onChange={setWhere}
            options={[
              { value: "run", name: "This run" },
              { value: "agent", name: "Every run of this agent" },
            ]}
          />
        )}
        {isWanted && options.length > 1 && (
          <Choice
            label="What it covers"
            hideLabel
            value={chosen}
            onChange={setChosen}
            options={options.map(({ covers, sentence }, at) => ({
              value: String(at),
              name: covers.kind === "action" ? "Exactly this" : `Pattern ${at}`,
              sentence,
            }))}
          />
        )}
      </div>
      {isWanted && option && (
        <p className="text-small break-words">
          <b>Covers</b> <HostileText text={option.sentence} />
        </p>
      )}
    </div>
  );
  // Nothing is granted before what it covers is on the screen.
  return { terms, element, isReady: !isWanted || terms !== undefined };
}
