import { actionLine, needsPresence, type Effect, type Plan, type PlanStep } from "@pullcord/sdk";
import { escapeLine } from "../screen/escape.js";
import type { Paint } from "../screen/paint.js";
import type { Screen } from "../screen/screen.js";
import { ago, clockTime, until } from "../screen/time.js";
import { previewSentences, reversibilityWords, withoutGuesses } from "./assessment.js";
import { reasonText, showAgentSays, showWhatWillRun } from "./request.js";
import { riskWord, shortId } from "./rows.js";
import { showRowsPreview } from "./rows-preview.js";

/** What becomes of a step, by itself. */
export const effectWords: Readonly<Record<Effect, string>> = { allow: "runs anyway", require_approval: "asks", deny: "denied" };

export const planHead = ["PLAN", "RISK", "AGENT", "STEPS", "EXPIRES"];

/** A plan that waits, as one line of a list; `show` has it in full. */
export function planRow({ id, agent, whole, steps, expiresAt }: Plan, paint: Paint): string[] {
  const first = steps[0] ? actionLine(standing(steps[0])) : "";
  const risk = riskWord(whole.level, whole.score, paint);
  return [shortId(id), risk, escapeLine(agent), `${steps.length}: ${escapeLine(first)}`, until(expiresAt, Date.now())];
}

/** A plan in full: what it is as a whole, then every step with everything that decides what runs. */
export function showPlan(screen: Screen, plan: Plan): void {
  const { paint } = screen;
  const { whole, level } = plan;
  screen.line(`${paint.strong(`Plan ${plan.id}`)}  ${standsIn(plan, paint)}`);
  screen.field("Agent", `${escapeLine(plan.agent)}, run ${plan.runId}`);
  screen.field("Risk", `${riskWord(whole.level, whole.score, paint)}, ${reversibilityWords[whole.reversibility]}, as its gravest step`);
  if (whole.files.count > 0) screen.field("Files", filesInWords(plan));
  screen.field("Undo", whole.undo);
  screen.field("Approval", `level ${level}${needsPresence(level, whole) ? ", with Enter held for 3 s" : ""}`);
  if (plan.status === "approved") screen.field("Progress", progressInWords(plan));
  for (const step of plan.steps) showStep(screen, step, { isDecided: plan.status !== "pending" });
  for (const step of plan.removed) {
    screen.line();
    screen.line(paint.faint(`- ${step.number}. taken out: ${escapeLine(actionLine(step.proposed))}`));
  }
  showAgentSays(screen, [plan.summary]);
  if (plan.resolution) showAnswer(screen, plan);
}

/** `2 of 5 done, 1 failed; next is 3: npm test`. */
export function progressInWords({ steps, deviations, position, ended }: Plan): string {
  const count = (status: PlanStep["state"]["status"]) => steps.filter(({ state }) => state.status === status).length;
  const others = (["running", "failed", "skipped"] as const)
    .filter((status) => count(status) > 0)
    .map((status) => `${count(status)} ${status}`);
  const deviated = deviations === 0 ? [] : [`${deviations} deviated`];
  const next = ended ? undefined : steps.slice(position).find(({ state }) => state.status === "open");
  const coming = next ? `; next is ${next.number}: ${escapeLine(actionLine(standing(next)))}` : "";
  return `${[`${count("succeeded")} of ${steps.length} done`, ...others, ...deviated].join(", ")}${coming}`;
}

function standsIn({ status, expiresAt, ended, holdsUntil }: Plan, paint: Paint): string {
  const now = Date.now();
  if (status === "pending") return paint.amber(`waits for a person, expires ${until(expiresAt, now)}`);
  if (status !== "approved") return status;
  return ended ? `${ended.why.replace("_", " ")}, ${ago(ended.at, now)}` : `approved, holds until ${clockTime(holdsUntil ?? now)}`;
}

function filesInWords({ whole: { files } }: Plan): string {
  const more = files.count > files.first.length ? ` and ${files.count - files.first.length} more` : "";
  return `${files.first.map(escapeLine).join(", ")}${more}`;
}

function showStep(screen: Screen, step: PlanStep, { isDecided }: { readonly isDecided: boolean }): void {
  const { paint } = screen;
  const { number, proposed, approvedArguments, judged, state, rows, rowsWithout } = step;
  const { assessment, effect, reasons } = judged;
  const mark = state.status === "open" ? "" : `  ${state.status}`;
  const changed = approvedArguments ? paint.amber("  changed by a person") : "";
  screen.line();
  screen.line(`${paint.strong(`${number}.`)} ${stepWord(step, paint)}${mark}${changed}`);
  showWhatWillRun(screen, { proposed, ...(approvedArguments ? { approvedArguments } : {}) });
  if (effect === "deny")
    screen.field("Denied", paint.red(`${escapeLine(reasons[0]?.sentence ?? "no rule allows it.")} Take it out or change it.`));
  else for (const reason of reasons) screen.field("Why", reasonText(reason));
  if (assessment) for (const sentence of previewSentences(withoutGuesses(assessment, rows))) screen.field("", sentence);
  if (rows) showRowsPreview(screen, { rows, isDecided, without: rowsWithout });
  showAgentSays(screen, [proposed.claim?.reason, proposed.claim?.description]);
}

/** The step's own risk and what may become of it, in words and never by colour alone. */
function stepWord({ judged: { assessment, effect } }: PlanStep, paint: Paint): string {
  const risk = assessment
    ? `${riskWord(assessment.level, assessment.score, paint)}, ${reversibilityWords[assessment.reversibility]}`
    : "not read";
  const word = effectWords[effect];
  return `${effect === "deny" ? paint.red(word) : word}, ${risk}`;
}

function standing({ proposed, approvedArguments }: PlanStep): PlanStep["proposed"] {
  return approvedArguments ? { ...proposed, arguments: approvedArguments } : proposed;
}

function showAnswer(screen: Screen, { resolution }: Plan): void {
  if (!resolution) return;
  const { status, by, at, reason } = resolution;
  screen.line();
  screen.field("Answered", `${status} by ${by.kind} ${escapeLine(by.id)}, ${clockTime(at)}, ${ago(at, Date.now())}`);
  if (reason !== undefined) screen.field("Reason", escapeLine(reason));
}
