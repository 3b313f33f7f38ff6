import type { PersonClient } from "@pullcord/sdk";
import type { Witness } from "./terminal-hold.js";

/** The server counts from when it heard of the key, which is a little later: milliseconds. */
const serverIsLaterMs = 250;

/** A witness that keeps a record. */
export interface RecordingWitness extends Witness {
  /** Makes an attempt visible that was refused before it began (L15). */
  noteAttempt(): Promise<void>;
}

/** The server watches: it chooses the length, and gives the proof that an approval needs (L25). */
export function serverWitness(person: PersonClient, digest: string): RecordingWitness {
  let check: string | null = null;
  return {
    begin: async () => {
      const begun = await person.beginPresenceCheck(digest);
      check = begun.id;
      return begun.holdMs + serverIsLaterMs;
    },
    sample: async () => {
      if (check !== null) await person.samplePresence(check);
    },
    complete: async () => (check === null ? null : (await person.completePresence(check)).proof),
    noteAttempt: async () => void (await person.beginPresenceCheck(digest)),
  };
}

/** Passes everything on, and forgets whatever fails: a hold for a script works without a server. */
export function lenientWitness(witness: RecordingWitness | null): RecordingWitness {
  const orNothing = async <T>(made: Promise<T> | undefined): Promise<T | null> =>
    made === undefined ? null : await made.catch(() => null);
  return {
    begin: () => orNothing(witness?.begin()),
    sample: async () => void (await orNothing(witness?.sample())),
    complete: () => orNothing(witness?.complete()),
    noteAttempt: async () => void (await orNothing(witness?.noteAttempt())),
  };
}
