import { useShadow } from "../../live/policy.js";
import { Button } from "../../parts/button.js";
import { Section } from "../../parts/page.js";
import { Loading, Trouble, WriteTrouble } from "../../parts/state-pages.js";
import { Ago } from "../../parts/time.js";
import { changedSentence, DifferenceList } from "./differences.js";

/** A policy beside the one in force that only logs. */
export function Shadow({ draft }: { readonly draft: string }) {
  const { query, change } = useShadow();
  if (query.isPending) return <Loading rows={2} />;
  if (query.error) return <Trouble error={query.error} retry={() => void query.refetch()} />;
  const shadow = query.data;
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center gap-3">
        <Button isDisabled={change.isPending || shadow?.text === draft} onPress={() => change.mutate(draft)}>
          {shadow ? "Let the draft run in its place" : "Let the draft run in the shadow"}
        </Button>
        {shadow && (
          <Button isDisabled={change.isPending} onPress={() => change.mutate(null)}>
            End it
          </Button>
        )}
      </div>
      <WriteTrouble error={change.error} />
      {shadow ? (
        <Section
          title={changedSentence(shadow.changed)
            .replace("Would differ", "Would have differed")
            .replace("would differ", "would have differed")}
          aside={
            <>
              since <Ago at={shadow.since} /> · {shadow.compared} actions
            </>
          }
        >
          {shadow.differences.length > 0 && <DifferenceList label="Decisions that would have differed" differences={shadow.differences} />}
        </Section>
      ) : (
        <p className="text-muted">No policy runs in the shadow. One that does decides every action as well, and only logs.</p>
      )}
    </div>
  );
}
