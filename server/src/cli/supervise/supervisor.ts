import type { GateRun, HeldChange, JsonObject } from "@pullcord/sdk";
import { endProcesses, signalProcesses } from "../../processes/end-processes.js";
import { findProcesses, type ProcessTarget } from "../../processes/find-processes.js";
import type { Surroundings } from "../surroundings.js";
import { startCommand } from "./command.js";

/** The variable that every process of a run carries, and by which it is found. */
const runMarker = "PULLCORD_RUN_ID";

const endingSignals = ["SIGTERM", "SIGHUP"] as const;

export interface SupervisorParts {
  readonly run: GateRun;
  readonly surroundings: Surroundings;
  /** What the command finds in its environment beside ours. */
  readonly environment: Readonly<Record<string, string>>;
  /** About what is going on; not the command's own output. */
  readonly say: (text: string) => void;
}

/** Keeps one command under control: stop, pause and resume reach every process it started. */
export class Supervisor {
  readonly #parts: SupervisorParts;
  readonly #marker: { readonly name: string; readonly value: string };
  #pid: number | null = null;
  #presses = 0;
  #ending: Promise<void> | null = null;

  constructor(parts: SupervisorParts) {
    this.#parts = parts;
    this.#marker = { name: runMarker, value: parts.run.id };
    parts.run.onHeld = (change) => this.#hold(change);
  }

  /** Runs the approved command to its end. @returns its exit status */
  async execute(approved: JsonObject): Promise<number> {
    const { run, surroundings, environment } = this.#parts;
    const command = await startCommand(approved, {
      environment: { ...surroundings.environment, ...environment, [this.#marker.name]: this.#marker.value },
      workingDirectory: surroundings.workingDirectory,
      surroundings,
      onLine: (text, stream) => run.log(text, stream),
    });
    this.#pid = command.pid;
    run.client.reportProcess(run.id, { pid: command.pid, marker: this.#marker, supervised: true }).catch(() => {});
    const stopListening = surroundings.onInterrupt(() => this.#interrupt());
    // Whoever ends us, or closes the terminal, ends the command too: nothing goes on unwatched.
    const onEnding = () => this.#end({}, null);
    for (const name of endingSignals) process.on(name, onEnding);
    try {
      const status = await command.ended;
      await this.#ending;
      return status;
    } finally {
      stopListening();
      for (const name of endingSignals) process.off(name, onEnding);
    }
  }

  /** Waits for what a stop began. */
  async settled(): Promise<void> {
    await this.#ending;
  }

  /** What the command left running. */
  leftBehind(): number {
    return this.#pid === null ? 0 : findProcesses({ marker: this.#marker }).length;
  }

  #target(): ProcessTarget {
    return this.#pid === null ? { marker: this.#marker } : { pid: this.#pid, group: this.#pid, marker: this.#marker };
  }

  /** Ctrl+C: ask once, then end (E1). */
  #interrupt(): void {
    this.#presses += 1;
    if (this.#presses > 1) {
      this.#parts.say("Ending it by force.");
      this.#end({ graceMs: 0 }, null);
      return;
    }
    this.#parts.say("Asked it to stop. Ctrl+C again ends it by force.");
    signalProcesses(this.#target(), "SIGCONT");
    signalGroup(this.#pid, "SIGTERM");
  }

  #hold({ held, interventionId }: HeldChange): void {
    if (held === "stopped") {
      this.#parts.say("A person stopped this run.");
      return this.#end({}, interventionId);
    }
    if (this.#pid === null) return;
    const reached = signalProcesses(this.#target(), held === "paused" ? "SIGSTOP" : "SIGCONT");
    this.#parts.say(held === "paused" ? `A person paused this run: ${reached} processes stand still.` : "A person resumed this run.");
  }

  #end(options: { readonly graceMs?: number }, interventionId: string | null): void {
    const before = this.#ending ?? Promise.resolve();
    this.#ending = before.then(async () => {
      const { run, say } = this.#parts;
      const { ended, survivors, tookMs } = await endProcesses(this.#target(), options);
      say(survivors.length === 0 ? `${ended} processes ended in ${tookMs} ms, none left.` : `Could not end: ${survivors.join("; ")}`);
      if (interventionId === null) return;
      const step = survivors.length === 0 ? "ended" : "unproven";
      await run.client.reportEffect(interventionId, { runId: run.id, step, processesEnded: ended, survivors }).catch(() => {});
    });
  }
}

function signalGroup(pid: number | null, name: NodeJS.Signals): void {
  try {
    if (pid !== null) process.kill(-pid, name);
  } catch {
    // Gone already.
  }
}
