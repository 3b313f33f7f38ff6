import { needsPresence, type ApprovalRequest, type JsonObject, type Resolve } from "@pullcord/sdk/protocol";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Ban, Check, Pencil } from "lucide-react";
import { useRef, useState, type RefObject } from "react";
import { announce } from "../../live/announce.js";
import { useClient } from "../../live/client.js";
import { keys } from "../../live/keys.js";
import { Button } from "../../parts/button.js";
import { HoldButton } from "../../parts/hold-button.js";
import { useGrantChoice } from "./grant-choice.js";
import { useShortcuts } from "../../parts/shortcuts.js";
import { WriteTrouble } from "../../parts/state-pages.js";

interface DecideProps {
  readonly request: ApprovalRequest;
  /** True once the end of what will run was on the screen. */
  readonly seen: boolean;
  readonly modified: JsonObject | undefined;
  readonly isEditing: boolean;
  readonly onEdit: (() => void) | undefined;
  readonly onDecided: () => void;
}

/** Approve and deny, always in reach. Focus never starts on Approve. */
export function Decide({ request, seen, modified, isEditing, onEdit, onDecided }: DecideProps) {
  const [reason, setReason] = useState("");
  const reasonField = useRef<HTMLInputElement>(null);
  const bar = useRef<HTMLElement>(null);
  const resolve = useResolve(request, onDecided);
  const hold = needsPresence(request.level, request.action.assessment) || resolve.presenceRequired;
  const grant = useGrantChoice(request);
  const mayApprove = seen && (modified !== undefined || grant.isReady);
  const approval = {
    effect: "approve",
    ...(reason && { reason }),
    ...(modified ? { modifiedArguments: modified } : grant.terms && { grant: grant.terms }),
  } as const;
  const deny = () => resolve.mutate({ effect: "deny", ...(reason && { reason }) });
  const approve = () => {
    if (mayApprove && !hold && !resolve.isPending) resolve.mutate(approval);
    else bar.current?.querySelector<HTMLElement>("[data-approve]")?.focus();
  };
  useShortcuts({ a: approve, d: () => reasonField.current?.focus(), e: () => onEdit?.() });

  return (
    <footer ref={bar} className="sticky bottom-[65px] z-10 border-t border-line bg-raised px-4 py-3 md:bottom-0 md:px-8 md:py-4">
      <div className="mx-auto flex w-full max-w-[796px] flex-col gap-3">
        <WriteTrouble error={resolve.error} />
        {!seen && <p className="text-small font-medium">Read what will run to its end; then it can be approved.</p>}
        {!modified && grant.element}
        <div className="flex flex-wrap items-start gap-2">
          <ReasonField field={reasonField} reason={reason} onReason={setReason} onDeny={deny} />
          <Button tone="deny" className="h-12 px-4 sm:px-5" isDisabled={resolve.isPending} onPress={deny}>
            <Ban size={16} aria-hidden="true" /> Deny
          </Button>
          {onEdit && (
            <Button className="h-12" onPress={onEdit} aria-label={isEditing ? "Drop the edit" : "Edit what will run"}>
              <Pencil size={15} aria-hidden="true" /> <span className="hidden sm:inline">{isEditing ? "Drop the edit" : "Edit"}</span>
            </Button>
          )}
          {hold ? (
            <HoldButton
              api={resolve.client}
              digest={request.action.digest}
              word={modified ? "Approve edited" : "Approve"}
              isDisabled={!mayApprove}
              onProof={(presenceProof) => resolve.mutateAsync({ ...approval, presenceProof }).then(() => undefined)}
            />
          ) : (
            <Button
              tone="primary"
              data-approve
              className="h-12 flex-1 px-6 sm:flex-none"
              isDisabled={!mayApprove || resolve.isPending}
              onPress={() => resolve.mutate(approval)}
            >
              <Check size={17} aria-hidden="true" /> {modified ? "Approve edited" : "Approve"}
            </Button>
          )}
        </div>
      </div>
    </footer>
  );
}

interface ReasonProps {
  readonly field: RefObject<HTMLInputElement | null>;
  readonly reason: string;
  readonly onReason: (reason: string) => void;
  readonly onDeny: () => void;
}

/** What the agent reads; Enter denies with it. */
export function ReasonField({ field, reason, onReason, onDeny }: ReasonProps) {
  return (
    <form
      className="w-full min-w-0 sm:w-auto sm:flex-1"
      onSubmit={(event) => {
        event.preventDefault();
        onDeny();
      }}
    >
      <input
        ref={field}
        value={reason}
        onChange={(event) => onReason(event.target.value)}
        onKeyDown={(event) => event.key === "Escape" && field.current?.blur()}
        maxLength={2_000}
        aria-label="Reason; the agent reads it when you deny"
        placeholder="Reason; the agent reads it"
        className="h-12 w-full rounded-card border border-control/70 bg-surface px-3 text-body placeholder:text-muted"
      />
    </form>
  );
}

function useResolve(request: ApprovalRequest, onDecided: () => void) {
  const client = useClient();
  const queries = useQueryClient();
  const mutation = useMutation({
    mutationFn: (answer: Omit<Resolve, "digest">) => client.resolve(request.id, { ...answer, digest: request.action.digest }),
    onSuccess: async (resolved) => {
      announce(resolved.status === "approved" ? "Approved" : "Denied");
      queries.setQueryData(keys.request(request.id), resolved);
      await queries.invalidateQueries({ queryKey: keys.requests });
      onDecided();
    },
    // Somebody may have been first: what holds now is shown at once.
    onError: () => queries.invalidateQueries({ queryKey: keys.request(request.id) }),
  });
  const { error } = mutation;
  return { ...mutation, client, presenceRequired: error !== null && "reason" in error && error.reason === "presence_required" };
}
