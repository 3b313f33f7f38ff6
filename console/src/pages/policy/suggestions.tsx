import type { PolicySuggestion } from "@pullcord/sdk/protocol";
import { Lightbulb } from "lucide-react";
import { useReplacePolicy, useSuggestions } from "../../live/policy.js";
import { Button } from "../../parts/button.js";
import { Section } from "../../parts/page.js";
import { ScrollBox } from "../../parts/scroll-box.js";
import { Empty, Loading, Trouble, WriteTrouble } from "../../parts/state-pages.js";
import { HostileText } from "../../text/hostile-text.js";
import { DifferenceList } from "./differences.js";

/** Rules that history proposes. Nothing is loosened before a person ratifies it. */
export function Suggestions({ onLook }: { readonly onLook: (text: string) => void }) {
  const suggestions = useSuggestions();
  if (suggestions.isPending) return <Loading rows={2} />;
  if (suggestions.error) return <Trouble error={suggestions.error} retry={() => void suggestions.refetch()} />;
  const { items } = suggestions.data;
  if (items.length === 0)
    return (
      <div className="card">
        <Empty icon={Lightbulb} title="History proposes no rule">
          A rule is proposed once people said yes to questions of one kind three times, and never no.
        </Empty>
      </div>
    );
  return (
    <div className="flex flex-col gap-6">
      {items.map((one) => (
        <Suggestion key={one.id} suggestion={one} onLook={onLook} />
      ))}
    </div>
  );
}

function Suggestion({ suggestion, onLook }: { readonly suggestion: PolicySuggestion; readonly onLook: (text: string) => void }) {
  const { id, rule, sentence, saved, letThrough, text, base } = suggestion;
  const ratify = useReplacePolicy(() => {});
  return (
    <Section title={`${saved} questions saved`} aside={<code>{id}</code>}>
      <div className="card flex flex-col gap-3 p-4">
        <p>{sentence}</p>
        <ScrollBox label={`The rule ${id}`} className="will-run rounded-card bg-sunken/60 px-3 py-2 text-[13px] leading-[21px]">
          <HostileText text={rule.trimEnd()} />
        </ScrollBox>
        <div className="flex flex-wrap gap-3">
          <Button
            tone="primary"
            isDisabled={ratify.isPending}
            onPress={() => ratify.mutate({ text, base, reason: `Ratified the proposed rule ${id}.` })}
          >
            Ratify this rule
          </Button>
          <Button onPress={() => onLook(text)}>Look at it in the text</Button>
        </div>
        <WriteTrouble error={ratify.error} />
      </div>
      <DifferenceList label={`What ${id} would have let through`} differences={letThrough} />
    </Section>
  );
}
