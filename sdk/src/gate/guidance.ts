import { PullcordError } from "../protocol/index.js";

/** Sentences that the agent can hand to its human, for when the gate answers by itself. */

/** No answer, a late answer, a malformed answer: the action does not run (house style 9). */
export function gateClosed(url: string, cause?: unknown): PullcordError {
  const text = `Pullcord's server at ${url} does not answer, so this may not run. Tell your human: start it with "pullcord start", then I can go on.`;
  return new PullcordError("unavailable", "gate_closed", text, { cause });
}

/** The server said something, and it is none of the answers there are. */
export function noAnswer(): PullcordError {
  const text =
    "Pullcord: the server's answer is none that this program knows, so this does not run. Tell your human: both may be of different versions.";
  return new PullcordError("unavailable", "gate_closed", text);
}

/** The live stream is given up: a stop in the middle of an action would not be heard, so the action ends now. */
export function stopNotHeard(url: string, cause: unknown): PullcordError {
  const why = cause instanceof Error ? ` (${cause.message})` : "";
  const text = `Pullcord: this program can no longer hear a stop from ${url}${why}, so what it was doing was ended. Tell your human: the run can be started again once "pullcord status" finds the server well.`;
  return new PullcordError("unavailable", "stop_not_heard", text, { cause });
}

/** The dead man's timer: nobody could stop this any more, so it stops by itself (oversight.server_silent). */
export function serverSilent(url: string, afterMs: number): PullcordError {
  const text = `Pullcord: nothing was heard from ${url} for ${Math.round(afterMs / 1_000)} s, so this run ended itself, as its policy says. Tell your human: start the server, then the run can be started again.`;
  return new PullcordError("unavailable", "server_silent", text);
}

export function killFilePresent(path: string): PullcordError {
  const text = `Pullcord: everything is stopped by the kill file ${path}. Do nothing more. Tell your human: "pullcord resume --offline" removes it when agents may work again.`;
  return new PullcordError("forbidden", "stopped", text);
}

export function runStopped(guidance = "Pullcord: a person stopped this run. Do nothing more and tell your human."): PullcordError {
  return new PullcordError("forbidden", "stopped", guidance);
}

export function denied(guidance: string): PullcordError {
  return new PullcordError("forbidden", "denied", guidance);
}

/** What the server decided about is not what would run here. */
export function digestMismatch(): PullcordError {
  const text =
    "Pullcord: the server's answer is about another action than this one, so it does not run. Tell your human that the gate's digests differ.";
  return new PullcordError("conflict", "digest_mismatch", text);
}
