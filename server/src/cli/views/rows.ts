import { actionLine, type ApprovalRequest, type RiskLevel, type RunSummary } from "@pullcord/sdk";
import { escapeLine } from "../screen/escape.js";
import type { Paint } from "../screen/paint.js";
import { ago, until } from "../screen/time.js";

const shortIdLength = 6;

/** As many letters of an id as tell it from others in practice; every command accepts them. */
export function shortId(id: string): string {
  return id.slice(0, shortIdLength);
}

export const runHead = ["RUN", "STATE", "AGENT", "WHAT IT DOES", "WAITING", "SEEN"];

/** A run as one line of a list. */
export function runRow(run: RunSummary, paint: Paint): string[] {
  const doing = run.now?.sentence ?? run.task;
  const progress = run.progress ? `${run.progress.n} of ${run.progress.of} ` : "";
  return [
    shortId(run.id),
    stateWord(run, paint),
    escapeLine(run.agent),
    escapeLine(progress + doing),
    run.waiting === 0 ? "" : paint.amber(`${run.waiting} ?`),
    ago(run.lastActivityAt, Date.now()),
  ];
}

/** A glyph and a word, never colour alone. */
export function stateWord({ state, waiting }: Pick<RunSummary, "state" | "waiting">, paint: Paint): string {
  switch (state.status) {
    case "running":
      return waiting > 0 ? paint.amber("? waits") : "> runs";
    case "paused":
      return paint.amber("= paused");
    case "stopped":
      return paint.red("x stopped");
    case "finished":
      return paint.faint(state.result === "succeeded" ? "+ done" : `- ${state.result}`);
  }
}

export const requestHead = ["REQUEST", "RISK", "AGENT", "WHAT WILL RUN", "EXPIRES"];

/** A request as one line of a list. What is approved is shown in full by `show`. */
export function requestRow({ id, agent, action, expiresAt }: ApprovalRequest, paint: Paint): string[] {
  const { assessment } = action;
  const risk = assessment ? riskWord(assessment.level, assessment.score, paint) : "unknown";
  return [shortId(id), risk, escapeLine(agent), escapeLine(actionLine(action.proposed)), until(expiresAt, Date.now())];
}

/** `72 high`; red only from high upwards. */
export function riskWord(level: RiskLevel, score: number, paint: Paint): string {
  const text = `${score} ${level}`;
  return level === "critical" || level === "high" ? paint.red(text) : text;
}
