import { setTimeout as sleep } from "node:timers/promises";
import type { Surroundings } from "../surroundings.js";
import { beginHold, isOver, isSilent, nextHold, type HoldEvent, type HoldState } from "./hold-machine.js";
import { drainQuietMs, sampleEveryMs, type HoldTiming } from "./hold-timing.js";
import { announcement, holdLine, silenceLine } from "./hold-view.js";
import { askForKitty, enterKitty, KeyReader, leaveKitty } from "./keys.js";

const redrawEveryMs = 50;
/** Longest wait for a finger to leave the key. */
const longestLettingGoMs = 5_000;
const clearLine = "\r\u001B[2K";
const endingSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Told of the hold as it happens. If it fails, so does the hold. */
export interface Witness {
  /** Enter went down. Gives the length to hold, or null for the default. */
  begin(): Promise<number | null>;
  /** Still down. Called only once `begin` has answered. */
  sample(): Promise<void>;
  /** The whole hold was seen. Gives the one-time proof of it, or null where nobody keeps a record. */
  complete(): Promise<string | null>;
}

export interface TerminalHold {
  readonly surroundings: Pick<Surroundings, "stdin" | "stderr" | "environment">;
  readonly timing: HoldTiming;
  /** Said once when nobody presses a key. */
  readonly guidance: readonly string[];
  readonly witness: Witness;
}

export type HoldEnd = Extract<HoldState, { phase: "held" | "cancelled" | "refused" }>;

/** How a hold ended; the proof only with a full one. */
export interface HoldResult {
  readonly end: HoldEnd;
  readonly proof: string | null;
}

/**
 * Lets a person hold Enter on a terminal. The terminal is always given back as it was.
 * @throws whatever the witness throws
 */
export function holdOnTerminal(hold: TerminalHold): Promise<HoldResult> {
  return new Holding(hold).run();
}

class Holding {
  readonly #hold: TerminalHold;
  readonly #keys = new KeyReader();
  readonly #end = Promise.withResolvers<HoldEnd>();
  readonly #announces: boolean;
  #state: HoldState = beginHold(Date.now());
  #tellsRelease = false;
  #isWitnessed = false;
  #said = "";
  #saidSilence = false;
  #readAt = 0;

  constructor(hold: TerminalHold) {
    this.#hold = hold;
    this.#announces = hold.timing.announces || hold.surroundings.environment["TERM"] === "dumb";
  }

  async run(): Promise<HoldResult> {
    const { stdin, stderr } = this.#hold.surroundings;
    const onData = (chunk: Buffer) => this.#read(chunk);
    const onEnd = () => this.#end.resolve({ phase: "refused", reason: "silent", heldMs: 0 });
    const onSignal = () => this.#end.resolve({ phase: "cancelled" });
    const ticking = setInterval(() => this.#step({ kind: "tick" }), redrawEveryMs);
    const sampling = setInterval(() => this.#sample(), sampleEveryMs);
    try {
      stdin.setRawMode(true);
      stdin.on("data", onData).on("end", onEnd).resume();
      for (const name of endingSignals) process.on(name, onSignal);
      if (!this.#announces) stderr.write(askForKitty);
      this.#draw();
      const end = await this.#end.promise;
      const proof = end.phase === "held" ? await this.#hold.witness.complete() : null;
      if (end.phase !== "cancelled") await this.#untilQuiet();
      return { end, proof };
    } finally {
      clearInterval(ticking);
      clearInterval(sampling);
      for (const name of endingSignals) process.off(name, onSignal);
      if (this.#tellsRelease) stderr.write(leaveKitty);
      if (!this.#announces) stderr.write("\n");
      stdin.off("data", onData).off("end", onEnd).pause();
      stdin.setRawMode(false);
    }
  }

  /** What the key still types after the hold must reach neither the command that follows nor the shell. */
  async #untilQuiet(): Promise<void> {
    const giveUpAt = Date.now() + longestLettingGoMs;
    while (Date.now() - this.#readAt < drainQuietMs && Date.now() < giveUpAt) await sleep(redrawEveryMs);
  }

  #read(chunk: Buffer): void {
    this.#readAt = Date.now();
    for (const event of this.#keys.read(chunk)) {
      if (event.kind === "key") this.#step(event);
      if (event.kind !== "kitty" || this.#tellsRelease) continue;
      this.#tellsRelease = true;
      this.#hold.surroundings.stderr.write(enterKitty);
    }
  }

  #step(event: HoldEvent): void {
    const wasHolding = this.#isHolding();
    this.#state = nextHold(this.#state, event, { now: Date.now(), timing: this.#hold.timing, tellsRelease: this.#tellsRelease });
    this.#draw();
    if (!wasHolding && this.#isHolding()) this.#beginWitness();
    if (isOver(this.#state)) this.#end.resolve(this.#state);
  }

  #isHolding(): boolean {
    return this.#state.phase === "holding";
  }

  #beginWitness(): void {
    const begun = (holdMs: number | null) => {
      this.#isWitnessed = true;
      if (holdMs !== null) this.#step({ kind: "length", holdMs });
    };
    this.#hold.witness.begin().then(begun, this.#end.reject);
  }

  #sample(): void {
    if (this.#isHolding() && this.#isWitnessed) this.#hold.witness.sample().catch(this.#end.reject);
  }

  #draw(): void {
    const { surroundings, timing, guidance } = this.#hold;
    const now = Date.now();
    const text = this.#announces ? announcement(this.#state, now, timing) : holdLine(this.#state, now, timing);
    if (text !== this.#said) surroundings.stderr.write(this.#announces ? `${text}\n` : clearLine + text);
    this.#said = text;
    if (this.#saidSilence || !isSilent(this.#state, now)) return;
    this.#saidSilence = true;
    this.#said = "";
    surroundings.stderr.write(`${this.#announces ? "" : clearLine}${[silenceLine(), ...guidance].join("\n")}\n`);
  }
}
