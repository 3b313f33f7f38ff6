import { isPullcordError, type PullcordError } from "@pullcord/sdk";
import { exitStatus } from "./exit-status.js";
import { agentHere } from "./hold/agent-here.js";
import { escapeJson, escapeLine } from "./screen/escape.js";
import { wrapped } from "./screen/width.js";
import type { Surroundings } from "./surroundings.js";

const width = 80;

/** What can be done about it, where the error itself can't know. By reason, then by code. */
const advice: Readonly<Record<string, string>> = {
  unreachable: "Start a server with: pullcord start. To stop all agents without one: pullcord stop --all --offline",
  bad_token: "Sign in again: pullcord sign-in LINK. The server prints a link when it starts.",
  unknown_id: "List what there is: pullcord ps, pullcord inbox.",
  presence_required: "Approve it in a terminal with pullcord approve, or in the console.",
};

/** What a coding agent can tell its human, word for word. */
const forTheHuman: Readonly<Record<string, string>> = {
  unavailable: "Pullcord's server does not answer, so I may not act. Please start it with: pullcord start",
  unauthenticated: "I am not signed in to Pullcord, and only you can be. Please run this command yourself in a terminal.",
  forbidden: "Pullcord wants this from you and not from me. Please run this command yourself in a terminal.",
};
const forTheHumanOtherwise = "A Pullcord command did not work for me; please look at the message above.";

/** Says what happened, why, and what to do, and gives the exit status. */
export function reportFailure(error: unknown, surroundings: Surroundings, isJson: boolean): number {
  if (!isPullcordError(error)) return reportUnexpected(error, surroundings);
  const write = (text: string) => surroundings.stderr.write(`${text}\n`);
  if (isJson) {
    const { code, reason, message, field } = error;
    write(escapeJson(JSON.stringify({ error: { code, reason, message, ...(field === undefined ? {} : { field }) } })));
    return exitStatus[error.code];
  }
  for (const line of wrapped(`pullcord: ${escapeLine(error.message)}`, width)) write(line);
  const todo = advice[error.reason];
  if (todo !== undefined) for (const line of wrapped(todo, width)) write(line);
  if (agentHere(surroundings) !== null) for (const line of wrapped(`Tell your human: "${sentenceFor(error)}"`, width)) write(line);
  return exitStatus[error.code];
}

function sentenceFor(error: PullcordError): string {
  return forTheHuman[error.code] ?? forTheHumanOtherwise;
}

function reportUnexpected(error: unknown, { stderr }: Surroundings): number {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  stderr.write(`pullcord: something went wrong inside Pullcord. Please report this:\n${text.split("\n").map(escapeLine).join("\n")}\n`);
  return exitStatus.internal;
}
