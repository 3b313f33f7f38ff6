import type { PolicyInForce } from "@pullcord/sdk/protocol";
import { History } from "lucide-react";
import { useState } from "react";
import { useBacktest } from "../../live/policy.js";
import { Button } from "../../parts/button.js";
import { Choice } from "../../parts/choice.js";
import { Section } from "../../parts/page.js";
import { Empty, Loading, WriteTrouble } from "../../parts/state-pages.js";
import { Ago } from "../../parts/time.js";
import { changedSentence, DifferenceList } from "./differences.js";

const lengths = ["1000", "10000", "100000"] as const;

/** The draft on recorded history: every decision that would differ, before it takes effect. */
export function Backtest({ policy, draft }: { readonly policy: PolicyInForce; readonly draft: string }) {
  const backtest = useBacktest();
  const [most, setMost] = useState<(typeof lengths)[number]>("10000");
  const { data } = backtest;
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-end gap-3">
        <Choice
          label="Newest recorded actions"
          value={most}
          onChange={setMost}
          options={lengths.map((value) => ({ value, name: Number(value).toLocaleString("en") }))}
        />
        <Button tone="primary" isDisabled={backtest.isPending} onPress={() => backtest.mutate({ text: draft, most: Number(most) })}>
          {backtest.isPending ? "Deciding again …" : "Try the draft on them"}
        </Button>
      </div>
      <WriteTrouble error={backtest.error} />
      {!data && !backtest.isPending && (
        <div className="card">
          <Empty icon={History} title={draft === policy.text ? "The draft is what is in force" : "Not tried yet"}>
            Recorded actions are decided again by the draft, and every decision that would differ is listed. Nothing takes effect.
          </Empty>
        </div>
      )}
      {backtest.isPending && <Loading rows={3} />}
      {data && (
        <Section title={changedSentence(data.changed)} aside={`${data.replayed} decided again, ${data.leftOut} left out`}>
          {data.reachesBackTo !== null && (
            <p className="px-1 text-small text-muted">
              The oldest of them is <Ago at={data.from ?? data.reachesBackTo} suffix="" /> old; history reaches back{" "}
              <Ago at={data.reachesBackTo} suffix="" />.
            </p>
          )}
          {data.differences.length > 0 && <DifferenceList label="Decisions that would differ" differences={data.differences} />}
        </Section>
      )}
    </div>
  );
}
