import type { Intervention } from "@pullcord/sdk";
import { scopeWords } from "../scope.js";
import { escapeLine } from "../screen/escape.js";
import type { Screen } from "../screen/screen.js";
import { clockTime } from "../screen/time.js";
import { shortId } from "./rows.js";

/** A person's act and what became of it. */
export function showIntervention(
  screen: Screen,
  { id, kind, scope, by, at, reason, text, effects, cancelledRequests }: Intervention,
): void {
  screen.line(`${screen.paint.strong(`Intervention ${id}`)}  ${kind} ${escapeLine(scopeWords(scope))}`);
  screen.field("By", `${by.kind} ${escapeLine(by.id)}${by.via === undefined ? "" : ` (${by.via})`}, ${clockTime(at)}`);
  if (reason !== undefined) screen.field("Reason", escapeLine(reason));
  if (text !== undefined) screen.field("Text", escapeLine(text));
  if (cancelledRequests > 0) screen.field("Cancelled", `${cancelledRequests} requests`);
  for (const effect of effects) {
    const counts =
      effect.processesEnded === undefined
        ? ""
        : `, ${effect.processesEnded} ${effect.processesEnded === 1 ? "process" : "processes"} ended`;
    const survivors = effect.survivors?.length ? `, survivors: ${effect.survivors.map(escapeLine).join("; ")}` : "";
    screen.field(shortId(effect.runId), `${effect.step} after ${effect.at - at} ms${counts}${survivors}`);
  }
}
