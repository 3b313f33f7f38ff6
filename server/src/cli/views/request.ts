import { needsPresence, type Action, type ApprovalRequest, type DecisionReason } from "@pullcord/sdk";
import { escapeLine, escapeLines } from "../screen/escape.js";
import type { Screen } from "../screen/screen.js";
import { ago, clockTime, until } from "../screen/time.js";
import { showAssessment } from "./assessment.js";
import type { RowsToShow } from "./rows-preview.js";
import { whatWillRun } from "./what-will-run.js";

/** A request in full: what will run first, then why it is a question. */
export function showRequest(screen: Screen, request: ApprovalRequest): void {
  const { paint } = screen;
  const { rows, status } = request;
  const waits =
    request.status === "pending" ? paint.amber(`waits for a person, expires ${until(request.expiresAt, Date.now())}`) : request.status;
  screen.line(`${paint.strong(`Request ${request.id}`)}  ${waits}`);
  screen.field("Agent", `${escapeLine(request.agent)}, run ${request.runId}`);
  screen.line();
  showAction(screen, request.action, { rows: rows && { rows, isDecided: status !== "pending" } });
  screen.line();
  screen.field(
    "Approval",
    `level ${request.level}${needsPresence(request.level, request.action.assessment) ? ", with Enter held for 3 s" : ""}`,
  );
  if (request.resolution) showResolution(screen, request.resolution);
}

/** An action: what will run, its risk, why it was decided so, and apart from that what the agent says. */
export function showAction(
  screen: Screen,
  action: Action,
  {
    reasons = action.decision?.reasons ?? [],
    rows,
  }: { readonly reasons?: readonly DecisionReason[]; readonly rows?: RowsToShow | undefined } = {},
): void {
  const { paint } = screen;
  screen.line(paint.strong("What will run") + paint.faint(`  (${action.proposed.type})`));
  showWhatWillRun(screen, action);
  screen.line();
  if (action.assessment) showAssessment(screen, action.assessment, rows);
  else screen.field("Risk", "not worked out");
  for (const reason of reasons) screen.field("Why", reasonText(reason));
  showAgentSays(screen, [action.proposed.claim?.description, action.proposed.claim?.reason]);
}

/** A reason with what spoke: the step, the rule or factor, and its line in the policy file. */
export function reasonText({ step, sentence, rule, line }: DecisionReason, file?: string): string {
  const place = line === undefined ? [] : [file === undefined ? `line ${line} of the policy` : `${file}:${line}`];
  return `${escapeLine(sentence)} (${[step, ...(rule === undefined ? [] : [escapeLine(rule)]), ...place].join(", ")})`;
}

/** Everything that decides what runs, complete. */
export function showWhatWillRun(screen: Screen, action: Pick<Action, "proposed" | "approvedArguments">): void {
  const { paint } = screen;
  for (const { label, lines } of whatWillRun(action)) {
    screen.line(paint.faint(`  ${label}`));
    // The bar tells our layout from text that looks like it.
    for (const line of lines) screen.line(`  ${paint.accent("|")} ${line}`);
  }
}

/** The agent's own words stand apart, labelled: nobody has checked them. */
export function showAgentSays(screen: Screen, said: readonly (string | undefined)[]): void {
  const lines = said.filter((text) => text !== undefined).flatMap(escapeLines);
  if (lines.length === 0) return;
  screen.line();
  screen.line(screen.paint.faint("The agent says (nobody has checked it)"));
  for (const line of lines) screen.line(screen.paint.faint(`  ~ ${line}`));
}

function showResolution(screen: Screen, { status, by, at, reason }: NonNullable<ApprovalRequest["resolution"]>): void {
  screen.field(
    "Ended",
    `${status} by ${by.kind} ${escapeLine(by.id)}${by.via === undefined ? "" : ` (${by.via})`}, ${clockTime(at)}, ${ago(at, Date.now())}`,
  );
  if (reason !== undefined) screen.field("Reason", escapeLine(reason));
}
