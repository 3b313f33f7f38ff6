import { needsPresence, type Plan } from "@pullcord/sdk/protocol";
import { Ban, Check } from "lucide-react";
import { useRef, useState } from "react";
import { useResolvePlan } from "../../live/plans.js";
import { Button } from "../../parts/button.js";
import { HoldButton } from "../../parts/hold-button.js";
import { useShortcuts } from "../../parts/shortcuts.js";
import { WriteTrouble } from "../../parts/state-pages.js";
import { ReasonField } from "./decide.js";

interface DecidePlanProps {
  readonly plan: Plan;
  /** True once the end of every step was on the screen. */
  readonly seen: boolean;
  readonly isEditing: boolean;
  /** How long it would hold, in milliseconds. */
  readonly forMs: number;
  readonly onDecided: () => void;
}

/** Approve or deny the whole, always in reach. Focus never starts on Approve. */
export function DecidePlan({ plan, seen, isEditing, forMs, onDecided }: DecidePlanProps) {
  const [reason, setReason] = useState("");
  const reasonField = useRef<HTMLInputElement>(null);
  const bar = useRef<HTMLElement>(null);
  const resolve = useResolvePlan(plan, onDecided);
  const hold = needsPresence(plan.level, plan.whole) || resolve.presenceRequired;
  const denied = plan.steps.filter(({ judged }) => judged.effect === "deny").map(({ number }) => number);
  const obstacle = obstacleOf({ denied, isEditing, seen });
  const approval = { effect: "approve", forMs, ...(reason && { reason }) } as const;
  const deny = () => resolve.mutate({ effect: "deny", ...(reason && { reason }) });
  const approve = () => {
    if (obstacle === null && !hold && !resolve.isPending) resolve.mutate(approval);
    else bar.current?.querySelector<HTMLElement>("[data-approve]")?.focus();
  };
  useShortcuts({ a: approve, d: () => reasonField.current?.focus() });
  return (
    <footer ref={bar} className="sticky bottom-[65px] z-10 border-t border-line bg-raised px-4 py-3 md:bottom-0 md:px-8 md:py-4">
      <div className="mx-auto flex w-full max-w-[796px] flex-col gap-3">
        <WriteTrouble error={resolve.error} />
        {obstacle && <p className="text-small font-medium">{obstacle}</p>}
        <div className="flex flex-wrap items-start gap-2">
          <ReasonField field={reasonField} reason={reason} onReason={setReason} onDeny={deny} />
          <Button tone="deny" className="h-12 px-4 sm:px-5" isDisabled={resolve.isPending} onPress={deny}>
            <Ban size={16} aria-hidden="true" /> Deny
          </Button>
          {hold ? (
            <HoldButton
              key={plan.digest}
              api={resolve.client}
              digest={plan.digest}
              word="Approve"
              isDisabled={obstacle !== null}
              onProof={(presenceProof) => resolve.mutateAsync({ ...approval, presenceProof }).then(() => undefined)}
            />
          ) : (
            <Button
              tone="primary"
              data-approve
              className="h-12 flex-1 px-6 sm:flex-none"
              isDisabled={obstacle !== null || resolve.isPending}
              onPress={() => resolve.mutate(approval)}
            >
              <Check size={17} aria-hidden="true" /> Approve
            </Button>
          )}
        </div>
      </div>
    </footer>
  );
}

interface ObstacleFacts {
  readonly denied: readonly number[];
  readonly isEditing: boolean;
  readonly seen: boolean;
}

/** Why it can't be approved yet; null when it can. */
function obstacleOf({ denied, isEditing, seen }: ObstacleFacts): string | null {
  if (denied.length > 0) return `Step ${denied.join(", ")} is denied by policy: take it out or change it; then the rest can be approved.`;
  if (isEditing) return "Put your edit into the plan, or drop it; then it can be approved.";
  return seen ? null : "Read every step to its end; then it can be approved.";
}
