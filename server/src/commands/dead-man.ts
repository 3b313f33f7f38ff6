import type { Intervene } from "@pullcord/sdk/protocol";
import { personSeenAt, savePersonSeen } from "../store/person-seen.js";
import { openRuns } from "../store/runs.js";
import type { Command } from "./context.js";
import { systemCaller, type Caller, type CommandRunner } from "./runner.js";
import { interveneRegardless } from "./stop-regardless.js";

/** How exactly it is known when a person was last seen, in milliseconds; more would only write more. */
const seenEveryMs = 15_000;

const deadMan: Caller = { actor: { kind: "system", id: "dead-man" }, principal: "system" };

/** A person is there. Not in the log: it says nothing about what they do. */
const notePerson: Command<void, void> = async ({ tx, now }) => {
  await savePersonSeen(tx, now);
};

/** Remembers that people are there, as seldom as will do. */
export class PersonWatch {
  readonly #runner: CommandRunner;
  #notedAt = -Infinity;

  constructor(runner: CommandRunner) {
    this.#runner = runner;
  }

  /** @throws PullcordError when the database can't keep it */
  async note(): Promise<void> {
    const { now } = this.#runner;
    if (now - this.#notedAt < seenEveryMs) return;
    this.#notedAt = now;
    await this.#runner.run(notePerson, undefined, systemCaller);
  }
}

/**
 * The dead man's timer: stops or pauses everything when no person has done anything for as long as the policy says, and
 * some run has been going on for as long as that. Whoever opens a run later has that time anew.
 */
export async function lookForPerson(runner: CommandRunner): Promise<void> {
  const { personSilent } = runner.outside.policy().oversight;
  if (!personSilent) return;
  const before = runner.now - personSilent.afterMs;
  const { read } = runner.store;
  const unwatched = (await openRuns(read)).some(
    (run) => runner.outside.unrecorded.stateOf(run).status === "running" && Math.max(run.openedAt, run.tally.authorisedAt ?? 0) <= before,
  );
  if (!unwatched || ((await personSeenAt(read)) ?? 0) > before) return;
  const minutes = Math.round(personSilent.afterMs / 60_000);
  const reason = `No person has done anything for ${minutes} min (oversight.person_silent).`;
  const input: Intervene = { kind: personSilent.act, scope: { kind: "everything" }, reason };
  await interveneRegardless(runner, input, deadMan);
}
