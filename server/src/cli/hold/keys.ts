/** A key as the hold cares about it. */
export type KeyEvent =
  | { readonly kind: "key"; readonly key: Key; readonly phase: KeyPhase }
  /** The terminal answered that it speaks the kitty keyboard protocol: releases will be told. */
  | { readonly kind: "kitty" }
  /** The terminal answered the question that every terminal answers: no kitty answer will follow. */
  | { readonly kind: "answered" };
export type Key = "enter" | "space" | "interrupt" | "other";
export type KeyPhase = "press" | "repeat" | "release";

/**
 * Kitty keyboard protocol (https://sw.kovidgoyal.net/kitty/keyboard-protocol/): ask for its flags, then for the device
 * attributes, so that a terminal without the protocol is told by its one answer.
 */
export const askForKitty = "\u001B[?u\u001B[c";
/** Flags 1 + 2 + 8: tell keys apart, say repeat and release, and do so for Enter and Space too. */
export const enterKitty = "\u001B[>11u";
export const leaveKitty = "\u001B[<u";

const controlC = 0x03;
const escape = 0x1b;
const interruptCode = 99;
const controlBit = 4;
/** An escape sequence longer than this is no key. */
const longestSequence = 32;
const phases: Readonly<Record<string, KeyPhase>> = { "1": "press", "2": "repeat", "3": "release" };

/** Reads keys from a terminal's bytes. Sequences may be split anywhere. */
export class KeyReader {
  #rest = "";

  read(chunk: Uint8Array): KeyEvent[] {
    let text = this.#rest + Buffer.from(chunk).toString("latin1");
    const events: KeyEvent[] = [];
    while (text !== "") {
      const taken = takeOne(text);
      if (taken === null) break;
      text = text.slice(taken.length);
      if (taken.event) events.push(taken.event);
    }
    this.#rest = text;
    return events;
  }
}

interface Taken {
  readonly length: number;
  readonly event: KeyEvent | null;
}

/** The first key of a text, or null while its sequence is not complete. */
function takeOne(text: string): Taken | null {
  if (text.charCodeAt(0) !== escape) return { length: 1, event: plainKey(text.charCodeAt(0)) };
  // A lone Escape, and one that some other key follows.
  if (text.length === 1 || text[1] !== "[") return { length: 1, event: pressed("other") };
  // ECMA-48, 5.4: parameters and intermediates, then one final byte.
  const sequence = /^\[([0-?]*)[ -/]*([@-~])/.exec(text.slice(1));
  if (!sequence) return text.length > longestSequence ? { length: 1, event: pressed("other") } : null;
  return { length: 1 + sequence[0].length, event: sequenceKey(sequence[1] ?? "", sequence[2] ?? "") };
}

function plainKey(code: number): KeyEvent {
  if (code === controlC) return pressed("interrupt");
  if (code === 0x0d || code === 0x0a) return pressed("enter");
  return pressed(code === 0x20 ? "space" : "other");
}

function sequenceKey(parameters: string, final: string): KeyEvent | null {
  if (final === "u" && parameters.startsWith("?")) return { kind: "kitty" };
  if (final === "c" && parameters.startsWith("?")) return { kind: "answered" };
  if (final !== "u") return pressed("other");
  const [codes = "", modifiers = ""] = parameters.split(";");
  const [bits = "1", phase = "1"] = modifiers.split(":");
  const code = Number(codes.split(":")[0]);
  return { kind: "key", key: kittyKey(code, Number(bits || "1") - 1), phase: phases[phase] ?? "press" };
}

function kittyKey(code: number, modifiers: number): Key {
  if (code === interruptCode && (modifiers & controlBit) !== 0) return "interrupt";
  // 57414 is Enter on the number pad.
  if (code === 13 || code === 57_414) return "enter";
  return code === 32 ? "space" : "other";
}

function pressed(key: Key): KeyEvent {
  return { kind: "key", key, phase: "press" };
}
