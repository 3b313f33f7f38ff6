import type { Action, ActionType, ProposedAction } from "@pullcord/sdk/protocol";

/** Longest one-line description, in characters. What is approved is never shown through this. */
const longestDescription = 160;

/** What comes before the subject, where the agent has no name of its own for the call. */
const verbs: Partial<Record<ActionType, string>> = {
  file_read: "read ",
  file_write: "write ",
  file_delete: "delete ",
  command_execute: "",
  network_request: "request ",
  database_read: "",
  database_modify: "",
};

/** One line that says what an action is, for boards and sentences. Agent's text: show it escaped. */
export function describeAction(proposed: ProposedAction): string {
  const { command, argv, path, url, sql } = proposed.arguments;
  const subject = [command, Array.isArray(argv) ? argv.join(" ") : undefined, path, url, sql].find((value) => typeof value === "string");
  const line = `${introduction(proposed, subject !== undefined)}${subject ?? ""}`.replaceAll(/\s+/g, " ");
  return line.length > longestDescription ? `${line.slice(0, longestDescription)}…` : line;
}

function introduction({ tool, type }: ProposedAction, hasSubject: boolean): string {
  if (!hasSubject) return tool?.name ?? type.replaceAll("_", " ");
  return tool ? `${tool.name}: ` : (verbs[type] ?? `${type.replaceAll("_", " ")}: `);
}

/** How people can be told to answer a request; handed to the agent while it waits. */
export function waitingSentence(action: Action): string {
  const why = action.decision?.reasons[0]?.sentence ?? "This needs a person.";
  return `Pullcord asks a person first: ${why} Ask your human to answer request ${requestOf(action)} in the Pullcord console, or with: pullcord show ${requestOf(action)}`;
}

function requestOf(action: Action): string {
  return action.state.status === "waiting" || action.state.status === "approved" ? action.state.approvalRequestId : action.id;
}
