import { PullcordError, type MakeReview, type RunReview } from "@pullcord/sdk";
import type { Cli } from "../cli.js";
import { exitStatus } from "../exit-status.js";
import { refuseAgent } from "../person-only.js";
import type { Call, Verb } from "../verb.js";
import { outcomeSentence, showReview } from "../views/run-review.js";
import { showNotCommitted } from "../views/changes.js";
import { undoNow, yesOption } from "./undo.js";

/** The end of a run: look at all it changed, then keep, discard or leave it (E28). */
export const review: Verb = {
  usage: "review <run>",
  summary: "what an ended run came to; keep its changes as a commit, discard or leave them",
  details:
    "Alone it shows what the run did and changed, and what keeping it would make.\n--keep makes a commit of the run's changes alone on a branch of their own, pullcord/RUN; your index, HEAD, hooks and files stay as they are, and what you changed and did not commit is not in it.\n--discard takes everything back, as pullcord undo does. --leave only puts on record that you looked.\nThe exit status is 1 when something is left out.",
  options: [
    { flags: "--keep", summary: "keep the changes as a commit" },
    { flags: "--branch <name>", summary: "with --keep: another branch, which must not be there yet" },
    { flags: "--message <text>", summary: "with --keep: your own words, before the account that Pullcord writes" },
    { flags: "--discard", summary: "take everything back" },
    { flags: "--leave", summary: "leave everything as it is" },
    { flags: "--reason <text>", summary: "why, for the record" },
    { flags: "--dry-run", summary: "only show what would be done" },
    yesOption,
  ],
  examples: ["review r7k2", "review r7k2 --keep", 'review r7k2 --keep --branch tidy --message "Tidy the shop"', "review r7k2 --discard"],
  run: async (cli, call) => {
    const outcome = chosen(call);
    const isDry = call.has("dryRun");
    if (outcome !== null && !isDry) refuseAgent(cli, "keep, discard or leave what a run changed");
    const run = call.argument(0);
    const found = await cli.person().reviews.read(run, { signal: cli.signal });
    if (outcome === "discard") return discard(cli, call, found);
    if (outcome === null || isDry) return look(cli, found, outcome === "keep");
    return make(cli, found, outcome === "leave" ? { outcome, ...reasonOf(call) } : keepOf(call, found));
  },
};

function chosen(call: Call): MakeReview["outcome"] | null {
  const named = (["keep", "discard", "leave"] as const).filter((each) => call.has(each));
  const forKeep = ["branch", "message"].find((option) => call.text(option) !== undefined);
  if (named.length > 1) throw new PullcordError("invalid", "review_outcome", "Name one of --keep, --discard and --leave.");
  if (forKeep !== undefined && named[0] !== "keep") {
    throw new PullcordError("invalid", "review_outcome", `--${forKeep} goes with --keep.`);
  }
  return named[0] ?? null;
}

function look({ screen, isJson }: Cli, found: RunReview, isAboutKeeping: boolean): number {
  if (isJson) screen.json(found);
  else showReview(screen, found);
  return isAboutKeeping && !(found.keep.isPossible && found.keep.left.length === 0) ? exitStatus.no : exitStatus.ok;
}

function keepOf(call: Call, { keep }: RunReview): MakeReview {
  const [branch, message] = [call.text("branch"), call.text("message")];
  const own = { ...(branch === undefined ? {} : { branch }), ...(message === undefined ? {} : { message }) };
  // What was looked at is kept, or nothing.
  return { outcome: "keep", ...own, ...(keep.isPossible ? { digest: keep.digest } : {}), ...reasonOf(call) };
}

function reasonOf(call: Call): { readonly reason?: string } {
  const reason = call.text("reason");
  return reason === undefined ? {} : { reason };
}

async function make(cli: Cli, { account: { runId } }: RunReview, wanted: MakeReview): Promise<number> {
  const { screen, isJson } = cli;
  const made = await cli.person().reviews.make(runId, wanted);
  if (isJson) screen.json(made);
  else {
    screen.sentence(outcomeSentence(made));
    if (made.outcome === "kept") {
      showNotCommitted(screen, made.left);
      screen.line(
        screen.paint.faint(`git diff ${made.base === null ? "" : `${made.base.slice(0, 12)} `}${made.branch}   git merge ${made.branch}`),
      );
    }
  }
  return made.outcome === "kept" && made.left.length > 0 ? exitStatus.no : exitStatus.ok;
}

/** An undo of the whole run, shown before it is done, that ends as a review. */
function discard(cli: Cli, call: Call, { account: { runId } }: RunReview): Promise<number> {
  return undoNow(cli, call, {
    scope: { run: runId },
    make: async (digest) => {
      const made = await cli.person().reviews.make(runId, { outcome: "discard", digest, ...reasonOf(call) });
      return cli.person().getUndo(made.outcome === "discarded" ? made.undoId : "");
    },
  });
}
