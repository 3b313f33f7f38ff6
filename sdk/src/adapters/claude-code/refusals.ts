import { isPullcordError } from "../../protocol/index.js";
import { blockAnswer, nothing, preToolUseAnswer, type HookAnswer } from "./answer.js";

/** What the hook answers when it failed to find an answer: a tool call is denied, settings stay, the rest goes on. */
export function refusalFor(event: string | undefined, error: unknown): HookAnswer {
  const reason = sentenceOf(error);
  switch (event) {
    case undefined:
    case "PreToolUse":
      return preToolUseAnswer({ kind: "deny", reason, ends: false });
    case "ConfigChange":
      return blockAnswer(reason);
    default:
      // PermissionRequest among them: its dialog then stays with the person at the terminal.
      return nothing;
  }
}

function sentenceOf(error: unknown): string {
  if (!isPullcordError(error))
    return `Pullcord failed to decide, so this action was not run. Tell your human to look at the server's output, and try again.`;
  if (error.code === "unauthenticated") {
    return "Pullcord does not know this agent's token, so this action was not run. Tell your human: connect again with `pullcord connect claude-code`, or take the gate out with `pullcord disconnect claude-code`.";
  }
  return `Pullcord did not run this action: ${error.message}`;
}
