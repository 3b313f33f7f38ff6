import type { GateRun, HeldChange, JsonObject } from "@pullcord/sdk";
import type { Grade } from "../../processes/containment/grade.js";
import {
  askRun,
  effectOf,
  endRun,
  findMembers,
  freezeRun,
  isProven,
  thawRun,
  type EndOptions,
  type Ending,
} from "../../processes/end-run.js";
import { endingWords } from "../../processes/ending-words.js";
import { identify } from "../../processes/identity.js";
import { prepareRun } from "../../processes/prepare-run.js";
import type { RunTarget } from "../../processes/run-target.js";
import { runMarker } from "../../processes/said-target.js";
import type { Surroundings } from "../surroundings.js";
import { startCommand, type RunningCommand } from "./command.js";
import { Watchdog } from "./watchdog.js";

const endingSignals = ["SIGTERM", "SIGHUP"] as const;

export interface SupervisorParts {
  readonly run: GateRun;
  readonly grade: Grade;
  readonly surroundings: Surroundings;
  /** What the command finds in its environment beside ours. */
  readonly environment: Readonly<Record<string, string>>;
  /** How the server is reached when this process can't do it any more. */
  readonly access: { readonly url: string; readonly token: string };
  /** About what is going on; not the command's own output. */
  readonly say: (text: string) => void;
}

/** Keeps one command under control: stop, pause and resume reach every process it started. */
export class Supervisor {
  readonly #parts: SupervisorParts;
  #target: RunTarget;
  #presses = 0;
  #isPaused = false;
  #ending: Promise<Ending> | null = null;

  constructor(parts: SupervisorParts) {
    this.#parts = parts;
    this.#target = { marker: { name: runMarker, value: parts.run.id } };
    parts.run.onHeld = (change) => this.#hold(change);
  }

  /** Runs the approved command to its end, and ends what it leaves behind. @returns its exit status */
  async execute(approved: JsonObject): Promise<number> {
    const { surroundings } = this.#parts;
    const watchdog = new Watchdog(surroundings.environment);
    const stopListening = [surroundings.onInterrupt(() => this.#interrupt()), this.#listen()];
    try {
      const { ended } = await this.#start(approved, watchdog);
      const status = await ended;
      await (this.#ending ?? this.#endRest());
      return status;
    } finally {
      watchdog.dismiss();
      for (const stop of stopListening) stop();
    }
  }

  /** Waits for what a stop began. */
  async settled(): Promise<void> {
    await this.#ending;
  }

  async #start(approved: JsonObject, watchdog: Watchdog): Promise<RunningCommand> {
    const { run, grade, surroundings, environment, access } = this.#parts;
    const supervisor = identify(process.pid);
    const prepared = await prepareRun(run.id, grade);
    this.#target = prepared.target;
    watchdog.tell({ runId: run.id, target: this.#target, ...access });
    try {
      const command = await startCommand(approved, {
        name: run.id,
        grade,
        environment: { ...surroundings.environment, ...environment, ...prepared.environment },
        workingDirectory: surroundings.workingDirectory,
        surroundings,
        inherited: prepared.inherited,
        onLine: (text, stream) => run.log(text, stream),
      });
      const { pid, place } = command;
      const root = identify(pid);
      this.#target = { ...this.#target, place, ...(root && { root }) };
      watchdog.tell({ runId: run.id, target: this.#target, ...access });
      const { marker } = this.#target;
      const named = { pid, supervised: true, place, ...(marker && { marker }), ...(supervisor && { supervisor }) } as const;
      run.client.reportProcess(run.id, named).catch(() => {});
      return command;
    } finally {
      prepared.release();
    }
  }

  /** Whoever ends us, or closes the terminal, ends the command too; Ctrl+Z makes it stand still along with us. */
  #listen(): () => void {
    const onEnding = () => this.#end({}, null);
    const onSuspend = () => {
      freezeRun(this.#target);
      process.kill(process.pid, "SIGSTOP");
    };
    const onContinue = () => {
      if (!this.#isPaused) thawRun(this.#target);
    };
    for (const name of endingSignals) process.on(name, onEnding);
    process.on("SIGTSTP", onSuspend).on("SIGCONT", onContinue);
    return () => {
      for (const name of endingSignals) process.off(name, onEnding);
      process.off("SIGTSTP", onSuspend).off("SIGCONT", onContinue);
    };
  }

  /** Nothing goes on unwatched: what the command left running ends with it. */
  async #endRest(): Promise<void> {
    const left = findMembers(this.#target).length;
    const ending = await endRun(this.#target);
    if (left > 0 || ending.unknown > 0) this.#parts.say(`The command left processes behind: ${endingWords(ending)}`);
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
    askRun(this.#target);
  }

  #hold({ held, interventionId }: HeldChange): void {
    if (held === "stopped") {
      this.#parts.say("A person stopped this run.");
      return this.#end({}, interventionId);
    }
    this.#isPaused = held === "paused";
    if (this.#target.root === undefined) return;
    if (!this.#isPaused) {
      thawRun(this.#target);
      return this.#parts.say("A person resumed this run.");
    }
    const frozen = freezeRun(this.#target);
    const detail = `${frozen} processes stand still`;
    this.#parts.say(`A person paused this run: ${detail}.`);
    const { run } = this.#parts;
    if (interventionId !== null) run.client.reportEffect(interventionId, { runId: run.id, step: "frozen", detail }).catch(() => {});
  }

  #end(options: EndOptions, interventionId: string | null): void {
    const before = this.#ending;
    this.#ending = this.#endAfter(before, options);
    if (interventionId !== null) this.#ending = this.#reported(this.#ending, interventionId);
  }

  /** A stop is heard in more than one way: by the kill file and from the server, say. What is proven to be gone is not ended again. */
  async #endAfter(before: Promise<Ending> | null, options: EndOptions): Promise<Ending> {
    const earlier = await before;
    if (earlier !== null && isProven(earlier)) return earlier;
    const ending = await endRun(this.#target, options);
    this.#parts.say(endingWords(ending));
    return ending;
  }

  async #reported(ended: Promise<Ending>, interventionId: string): Promise<Ending> {
    const ending = await ended;
    const { run } = this.#parts;
    await run.client.reportEffect(interventionId, { runId: run.id, ...effectOf(ending) }).catch(() => {});
    return ending;
  }
}
