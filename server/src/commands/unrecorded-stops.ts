import type { Intervention, InterventionEffect, RunState } from "@pullcord/sdk/protocol";
import type { StoredRun } from "../store/runs.js";

type Listener = (stop: Intervention) => void;

/**
 * Stops that hold although the database cannot write (R10): in memory, for as long as this server runs, until the disk
 * is back and they are on record. Nothing can be allowed meanwhile, since no allow could be recorded either; this is
 * for what had been allowed before, and for what comes in the moment the disk is back.
 */
export class UnrecordedStops {
  readonly #stops = new Map<string, Intervention>();
  readonly #listeners = new Set<Listener>();

  hold(stop: Intervention): void {
    this.#stops.set(stop.id, stop);
    for (const listener of this.#listeners) listener(stop);
  }

  /** The state that holds for a run: stopped, or what is on record. */
  stateOf({ id, state }: Pick<StoredRun, "id" | "state">): RunState {
    const stop = state.status === "stopped" ? undefined : this.#of(id);
    return stop ? { status: "stopped", interventionId: stop.id, at: stop.at } : state;
  }

  find(id: string): Intervention | undefined {
    return this.#stops.get(id);
  }

  list(): readonly Intervention[] {
    return [...this.#stops.values()];
  }

  /** Adds a line to the receipt of a stop that is not on record. Gives false for any other. */
  report(id: string, effect: InterventionEffect): boolean {
    const stop = this.#stops.get(id);
    if (!stop?.runIds.includes(effect.runId)) return false;
    this.#stops.set(id, { ...stop, effects: [...stop.effects, effect] });
    return true;
  }

  /** It is on record now. */
  release(id: string): void {
    this.#stops.delete(id);
  }

  /** Calls `listener` with each stop at the moment it holds. Returns the way to stop. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #of(runId: string): Intervention | undefined {
    return this.list().find(({ runIds }) => runIds.includes(runId));
  }
}

/** What whoever runs the server is told. */
export function unrecordedSentence(id: string, runs: number): string {
  return `Stop ${id} of ${runs} runs holds and is NOT ON RECORD: the database cannot write. It holds as long as this server runs: free the disk before restarting it, or leave the kill file in place.`;
}
