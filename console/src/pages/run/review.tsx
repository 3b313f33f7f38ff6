import type { KeepPreview, MakeReview, ReviewOutcome, RunAccount, RunSummary } from "@pullcord/sdk/protocol";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Check, GitBranch, Undo2 } from "lucide-react";
import { useState } from "react";
import { announce } from "../../live/announce.js";
import { useClient } from "../../live/client.js";
import { keys } from "../../live/keys.js";
import { useReview } from "../../live/queries.js";
import { Button } from "../../parts/button.js";
import { LeftList } from "../../parts/changes.js";
import { Dialog } from "../../parts/dialog.js";
import { Fact, Facts } from "../../parts/facts.js";
import { Field } from "../../parts/field.js";
import { ScrollBox } from "../../parts/scroll-box.js";
import { Loading, Trouble, WriteTrouble } from "../../parts/state-pages.js";
import { Ago } from "../../parts/time.js";
import { HostileText } from "../../text/hostile-text.js";
import { count, dateTime } from "../../text/words.js";
import { Preview } from "./undo.js";

const commitDigits = 12;

/** The end of a run: what it came to, and whether that is kept as a commit, taken back or left (E28, A18). */
export function Review({ run }: { readonly run: RunSummary }) {
  const review = useReview(run.id);
  if (!review.data) return review.isError ? <Trouble error={review.error} retry={() => void review.refetch()} /> : <Loading />;
  const { account, changes, keep, outcomes } = review.data;
  return (
    <div className="flex flex-col gap-4">
      <Account account={account} changed={changes.length} />
      {outcomes.length > 0 && <Outcomes outcomes={outcomes} />}
      <Choices run={run.id} keep={keep} />
    </div>
  );
}

function Account({ account, changed }: { readonly account: RunAccount; readonly changed: number }) {
  const { task, told, openedAt, endedAt, byStatus, did, didBefore, answers, forced } = account;
  const counts = Object.entries(byStatus).map(([word, many]) => `${many} ${word}`);
  return (
    <section aria-label="What the run came to" className="card px-4 py-2">
      <Facts>
        <Fact name="Asked">
          <span className="break-words whitespace-pre-wrap">
            <HostileText text={task} />
          </span>
        </Fact>
        {told.length > 0 && (
          <Fact name="Told">
            {told.map(({ text, by, at }) => (
              <p key={at} className="break-words">
                <HostileText text={text} /> <span className="text-small text-muted">{by.id}</span>
              </p>
            ))}
          </Fact>
        )}
        <Fact name="When">
          {dateTime(openedAt)}
          {endedAt !== null && ` to ${dateTime(endedAt)}`}
        </Fact>
        <Fact name="Came to">
          {count(changed, "change")}; {counts.join(", ") || "no action"}
          {forced > 0 && `; ${forced} forced by break glass`}
        </Fact>
        {did.length > 0 && (
          <Fact name="Did">
            {didBefore > 0 && <p className="text-small text-muted">{didBefore} before these</p>}
            <Lines label="What it did" lines={did.map(({ actionId, line }) => ({ id: actionId, line, note: "" }))} />
          </Fact>
        )}
        {answers.length > 0 && (
          <Fact name="Answered by people">
            <Lines
              label="What people answered"
              lines={answers.map(({ actionId, line, effect, by }) => ({ id: actionId, line, note: `${effect} by ${by.id}` }))}
            />
          </Fact>
        )}
      </Facts>
    </section>
  );
}

interface LinesProps {
  readonly label: string;
  readonly lines: readonly { readonly id: string; readonly line: string; readonly note: string }[];
}

function Lines({ label, lines }: LinesProps) {
  return (
    <ScrollBox label={label} className="max-h-[30vh]">
      <ul className="flex flex-col gap-0.5">
        {lines.map(({ id, line, note }) => (
          <li key={id}>
            <code className="text-small break-all">
              <HostileText text={line} />
            </code>{" "}
            <span className="text-small text-muted">
              {note} {id}
            </span>
          </li>
        ))}
      </ul>
    </ScrollBox>
  );
}

function Choices({ run, keep }: { readonly run: string; readonly keep: KeepPreview }) {
  const [open, setOpen] = useState<"keep" | "discard" | null>(null);
  const make = useMakeReview(run);
  const close = () => setOpen(null);
  return (
    <section aria-label="What becomes of it" className="card flex flex-col gap-3 p-4">
      {keep.isPossible ? (
        <p className="text-body">
          Keeping makes a commit of {count(keep.paths.length, "path")} on a branch of its own,{" "}
          <code className="break-all">{keep.branch}</code>
          {keep.base && (
            <>
              , on <code>{keep.base.commit.slice(0, commitDigits)}</code> <HostileText text={keep.base.subject} />
            </>
          )}
          . Your files, index and branch stay as they are.
        </p>
      ) : (
        <p className="text-body">
          <HostileText text={keep.sentence} />
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        {keep.isPossible && (
          <Button tone="primary" onPress={() => setOpen("keep")}>
            <GitBranch size={16} aria-hidden="true" /> Keep as a commit
          </Button>
        )}
        <Button onPress={() => setOpen("discard")}>
          <Undo2 size={16} aria-hidden="true" /> Discard
        </Button>
        <Button tone="quiet" isDisabled={make.isPending} onPress={() => make.mutate({ outcome: "leave" })}>
          <Check size={16} aria-hidden="true" /> Leave as it is
        </Button>
      </div>
      <WriteTrouble error={make.error} />
      {keep.isPossible && (
        <Dialog title="Keep as a commit" isOpen={open === "keep"} onClose={close}>
          <Keep run={run} keep={keep} onDone={close} />
        </Dialog>
      )}
      <Dialog title="Discard what the run changed" isOpen={open === "discard"} onClose={close}>
        <Discard run={run} onDone={close} />
      </Dialog>
    </section>
  );
}

interface KeepProps {
  readonly run: string;
  readonly keep: Extract<KeepPreview, { isPossible: true }>;
  readonly onDone: () => void;
}

/** The whole commit is seen before it is made. */
function Keep({ run, keep, onDone }: KeepProps) {
  const [branch, setBranch] = useState(keep.branch);
  const [message, setMessage] = useState("");
  const make = useMakeReview(run, onDone);
  const wanted: MakeReview = {
    outcome: "keep",
    digest: keep.digest,
    ...(branch === keep.branch || branch === "" ? {} : { branch }),
    ...(message.trim() === "" ? {} : { message }),
  };
  return (
    <>
      <Field label="Branch" code value={branch} onChange={setBranch} />
      <Field label="Your own words, before the account below" rows={2} value={message} onChange={setMessage} />
      <figure className="flex flex-col gap-1.5">
        <figcaption className="text-small font-medium text-muted">Message</figcaption>
        <ScrollBox label="Message of the commit" className="max-h-[28vh] rounded-card border border-line bg-sunken">
          <pre className="p-3 font-mono text-[12px] leading-5">
            <HostileText text={keep.message} />
          </pre>
        </ScrollBox>
      </figure>
      <details>
        <summary className="cursor-pointer text-body">{count(keep.paths.length, "path")}</summary>
        <ul className="max-h-[20vh] overflow-y-auto pl-4 text-small">
          {keep.paths.map((path) => (
            <li key={path}>
              <code className="break-all">
                <HostileText text={path} />
              </code>
            </li>
          ))}
        </ul>
      </details>
      {keep.left.length > 0 && (
        <>
          <p className="text-body font-medium">Not in the commit:</p>
          <LeftList left={keep.left} />
        </>
      )}
      <WriteTrouble error={make.error} />
      <div className="flex gap-2">
        <Button tone="primary" isDisabled={make.isPending} onPress={() => make.mutate(wanted)}>
          <GitBranch size={15} aria-hidden="true" /> Keep {count(keep.paths.length, "path")}
        </Button>
        <Button tone="quiet" onPress={onDone}>
          Cancel
        </Button>
      </div>
    </>
  );
}

/** An undo of the whole run, on record as the end of a review. */
function Discard({ run, onDone }: { readonly run: string; readonly onDone: () => void }) {
  const client = useClient();
  return (
    <Preview
      scope={{ run }}
      onDone={onDone}
      make={async ({ digest }) => {
        const made = await client.reviews.make(run, { outcome: "discard", digest });
        return client.getUndo(made.outcome === "discarded" ? made.undoId : "");
      }}
    />
  );
}

function useMakeReview(run: string, onDone?: () => void) {
  const client = useClient();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (wanted: MakeReview) => client.reviews.make(run, wanted),
    onSuccess: async (made) => {
      announce(saidOf(made));
      onDone?.();
      await Promise.all([keys.review(run), keys.changes(run)].map((queryKey) => queries.invalidateQueries({ queryKey })));
    },
  });
}

function saidOf(outcome: ReviewOutcome): string {
  switch (outcome.outcome) {
    case "kept":
      return `Kept on branch ${outcome.branch} as ${outcome.commit.slice(0, commitDigits)}: ${count(outcome.paths.length, "path")}.`;
    case "discarded":
      return `Discarded: ${count(outcome.restored, "change")} taken back by undo ${outcome.undoId}.`;
    case "left":
      return "Left as it is.";
  }
}

function Outcomes({ outcomes }: { readonly outcomes: readonly ReviewOutcome[] }) {
  return (
    <ul aria-label="What people decided" className="card divide-y divide-line">
      {outcomes.map((outcome) => (
        <li key={outcome.id} className="px-4 py-3 text-body">
          <HostileText text={saidOf(outcome)} />{" "}
          <span className="text-muted">
            By <strong className="font-medium text-ink">{outcome.by.id}</strong> <Ago at={outcome.at} />
          </span>
          {outcome.outcome === "kept" && outcome.left.length > 0 && <LeftList left={outcome.left} />}
        </li>
      ))}
    </ul>
  );
}
