import type { DryRunAction, Effect } from "@pullcord/sdk";
import { escapeLine } from "../screen/escape.js";
import type { Screen } from "../screen/screen.js";
import { showAssessment } from "./assessment.js";
import { reasonText } from "./request.js";

const effectWords: Readonly<Record<Effect, string>> = {
  allow: "This would run",
  require_approval: "A person would be asked",
  deny: "This would be denied",
};

/** What would become of an action that nobody proposed. */
export function showDryRun(
  screen: Screen,
  { effect, reasons, assessment, rows }: Pick<DryRunAction, "effect" | "reasons" | "assessment" | "rows">,
  command: string,
): void {
  const [first] = reasons;
  screen.line(`${screen.paint.strong("Dry run")}  ${escapeLine(command)}`);
  screen.line();
  screen.sentence(`${effectWords[effect]}: ${escapeLine(first?.sentence ?? "no reason is given")}`);
  screen.line();
  if (assessment) showAssessment(screen, assessment, rows && { rows });
  for (const reason of reasons) screen.field("Why", reasonText(reason));
  screen.line();
  screen.sentence(screen.paint.faint("Nothing was run or recorded."));
}
