import { actionLine, type ApprovalRequest, type JsonObject, needsPresence, PullcordError } from "@pullcord/sdk";
import type { Cli } from "../cli.js";
import { editArguments } from "../edit-arguments.js";
import { exitStatus } from "../exit-status.js";
import { grantOptions, grantTerms } from "../grant-terms.js";
import { agentHere } from "../hold/agent-here.js";
import { confirmPresence, timingOptions } from "../hold/confirm-presence.js";
import { agentGuidance } from "../hold/hold-view.js";
import { serverWitness } from "../hold/witness.js";
import { escapeLine } from "../screen/escape.js";
import { wrapped } from "../screen/width.js";
import { requestInFull } from "../in-full.js";
import { approvePlan, isPlanId } from "../plan/answer-plan.js";
import type { Call, Verb } from "../verb.js";
import { previewSentences } from "../views/assessment.js";
import { showRequest, showWhatWillRun } from "../views/request.js";

/** Says yes, after everything that will run was shown. An agent is refused before anything else. */
export const approve: Verb = {
  usage: "approve <request>",
  summary: "approve a request or a plan, after showing all that will run",
  details:
    "From level required and from high risk upwards, Enter has to be held for about 3 s, so that no script and no agent approves by itself.",
  options: [
    { flags: "--reason <text>", summary: "why, for the record" },
    { flags: "--edit", summary: "change the arguments in $EDITOR first; those run then" },
    { flags: "--dry-run", summary: "only show what would be approved" },
    ...grantOptions,
    ...timingOptions,
  ],
  endsItself: true,
  examples: ["approve q7k2", "approve q7k2 --edit", 'approve q7k2 --reason "Checked the table first"', "approve q7k2 --for 30m"],
  run: async (cli, call) => {
    if (isPlanId(call.argument(0))) return approvePlan(cli, call);
    refuseAgent(cli, call);
    const person = cli.person();
    const request = await requestInFull(cli, call.argument(0));
    if (!cli.isJson) showRequest(cli.screen, request);
    if (request.status !== "pending")
      throw new PullcordError("conflict", "already_resolved", `Request ${request.id} is ${request.status} already.`);
    const modifiedArguments = call.has("edit") ? await editArguments(cli, request.action.proposed.arguments) : null;
    if (modifiedArguments !== null && !cli.isJson) showEdited(cli, request, modifiedArguments);
    if (call.has("dryRun")) return sayDryRun(cli, request, modifiedArguments);
    const grant = await grantTerms(cli, call, request.id);
    const proof = needsPresence(request.level, request.action.assessment) ? await holdFor(cli, call, request) : null;
    if (proof === refused) return exitStatus.no;
    if (proof === interrupted) return exitStatus.interrupted;
    const reason = call.text("reason");
    const approved = await person.resolve(request.id, {
      effect: "approve",
      digest: request.action.digest,
      ...(reason === undefined ? {} : { reason }),
      ...(modifiedArguments === null ? {} : { modifiedArguments }),
      ...(proof === null ? {} : { presenceProof: proof.text }),
      ...(grant === undefined ? {} : { grant }),
    });
    if (cli.isJson) return cli.screen.json(approved);
    cli.screen.line(
      grant
        ? `Approved ${request.id}, and granted beyond it. See: pullcord grant list`
        : `Approved ${request.id}. It may run once, exactly as shown.`,
    );
  },
};

const refused = "refused";
const interrupted = "interrupted";

function refuseAgent({ surroundings, settings }: Cli, call: Call): void {
  const agent = agentHere(surroundings);
  if (agent === null) return;
  const what = `approve the Pullcord request ${escapeLine(call.argument(0))}.`;
  for (const line of agentGuidance(what, `pullcord approve ${escapeLine(call.argument(0))}`)) surroundings.stderr.write(`${line}\n`);
  const text = `Only a person approves, and an AI agent runs this command: ${agent}. The console at ${settings.server} works too.`;
  throw new PullcordError("forbidden", "agent_present", text);
}

/** What was shown above is not what will run any more. */
function showEdited({ screen }: Cli, { action }: ApprovalRequest, approvedArguments: JsonObject): void {
  screen.line();
  screen.line(screen.paint.amber("You changed the arguments. This will run in place of what is shown above:"));
  showWhatWillRun(screen, { ...action, approvedArguments });
}

function sayDryRun({ screen, isJson }: Cli, request: ApprovalRequest, modifiedArguments: JsonObject | null): void {
  const isHeld = needsPresence(request.level, request.action.assessment);
  if (isJson) return screen.json({ wouldApprove: request, modifiedArguments, needsPresence: isHeld });
  screen.line(
    `Would approve ${request.id}${modifiedArguments === null ? "" : " with your arguments"}${isHeld ? ", after Enter was held" : ""}.`,
  );
}

async function holdFor(
  cli: Cli,
  call: Call,
  { id, action, rows }: ApprovalRequest,
): Promise<{ readonly text: string } | null | typeof refused | typeof interrupted> {
  const { end, proof } = await confirmPresence(cli, call, {
    what: `approve this: ${escapeLine(actionLine(action.proposed))}.`,
    lines: [
      `You are about to approve request ${id}, as last shown above.`,
      ...(action.assessment ? previewSentences(action.assessment, rows) : []).flatMap((line) => wrapped(line, cli.screen.width)),
    ],
    isFinal: action.assessment?.reversibility !== "read_only" && action.assessment?.reversibility !== "reversible",
    command: `pullcord approve ${id}`,
    witness: serverWitness(cli.person(), action.digest),
  });
  if (end.phase === "cancelled") return interrupted;
  if (end.phase === "refused") return refused;
  return proof === null ? null : { text: proof };
}
