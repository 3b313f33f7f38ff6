import { autonomyLevels, type AutonomyLevel, type DialScope } from "@pullcord/sdk/protocol";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { announce } from "../live/announce.js";
import { useClient } from "../live/client.js";
import { autonomyWords, scopeName } from "../text/words.js";
import { Choice } from "./choice.js";
import { WriteTrouble } from "./state-pages.js";

interface DialProps {
  readonly scope: DialScope;
  readonly level: AutonomyLevel | null;
  /** The level that holds when this one is lifted, named in words: `as for everything`. */
  readonly inherits?: string;
  readonly isDisabled?: boolean;
}

const options = autonomyLevels.map((value) => ({ value, ...autonomyWords[value] }));

/** The autonomy dial: one press, holds from the next action on (E19). */
export function Dial({ scope, level, inherits, isDisabled = false }: DialProps) {
  const client = useClient();
  const queries = useQueryClient();
  const set = useMutation({
    mutationFn: (next: AutonomyLevel | null) => client.setAutonomy({ scope, level: next }),
    onSuccess: async (_, next) => {
      announce(`Autonomy is now ${next ? autonomyWords[next].name : "inherited"}`);
      await queries.invalidateQueries();
    },
  });
  const shown = set.isPending ? (set.variables ?? "inherit") : (level ?? "inherit");
  const sentence = shown === "inherit" ? "The next wider setting holds." : autonomyWords[shown].sentence;
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <Choice
        label={`Autonomy of ${scopeName(scope)}`}
        hideLabel
        value={shown}
        options={inherits ? [{ value: "inherit" as const, name: inherits }, ...options] : options}
        onChange={(next) => set.mutate(next === "inherit" ? null : next)}
        isDisabled={isDisabled || set.isPending}
      />
      <p className="px-1 text-small text-muted">{sentence}</p>
      <WriteTrouble error={set.error} />
    </div>
  );
}
