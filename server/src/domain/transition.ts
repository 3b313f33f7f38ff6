import { PullcordError } from "@pullcord/sdk/protocol";

/** What comes of an event: the next state, or why there is none. */
export type Transition<State> = { readonly ok: State } | { readonly problem: PullcordError };

/** The next state, for a command that has nothing to do when there is none. @throws PullcordError `conflict` or `expired` */
export function nextOrThrow<State>(transition: Transition<State>): State {
  if ("problem" in transition) throw transition.problem;
  return transition.ok;
}

/** The answer to an event that the state does not take. `reason` is stable. */
export function conflict(reason: string, sentence: string): { readonly problem: PullcordError } {
  return { problem: new PullcordError("conflict", reason, sentence) };
}
