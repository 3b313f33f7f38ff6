import type { ProposedAction } from "@pullcord/sdk/protocol";
import type { Findings } from "./findings.js";

/** Names under which npm runs a script by itself. */
const lifecycle =
  /"(?:pre|post)?(?:install|publish|pack|prepare|version)"\s*:|"(?:prepublishOnly|dependencies:|preuninstall|postuninstall)"\s*:/;

/** Records what the new content of a file means, where its place alone does not say. */
export function noteContent(proposed: ProposedAction, findings: Findings): void {
  const path = proposed.arguments["path"];
  if (typeof path !== "string") return;
  const text = newText(proposed);
  if (/(?:^|\/)package\.json$/.test(path) && lifecycle.test(text)) findings.note("writes_guarded", "a lifecycle script");
}

function newText(proposed: ProposedAction): string {
  const { content, edits } = proposed.arguments;
  const parts = [typeof content === "string" ? content : ""];
  if (Array.isArray(edits)) {
    for (const edit of edits)
      if (edit && typeof edit === "object" && "after" in edit && typeof edit["after"] === "string") parts.push(edit["after"]);
  }
  return parts.join("\n");
}
