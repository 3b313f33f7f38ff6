import type { Action } from "@pullcord/sdk/protocol";

/** How people can be told to answer a request; handed to the agent while it waits. */
export function waitingSentence(action: Action): string {
  const why = action.decision?.reasons[0]?.sentence ?? "This needs a person.";
  return `Pullcord asks a person first: ${why} Ask your human to answer request ${requestOf(action)} in the Pullcord console, or with: pullcord show ${requestOf(action)}`;
}

function requestOf(action: Action): string {
  return action.state.status === "waiting" || action.state.status === "approved" ? action.state.approvalRequestId : action.id;
}
